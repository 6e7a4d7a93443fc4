import { type Environment, FailureError, type Platform, type Tree, parsePlatform } from '@slipway/model';
import { compilerEnvironment } from '@slipway/catalog';
import type { CommandRunner, Memo } from '@slipway/adapters';
import { goSettings } from './environment.ts';
import { readConfig } from './config-file.ts';
import { configTree } from './config-tree.ts';
import { type Disk, realPath } from './disk.ts';
import { askScripts, looksLikeKubernetes } from './golang-sh/ask.ts';
import { scriptTree } from './golang-sh/tree.ts';
import { hostPlatform } from './machine.ts';
import { type AskedTree, readMakefiles } from './makefile/read-makefile.ts';
import { findReleaseFiles } from './release-files/found-files.ts';
import { readModules } from './modules.ts';
import { anyCode, type TreeCode } from './tree-code.ts';

/** The ports that reading a tree needs. */
export interface TreeServices {
  readonly environment: Environment;
  readonly runner: CommandRunner;
  readonly memo: Memo;
  readonly disk: Disk;
  /** Default: code of the tree may run. */
  readonly code?: TreeCode | undefined;
  readonly signal?: AbortSignal;
}

export interface TreeRequest {
  /** The result of findRoot. */
  readonly root: string;
  /**
   * The request's variables. Used: DBG, GOFLAGS, GOGCFLAGS, GOLDFLAGS, GO_VERSION, KUBE_BUILD_PLATFORMS,
   * KUBE_<OS>_<ARCH>_CC.
   */
  readonly variables: Environment;
  readonly services: TreeServices;
}

/**
 * Reads a tree from the first of three sources that exists: slipway.config.ts, hack/lib/golang.sh, conventions. Without
 * named sets, its Makefile tells what to build. Throws NO_TREE, BAD_CONFIG, BAD_SCRIPT, BAD_GO_MOD, BAD_VALUE or
 * TOOL_MISSING.
 */
export async function readTree(request: TreeRequest): Promise<Tree> {
  const settings = goSettings(request.services.disk, request.services.environment, request.variables);
  const tree = await readSources(request, settings);
  return { ...tree, platformEnvironments: withCgo(tree.platformEnvironments, settings) };
}

/** CGO_ENABLED=1 turns on cgo for every platform. Go alone would compile foreign code with the host's compiler. */
function withCgo(environments: Tree['platformEnvironments'], environment: Environment): Tree['platformEnvironments'] {
  if (environment['CGO_ENABLED'] !== '1' || environment['CC']) return environments;
  const filled = ([platform, known]: [string, Environment]): [string, Environment] => [
    platform,
    { ...compilerEnvironment(platform as Platform, hostPlatform(), {}), ...known },
  ];
  return Object.fromEntries(Object.entries(environments).map(filled));
}

async function readSources({ root: given, variables, services }: TreeRequest, settings: Environment): Promise<Tree> {
  const { disk } = services;
  const root = realPath(given);
  if (!disk.isDirectory(root)) throw new FailureError({ code: 'NO_TREE', dir: given });
  const host = hostPlatform();
  const code = services.code ?? anyCode;
  code.allowGit(root);
  const config = code.conventionsOnly ? undefined : await readConfig({ root, disk }, code);
  const modules = readModules({ root, disk }, settings);
  const configured = {
    root,
    disk,
    variables: { ...variables, ...only(settings, 'GOFLAGS'), ...only(settings, 'CGO_ENABLED') },
    modules,
    host,
    config,
  };
  const { goPackage } = modules;
  const ask = async (): Promise<AskedTree | undefined> =>
    goPackage === undefined || code.conventionsOnly || (config !== undefined && looksLikeKubernetes({ root, disk }))
      ? undefined
      : askedTree({ root, ...modules, goPackage, disk }, { root, host, ...services });
  if (config !== undefined)
    return configTree({ ...configured, asked: config.sets === undefined ? await ask() : undefined });
  const answer = code.conventionsOnly
    ? undefined
    : await askScripts({ root, host, platforms: askedPlatforms(variables), variables, ...services });
  if (answer !== undefined) return scriptTree({ root, disk, variables, modules, answer });
  if (modules.modules.length === 0 && !disk.isFile(`${root}/go.mod`) && !disk.isFile(`${root}/go.work`))
    throw new FailureError({ code: 'NO_TREE', dir: root });
  return configTree({ ...configured, asked: await ask() });
}

const only = (settings: Environment, name: string): Environment =>
  settings[name] === undefined ? {} : { [name]: settings[name] };

const askedPlatforms = (variables: Environment) =>
  (variables['KUBE_BUILD_PLATFORMS'] ?? '').split(/\s+/).flatMap((word) => parsePlatform(word) ?? []);

/** Files for other tools count before the Makefile. */
async function askedTree(...[tree, asking]: Parameters<typeof readMakefiles>): Promise<AskedTree | undefined> {
  const [asked, files] = [await readMakefiles(tree, asking), findReleaseFiles(tree)];
  if (files.length === 0) return asked;
  // Loads a YAML parser.
  const { readReleaseFiles } = await import('./release-files/read-release-files.ts');
  return readReleaseFiles(tree, asked, { files, code: asking.code ?? anyCode });
}
