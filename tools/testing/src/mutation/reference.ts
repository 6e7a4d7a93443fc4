import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment, Platform } from '@slipway/model';
import { cleanEnvironment } from '../slipway-process.ts';
import type { WatchedRepo } from '../watched-repo.ts';
import { modulePaths, type Program, type TreeModel, wordsDir } from './model.ts';
import { staticNames } from './render.ts';

/** What Go itself says of one program for one platform. */
export interface Fingerprint {
  /** Of every file it is made of, and of flags and variables. */
  readonly exact: string;
  /** The same, and all module files. */
  readonly withModules: string;
}

export interface ReferenceOptions {
  readonly tree: WatchedRepo;
  readonly platforms: readonly Platform[];
}

/**
 * Without debug information, which holds the name of Go's temporary directory when that lies in the tree: archives of the
 * tree's C code, and so build IDs, would differ from cache to cache.
 */
export const compilerSettings: Environment = { CGO_CFLAGS: '-O2' };

/** `linux/amd64 alpha` */
export const rootKey = (platform: string, { name }: Pick<Program, 'name'>): string => `${platform} ${name}`;

/** Plain Go on the same tree, with a cache and outputs of its own, knowing nothing of slipway. */
export class Reference {
  readonly #tree: WatchedRepo;
  readonly #platforms: readonly Platform[];
  readonly #env: Environment;
  #complaint = '';

  constructor({ tree, platforms }: ReferenceOptions) {
    this.#tree = tree;
    this.#platforms = platforms;
    const env = cleanEnvironment(tree.home);
    this.#env = { ...env, GOCACHE: `${env['GOCACHE']}-reference` };
  }

  /** Where Go wrote each program, by `rootKey`; undefined when it cannot build all. */
  async build(model: TreeModel, variables: Environment): Promise<Map<string, string> | undefined> {
    const outputs = new Map<string, string>();
    const flags = this.#flags(variables);
    for (const platform of this.#platforms) {
      for (const group of groupsOf(model)) {
        // Binaries stay where Go wrote them, so that it links only what is stale.
        const directory = join(this.#tree.base, 'reference', platform, createHash('sha256').update(JSON.stringify([flags, variables])).digest('hex').slice(0, 8));
        const test = group[0]!.kind === 'test';
        const argv = [...(test ? ['test', '-c'] : ['build']), ...flags, '-o', test ? join(directory, group[0]!.name) : `${directory}/`, ...group.map(({ dir }) => `./${dir}`)];
        if ((await this.#go(argv, { platform, variables, group })) === undefined) return undefined;
        const ending = platform.startsWith('windows/') && !test ? '.exe' : '';
        for (const one of group) outputs.set(rootKey(platform, one), join(directory, one.name + ending));
      }
    }
    return outputs;
  }

  /** What each program is made of, by a fresh `go list -deps`; undefined when Go cannot say. */
  async list(model: TreeModel, variables: Environment): Promise<Map<string, Fingerprint> | undefined> {
    const result = new Map<string, Fingerprint>();
    const flags = this.#flags(variables);
    const moduleFiles = ['go.mod', 'go.work', `${wordsDir}/go.mod`].map((path) => this.#hash(this.#tree.path(path)));
    for (const platform of this.#platforms) {
      for (const group of groupsOf(model)) {
        const text = await this.#go(['list', '-deps', '-test', '-json', ...group.map(({ dir }) => `./${dir}`)], { platform, variables, group });
        if (text === undefined) return undefined;
        const packages = new Map((JSON.parse(`[${text.trimEnd().replaceAll('\n}\n{', '\n},{')}]`) as Listed[]).map((one) => [one.ImportPath, one]));
        for (const one of group) {
          const root = `${modulePaths.tree}/${one.dir}${one.kind === 'test' ? '.test' : ''}`;
          const closure = [root, ...(packages.get(root)?.Deps ?? [])].map((path) => this.#describe(packages.get(path)));
          const exact = digestOf([platform, flags, variables, closure]);
          result.set(rootKey(platform, one), { exact, withModules: digestOf([exact, moduleFiles]) });
        }
      }
    }
    return result;
  }

  /** What Go said last where it did not succeed. */
  get complaint(): string {
    return this.#complaint;
  }

  /** As the documentation of profile dev says them. */
  #flags(variables: Environment): string[] {
    const debug = variables['DBG'] === '1';
    const tag = this.#tree.git('describe', '--tags', '--match=v*', '--abbrev=0');
    const link = [`-X '${modulePaths.tree}/pkg/version.gitVersion=${tag}-dev'`, variables['GOLDFLAGS'] ?? '', debug ? '' : '-s -w'];
    return ['-trimpath', '-buildvcs=false', ...(debug ? ['-gcflags=all=-N -l'] : []), `-ldflags=${link.filter((word) => word !== '').join(' ')}`];
  }

  #go(argv: readonly string[], { platform, variables, group }: { platform: Platform; variables: Environment; group: readonly Program[] }): Promise<string | undefined> {
    const [GOOS = '', GOARCH = ''] = platform.split('/');
    const env = { ...this.#env, ...compilerSettings, ...variables, GOOS, GOARCH, GOTOOLCHAIN: 'local', ...(isStatic(group[0]!) ? { CGO_ENABLED: '0' } : {}) };
    return new Promise((done) => execFile('go', argv, { cwd: this.#tree.dir, env, maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
      if (error !== null) this.#complaint = `${argv.join(' ')}\n${stderr}`;
      done(error === null ? stdout : undefined);
    }));
  }

  #describe(one: Listed | undefined): unknown {
    if (one === undefined || one.Standard === true || one.ImportPath.endsWith('.test')) return one?.ImportPath;
    const files = fileFields.flatMap((field) => one[field] ?? []);
    return [one.ImportPath, one.Module?.GoVersion, files.map((name) => [name, this.#hash(join(one.Dir, name))])];
  }

  #hash(path: string): string {
    try {
      return createHash('sha256').update(readFileSync(path)).digest('hex');
    } catch {
      return 'absent';
    }
  }
}

const fileFields = ['GoFiles', 'CgoFiles', 'CFiles', 'HFiles', 'EmbedFiles'] as const;

interface Listed extends Partial<Record<(typeof fileFields)[number], readonly string[]>> {
  readonly ImportPath: string;
  readonly Dir: string;
  readonly Standard?: boolean;
  readonly Deps?: readonly string[];
  readonly Module?: { readonly GoVersion?: string };
}

const isStatic = ({ name }: Program): boolean => staticNames.includes(name);

/** Programs that one call of Go may build. */
const groupsOf = ({ programs }: TreeModel): Program[][] => [
  programs.filter((one) => one.kind === 'command' && isStatic(one)),
  programs.filter((one) => one.kind === 'command' && !isStatic(one)),
  programs.filter((one) => one.kind === 'test'),
];

const digestOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');
