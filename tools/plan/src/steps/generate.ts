import { dirname, join } from 'node:path/posix';
import type {
  Environment,
  Facts,
  GenerateStep,
  GenerationFacts,
  GeneratorFacts,
  RemoveStep,
  Step,
  StepId,
} from '@slipway/model';
import { absolute, fakeGopathDir, goBinDir, scratchDir } from '../names.ts';
import type { Planning } from '../planning.ts';
import { type GeneratorCall, SCRATCH, generatorCalls, moduleCalls } from './generator-calls.ts';
import { goBuildStep } from './go-build.ts';
import type { GoBuildGroup } from './go-group.ts';
import { ignoreStep } from './ignore.ts';
import { withAction } from '../file-action.ts';
import { GOPATH_LINK, gopathLinkStep } from './links.ts';

/** Builds the generators and runs each once, for all packages that ask. */
export function generateSteps(planning: Planning, generation: GenerationFacts): Step[] {
  const { facts } = planning;
  const active = generation.generators.filter((each) => callsOf(each, facts, generation).length > 0);
  const linked = facts.tree.moduleMode === 'gopath' && facts.tree.fakeGopath;
  const tools = toolSteps(active, planning).map((step) => ({ ...step, needs: linked ? [GOPATH_LINK] : [] }));
  const obsolete = generation.generators.flatMap((each) => each.obsolete);
  return [
    ignoreStep(planning),
    ...(linked ? [gopathLinkStep(planning)] : []),
    ...(obsolete.length === 0 ? [] : [obsoleteStep(obsolete)]),
    ...tools,
    ...active.flatMap((each) =>
      callsOf(each, facts, generation).map((call) => generateStep(each, call, { ...planning, generation })),
    ),
  ];
}

const callsOf = (
  generator: GeneratorFacts,
  { tree }: Facts,
  { dialect, embeddings }: GenerationFacts,
): GeneratorCall[] => (dialect === 'gengo' ? generatorCalls(generator, { tree, embeddings }) : moduleCalls(generator));

/**
 * The generators are never stamped. With a stamp, each commit would change them, and they would generate everything
 * again.
 */
function toolSteps(active: readonly GeneratorFacts[], planning: Planning): Step[] {
  const { facts } = planning;
  const byModule = Map.groupBy(active, ({ tool }) => tool.moduleDir);
  return [...byModule].map(([moduleDir, generators]) => {
    const group: GoBuildGroup = {
      platform: facts.machine.platform,
      linkage: 'static',
      commands: generators.map(({ tool }) => tool),
      moduleDir,
      compileOnly: false,
      cover: false,
    };
    return goBuildStep(group, toolStepId(moduleDir), { ...planning, profile: 'dev', stamps: '', goFlags: [] });
  });
}

const toolStepId = (moduleDir: string): StepId => `generators:${moduleDir}` as StepId;

function generateStep(
  generator: GeneratorFacts,
  call: GeneratorCall,
  planning: Planning & { generation: GenerationFacts },
): GenerateStep {
  const { facts, names, generation, variables } = planning;
  const { root } = facts.tree;
  const id = ['generate', generator.name, ...(call.of === '' ? [] : [call.of])].join(':') as StepId;
  const scratch = scratchDir(names, id);
  const tool = join(goBinDir(names, facts.machine.platform, facts.machine.platform), generator.tool.name);
  const inModules = generation.dialect === 'gengo/v2';
  const copies = inModules ? [...generation.moduleFiles, ...generator.inputs] : [];
  const accepts = variables['UPDATE_API_KNOWN_VIOLATIONS'] === 'true' && call.equal !== undefined;
  const report = accepts ? [{ from: join(scratch, call.equal.made), to: call.equal.known }] : [];
  const files = [...call.files.map(({ from, to }) => ({ from: join(scratch, from), to })), ...report];
  const gofmt = call.formats ? join(facts.toolchain.goroot, 'bin/gofmt') : undefined;
  const step: GenerateStep = {
    kind: 'generate',
    id,
    title: titleOf(generator, call),
    needs: [toolStepId(generator.tool.moduleDir)],
    after: [],
    outputs: files.map(({ to }) => to),
    pool: 'go',
    argv: [absolute(root, tool), ...call.args.map((word) => word.replaceAll(SCRATCH, absolute(root, scratch)))],
    cwd: inModules ? absolute(root, scratch) : directoryOf(generator, planning),
    env: environmentOf(planning, inModules),
    unset: ['GOBIN', 'GOFLAGS', 'GOWORK'],
    scratch,
    copies,
    files,
    equal:
      call.equal === undefined || accepts
        ? []
        : [{ made: join(scratch, call.equal.made), known: call.equal.known, hint: ACCEPT }],
    gofmt,
  };
  return withAction(step, {
    inputs: [
      tool,
      ...new Set(
        [...call.inputs, ...generator.inputs, ...copies].filter(
          (path) => accepts === false || path !== call.equal?.known,
        ),
      ),
    ],
    settings: { arguments: call.args.join('\n'), go: facts.toolchain.version },
  });
}

const ACCEPT = 'correct the types, or accept the difference: slipway generated_files UPDATE_API_KNOWN_VIOLATIONS=true';

/** go-bindata writes its directory arguments into its output, so it runs at the root. The others run in the GOPATH. */
function directoryOf({ name }: GeneratorFacts, { facts, names }: Planning): string {
  return absolute(facts.tree.root, name === 'bindata' ? '.' : fakeGopathDir(names, facts.tree.goPackage));
}

/** Generators call the Go on PATH, or read the sources in GOROOT. */
function environmentOf({ facts, names }: Planning, inModules: boolean): Environment {
  const { toolchain, environment, tree } = facts;
  const path = [dirname(toolchain.command), ...(environment['PATH'] ? [environment['PATH']] : [])].join(':');
  return {
    PATH: path,
    GOROOT: toolchain.goroot,
    GOTOOLCHAIN: 'local',
    ...(inModules ? {} : { GOPATH: absolute(tree.root, names.gopath), GO111MODULE: 'off' }),
  };
}

function titleOf({ name, packages }: GeneratorFacts, { of }: GeneratorCall): string {
  if (of !== '') return `generate ${name} ${of}`;
  return `generate ${name} for ${packages.length === 1 ? packages[0]!.dir : `${packages.length} packages`}`;
}

const obsoleteStep = (paths: readonly string[]): RemoveStep => ({
  kind: 'remove',
  id: 'remove:generated' as StepId,
  title: `remove ${paths.length === 1 ? paths[0]! : `${paths.length} generated files`} no package asks for`,
  needs: [],
  after: [],
  outputs: [],
  pool: 'io',
  paths,
});
