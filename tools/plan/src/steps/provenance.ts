import { basename, join } from 'node:path/posix';
import {
  type SbomStep,
  type Material,
  type ProvenanceStep,
  type Shipping,
  type Step,
  type StepId,
  closureInput,
  goBuildOf,
  printableJson,
} from '@slipway/model';
import { withAction } from '../file-action.ts';
import type { Planning } from '../planning.ts';
import { publishedSource } from './image-annotations.ts';
import { type Packaging, baseLayout, sumFiles } from './package.ts';

/** The subjects of a provenance. */
export interface Provenanced {
  readonly files: readonly string[];
  readonly binaries: SbomStep['binaries'];
  readonly shipping: Shipping;
  readonly images: ProvenanceStep['images'];
}

/** SLSA 1.0: the request, the commit, and the tools. https://slsa.dev/spec/v1.0/provenance */
export function provenanceStep(
  { files, binaries, shipping, images }: Provenanced,
  packaging: Packaging,
): ProvenanceStep {
  const { planning } = packaging;
  const { facts, names, profile, variables, gitVersion } = planning;
  const to = join(names.releaseTars, 'provenance.json');
  const { commit, clean } = facts.git;
  const platforms = [...new Set(binaries.map(({ platform }) => platform))].sort();
  // Published text must not contain passwords.
  const source = publishedSource(planning);
  const predicate = printableJson({
    buildDefinition: {
      buildType: 'https://slipway.example/release/v2',
      externalParameters: { profile, platforms, variables: withoutPlaces(variables) },
      internalParameters: { version: gitVersion, time: packaging.time, compressor: packaging.compressor },
      resolvedDependencies: [
        ...(commit === undefined
          ? []
          : [
              {
                ...{
                  name: 'source',
                  ...(source === undefined ? {} : { uri: `git+${source.replace(/^git:/, 'https:')}` }),
                },
                ...{ digest: { gitCommit: commit }, annotations: { clean: clean === true } },
              },
            ]),
        { name: 'go', annotations: { version: facts.toolchain.version } },
      ],
    },
    runDetails: { builder: { id: variables['SLIPWAY_BUILDER_ID'] || 'https://slipway.example/slipway' } },
  });
  return withActions({
    ...{ needs: [], after: [], pool: 'io', kind: 'provenance', id: 'provenance' as StepId },
    ...{ title: `write ${to}`, outputs: [to], files, to, predicate },
    materials: [...sourceArchive(shipping, planning), ...bases(shipping, planning)],
    predicateType: 'https://slsa.dev/provenance/v1',
    go: facts.toolchain,
    images,
    binaries: binaries.map(({ file }) => file),
    sums: sumFiles(facts),
  });
}

/** Adds the materials of the binaries to a provenance: the same list of files that their keys use. */
export function nameMaterials(steps: readonly Step[]): Step[] {
  const named = steps
    .flatMap((step) => (step.actions ?? []).filter((action) => closureInput(action) !== undefined))
    .flatMap(({ inputs }) =>
      inputs.flatMap((input): Material[] => (input.kind === 'named' ? [{ name: input.name, file: input.path }] : [])),
    );
  // C compilers are identified by the steps that call them, and those of a container by its image.
  const compilers = steps.flatMap((step): Material[] => {
    const build = step.kind === 'exec' && step.place === 'host' ? goBuildOf(step) : undefined;
    return [build?.compiler, build?.compiler && build.cxxCompiler].flatMap((file, index) =>
      file ? [{ name: `${index === 0 ? 'C' : 'C++'} compiler ${basename(file)}`, file }] : [],
    );
  });
  const inOrder = (materials: readonly Material[]): Material[] =>
    [...new Map(materials.map((each) => [`${each.name} ${each.file}`, each])).values()].sort((a, b) =>
      a.name < b.name ? -1 : 1,
    );
  const more = [...inOrder(named), ...inOrder(compilers)];
  return steps.map((step) =>
    step.kind === 'provenance' ? withActions({ ...step, materials: [...step.materials, ...more] }) : step,
  );
}

function withActions(step: ProvenanceStep): ProvenanceStep {
  const { files, binaries, materials, predicate, images } = step;
  const archives = images.flatMap((index) => index.images.map(({ archive }) => archive));
  const inputs = [...new Set([...files, ...binaries, ...archives, ...materials.map(({ file }) => file)])];
  const settings = {
    predicate,
    materials: materials.map(({ name }) => name).join('\n'),
    images: JSON.stringify(images),
  };
  return withAction(step, { inputs, settings });
}

/** The archive of the source, even if it is not a commit. */
const sourceArchive = ({ tarballs }: Shipping, { names }: Planning): Material[] =>
  tarballs
    .filter(({ name }) => /-src\.tar\.\w+$/.test(name))
    .map(({ name }) => ({ name: 'source archive', file: join(names.releaseTars, name) }));

function bases({ images }: Shipping, { names }: Planning): Material[] {
  const layouts = [...new Set(images.map(({ base }) => base))].sort().flatMap((image) => {
    const layout = baseLayout(image, names);
    return layout === undefined ? [] : [{ image, layout }];
  });
  return layouts.map(({ image, layout }) => ({ name: `base image ${image}`, file: join(layout, 'index.json') }));
}

/**
 * Removes variables that change no byte and may be private: where somebody built, in which engine, with how much
 * memory, how verbose. Platforms are recorded separately. An empty variable counts as not set, as in make.
 */
const withoutPlaces = (variables: Planning['variables']): Planning['variables'] =>
  Object.fromEntries(Object.entries(variables).filter(([name, value]) => value !== '' && !UNSAID.has(name)));

const UNSAID = new Set([
  ...['OUT_DIR', 'KUBE_VERBOSE', 'KUBE_PARALLEL_BUILD_MEMORY', 'KUBE_RELEASE_RUN_TESTS'],
  ...['KUBE_BUILD_PLATFORMS', 'KUBE_FASTBUILD', 'KUBE_BUILDER_OS', 'SLIPWAY_SOURCE', 'SLIPWAY_BUILDER_ID'],
  ...['DOCKER_HOST', 'DOCKER_CONTEXT', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH', 'DOCKER_CGROUP_PARENT'],
]);
