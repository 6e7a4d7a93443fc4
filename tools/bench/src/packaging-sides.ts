import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { hostPlatform } from '@slipway/facts';
import type { Environment } from '@slipway/model';
import { IGNORE_TEXT } from '@slipway/plan';
import { measure } from './measure.ts';
import { byHandPackaging } from './packaging-by-hand.ts';
import { type Side, type Starting, emptied, emptyCaches, places, readPlan, slipwayCall } from './sides.ts';

export interface PackagingSides {
  readonly slipway: Side;
  readonly byHand: Side;
  /** The other side, for readers. */
  readonly against: string;
}

const SLIPWAY = 'slipway-packaging';
const BY_HAND = 'by-hand-packaging';
const platform = `KUBE_BUILD_PLATFORMS=${hostPlatform()}`;
const words = ['package-tarballs', '--without-docker', platform];

/** Images have no base, because the registries of Kubernetes' scripts may be out of reach. */
const withoutBases: Environment = { KUBE_GORUNNER_IMAGE: 'scratch', KUBE_PROXY_BASE_IMAGE: 'scratch' };

/**
 * Both sides package the same binaries of this platform from nothing. One is slipway. The other is the tree's own
 * scripts, or a shell script for a tree without them.
 */
export async function packagingSides(of: Starting): Promise<PackagingSides> {
  const starting = { ...of, environment: { ...of.environment, ...withoutBases } };
  const [{ output: ours }, { output: theirs }] = [places(starting, SLIPWAY), places(starting, BY_HAND)];
  const binaries = await binariesFor(starting);
  for (const place of [join(ours, 'local/bin'), join(theirs, 'local/bin'), join(theirs, 'dockerized/bin')]) {
    mkdirSync(dirname(place), { recursive: true });
    symlinkSync(binaries, place);
  }
  // Slipway recognizes its output directories by this file.
  for (const output of [ours, theirs]) writeFileSync(join(output, '.gitignore'), IGNORE_TEXT);
  const scripted = existsSync(join(starting.tree, 'build/lib/release.sh'));
  const script = starting.workspace.path('packaging.sh');
  const stages = join(theirs, 'release-stage/by-hand');
  writeFileSync(script, scripted ? ownPackaging : byHandPackaging(await readPlan(starting, BY_HAND, words), stages));
  return {
    slipway: {
      name: 'slipway',
      output: ours,
      build: slipwayCall(starting, SLIPWAY, words),
      empty: () => {
        forgetPackaging(ours);
        emptyCaches(starting);
      },
    },
    byHand: {
      name: 'byHand',
      output: theirs,
      build: {
        argv: ['bash', script],
        cwd: starting.tree,
        env: {
          ...starting.environment,
          OUT_DIR: relative(starting.tree, theirs),
          KUBE_BUILD_PLATFORMS: hostPlatform(),
        },
      },
      empty: () => forgetPackaging(theirs),
    },
    against: scripted ? "the tree's own scripts" : 'cp, tar and gzip',
  };
}

/** Keeps the binaries. */
const forgetPackaging = (output: string): void =>
  emptied(['release-stage', 'release-tars', 'release-images', 'local/.slipway'].map((name) => join(output, name)));

/** Tarballs that only one of the sides made. */
export function differingTarballs({ slipway, byHand }: PackagingSides): string[] {
  const [ours, theirs] = [slipway, byHand].map(({ output }) =>
    readdirSync(join(output, 'release-tars')).filter((name) => name.endsWith('.tar.gz')),
  ) as [string[], string[]];
  return [...new Set(ours).symmetricDifference(new Set(theirs))];
}

/** The binaries in the tree's output, or else those that slipway builds now. */
async function binariesFor(starting: Starting): Promise<string> {
  const built = ['dockerized/bin', 'local/bin']
    .map((place) => join(starting.tree, '_output', place))
    .find((place) => existsSync(join(place, hostPlatform())));
  if (built !== undefined) return built;
  const { directory, signal } = starting.workspace;
  await measure(slipwayCall(starting, 'built-for-packaging', ['cross', platform]), { directory, signal });
  return join(places(starting, 'built-for-packaging').output, 'local/bin');
}

/** `kube::release::package_tarballs` unchanged, except that an image is a tar of its files. An engine would do more. */
const ownPackaging = `
source build/common.sh
source build/lib/release.sh
docker() {
  local engine=$LOCAL_OUTPUT_ROOT/release-stage/engine context=\${@: -1} tag= before= word
  case $1 in
    buildx)
      for word in "$@"; do
        if [[ $before == -t ]]; then tag=$word; fi
        before=$word
      done
      mkdir -p "$engine"
      tar cf "$engine/\${tag//\\//_}" -C "$context" --exclude build.log .
      ;;
    save)
      if [[ $2 == -o ]]; then cp "$engine/\${4//\\//_}" "$3"
      else cat "$engine/\${2//\\//_}"; fi
      ;;
  esac
}
kube::util::ensure-docker-buildx() { :; }
umask 022
kube::build::ensure_tar
kube::version::get_version_vars
kube::release::package_tarballs
`;
