import type { Packing } from '@slipway/catalog';
import type { Failure } from '@slipway/model';
import type { Planning } from '../planning.ts';

/** Refuses a target that makes only images if there are none, and a push without a registry. */
export function refusedImages(
  scope: Exclude<Packing, 'everything'>,
  count: number,
  { variables }: Planning,
): Failure[] {
  const failures: Failure[] = [];
  if (scope === 'pushed images' && !variables['KUBE_DOCKER_REGISTRY'])
    failures.push({
      code: 'BAD_USAGE',
      fact: 'push-images needs a registry',
      hint: 'slipway push-images KUBE_DOCKER_REGISTRY=registry.example/path',
    });
  if (count === 0)
    failures.push({
      code: 'UNSUPPORTED_TREE',
      fact: 'no selected command has an image',
      hint: 'list images under release in slipway.config.ts, and one of their linux platforms in KUBE_BUILD_PLATFORMS',
    });
  return failures;
}
