import { expect, test } from 'vitest';
import { misspelled } from './misspelled.ts';

test('slipway warns about an environment variable that is spelled almost like one of its own, and about no other', () => {
  const names = [
    'KUBE_BUILD_PLATFORM',
    'SLIPWAY_COMPRESION',
    'KUBE_GIT_VERSION',
    'KUBECONFIG',
    'KUBE_CONFIG',
    'KUBE_ROOT',
  ];
  expect(misspelled(Object.fromEntries(names.map((name) => [name, 'x'])))).toEqual([
    'note      nothing reads KUBE_BUILD_PLATFORM of your environment; did you mean KUBE_BUILD_PLATFORMS?',
    'note      nothing reads SLIPWAY_COMPRESION of your environment; did you mean SLIPWAY_COMPRESSION?',
  ]);
});
