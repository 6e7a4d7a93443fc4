import { join } from 'node:path/posix';
import {
  type BillStep,
  type Material,
  type ProvenanceStep,
  type Shipping,
  type Step,
  type StepId,
  printableJson,
} from '@slipway/model';
import type { Planning } from '../planning.ts';
import { type Packaging, baseLayout } from './package.ts';

/** What a provenance is about. */
export interface Provenanced {
  readonly files: readonly string[];
  readonly binaries: BillStep['binaries'];
  readonly shipping: Shipping;
}

/** SLSA 1.0: what was asked for, of which commit, with which tools. https://slsa.dev/spec/v1.0/provenance */
export function provenanceStep({ files, binaries, shipping }: Provenanced, packaging: Packaging): ProvenanceStep {
  const { planning } = packaging;
  const { facts, names, profile, variables, gitVersion } = planning;
  const to = join(names.releaseTars, 'provenance.json');
  const { commit, clean } = facts.git;
  const platforms = [...new Set(binaries.map(({ platform }) => platform))].sort();
  // What is published has no passwords.
  const predicate = printableJson({
    buildDefinition: {
      buildType: 'https://slipway.example/release/v1',
      externalParameters: { profile, platforms, variables: withoutPlaces(variables) },
      internalParameters: { version: gitVersion, time: packaging.time, compressor: packaging.compressor },
      resolvedDependencies: [
        ...(commit === undefined
          ? []
          : [{ name: 'source', digest: { gitCommit: commit }, annotations: { clean: clean === true } }]),
        { name: 'go', annotations: { version: facts.toolchain.version } },
      ],
    },
    runDetails: { builder: { id: 'https://slipway.example/slipway' } },
  });
  const materials = [
    ...sourceArchive(shipping, planning),
    ...toolchain(planning),
    ...moduleFiles(planning),
    ...bases(shipping, planning),
  ];
  return withMaterials(
    {
      ...{ needs: [], after: [], pool: 'io', kind: 'provenance', id: 'provenance' as StepId },
      ...{ title: `write ${to}`, outputs: [to], files, to, materials: [], predicate },
      predicateType: 'https://slsa.dev/provenance/v1',
      binaries: binaries.map(({ file }) => file),
      sums: moduleFiles(planning).flatMap(({ file }) => (file.endsWith('.sum') ? [file] : [])),
      makes: { inputs: [...files, ...binaries.map(({ file }) => file)], settings: { predicate }, stored: false },
    },
    materials,
  );
}

/** C compilers are known by who calls them. */
export function nameCompilers(steps: readonly Step[]): Step[] {
  const compilers = steps.flatMap((step): Material[] => {
    const compiler = step.kind === 'exec' && step.go?.cgo === true ? step.go.compiler : undefined;
    return compiler === undefined
      ? []
      : [{ name: `C compiler ${compiler.slice(compiler.lastIndexOf('/') + 1)}`, file: compiler }];
  });
  const once = [...new Map(compilers.map((each) => [each.file, each])).values()].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  );
  return steps.map((step) => (step.kind === 'provenance' ? withMaterials(step, once) : step));
}

function withMaterials(step: ProvenanceStep, more: readonly Material[]): ProvenanceStep {
  const { inputs, settings, stored } = step.makes!;
  const materials = [...step.materials, ...more];
  return {
    ...step,
    materials,
    makes: {
      inputs: [...new Set([...inputs, ...more.map(({ file }) => file)])],
      settings: { ...settings, materials: materials.map(({ name }) => name).join('\n') },
      stored,
    },
  };
}

/** The source as it was, where it is no commit, too. */
const sourceArchive = ({ tarballs }: Shipping, { names }: Planning): Material[] =>
  tarballs
    .filter(({ name }) => /-src\.tar\.\w+$/.test(name))
    .map(({ name }) => ({ name: 'source archive', file: join(names.releaseTars, name) }));

/** The three programs that make the bytes of a Go binary. */
const toolchain = ({ facts: { toolchain: go, machine } }: Planning): Material[] =>
  ['bin/go', ...['compile', 'link'].map((tool) => `pkg/tool/${machine.platform.replace('/', '_')}/${tool}`)].map(
    (path) => ({ name: `go/${path}`, file: join(go.goroot, path) }),
  );

const moduleFiles = ({ facts: { tree } }: Planning): Material[] => {
  const inTree = tree.modules.flatMap(({ dir }) => ['go.mod', 'go.sum'].map((name) => join(dir, name)));
  const work =
    tree.workFile === undefined ? [] : ['', '.sum'].map((end) => [`go.work${end}`, `${tree.workFile}${end}`]);
  const files = [...[...inTree, 'vendor/modules.txt'].map((file) => [file, file]), ...work];
  return files.map(([name, file]) => ({ name: name!, file: file! }));
};

function bases({ images }: Shipping, { names }: Planning): Material[] {
  const layouts = [...new Set(images.map(({ base }) => base))].sort().flatMap((image) => {
    const layout = baseLayout(image, names);
    return layout === undefined ? [] : [{ image, layout }];
  });
  return layouts.map(({ image, layout }) => ({ name: `base image ${image}`, file: join(layout, 'index.json') }));
}

/**
 * Where somebody built, in which engine, with how much memory and how many words, is nobody's business and changes no byte;
 * platforms are said by themselves, whatever named them.
 */
const withoutPlaces = (variables: Planning['variables']): Planning['variables'] =>
  Object.fromEntries(Object.entries(variables).filter(([name]) => !UNSAID.has(name)));

const UNSAID = new Set([
  ...['OUT_DIR', 'KUBE_VERBOSE', 'KUBE_PARALLEL_BUILD_MEMORY', 'KUBE_RELEASE_RUN_TESTS'],
  ...['KUBE_BUILD_PLATFORMS', 'KUBE_FASTBUILD', 'KUBE_BUILDER_OS'],
  ...['DOCKER_HOST', 'DOCKER_CONTEXT', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH', 'DOCKER_CGROUP_PARENT'],
]);
