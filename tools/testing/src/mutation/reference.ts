import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostPlatform } from '@slipway/facts';
import type { Environment, Platform } from '@slipway/model';
import { cleanEnvironment } from '../slipway-process.ts';
import type { WatchedRepo } from '../watched-repo.ts';
import { type Program, type TreeModel, modulePaths, wordsDir } from './model.ts';
import { staticNames } from './render.ts';

/** Go's own answer about one program for one platform. */
export interface Fingerprint {
  /** Of every file it is made of, and of flags and variables. */
  readonly exact: string;
  /** The same, and all module files. */
  readonly withModules: string;
}

/**
 * Without debug information, which holds the name of Go's temporary directory when that lies in the tree: archives of the
 * tree's C code, and so build IDs, would differ from cache to cache.
 */
export const compilerSettings: Environment = { CGO_CFLAGS: '-O2' };

/** `linux/amd64 alpha` */
export const rootKey = (platform: string, { name }: Pick<Program, 'name'>): string => `${platform} ${name}`;

/** Programs that one call of Go may build or list. */
interface Group {
  readonly programs: readonly Program[];
  readonly platform: Platform;
  readonly cgo: boolean;
}

/** Plain Go on the same tree, with a cache and outputs of its own, knowing nothing of slipway. */
export class Reference {
  readonly #tree: WatchedRepo;
  readonly #platforms: readonly Platform[];
  readonly #cgo: boolean;
  readonly #env: Environment;
  #complaint = '';

  constructor(tree: WatchedRepo, platforms: readonly Platform[], { cgo }: { readonly cgo: boolean }) {
    this.#tree = tree;
    this.#platforms = platforms;
    this.#cgo = cgo;
    const env = cleanEnvironment(tree.home);
    this.#env = { ...env, ...compilerSettings, GOTOOLCHAIN: 'local', GOCACHE: `${env['GOCACHE']}-reference` };
  }

  /** What Go said last where it did not succeed. */
  get complaint(): string {
    return this.#complaint;
  }

  /** Where Go wrote each program, by `rootKey`; undefined when it cannot build all. */
  async build(model: TreeModel, variables: Environment): Promise<Map<string, string> | undefined> {
    const flags = this.#flags(variables);
    // Binaries stay where Go wrote them, so that it links only what is stale.
    const directory = join(this.#tree.base, 'reference', digestOf([flags, variables]).slice(0, 8));
    const outputs = new Map<string, string>();
    const buildAll = async (platform: Platform): Promise<boolean> => {
      const commands = this.#groups(model, 'command', platform).map((group) => ({ group, words: ['build', ...flags] }));
      const tests = this.#groups(model, 'test', platform).map((group) => ({ group, words: ['test', '-c', ...flags] }));
      for (const { group, words } of [...commands, ...tests]) {
        const to = join(directory, platform);
        const output = words[0] === 'test' ? join(to, group.programs[0]!.name) : `${to}/`;
        if ((await this.#go([...words, '-o', output], group, variables)) === undefined) return false;
        for (const one of group.programs) outputs.set(rootKey(platform, one), join(to, fileName(one, platform)));
      }
      return true;
    };
    const done = await Promise.all(this.#platforms.map(buildAll));
    return done.includes(false) ? undefined : outputs;
  }

  /** The inputs of each program, by a fresh `go list -deps`; without programs that Go cannot answer for. */
  async list(model: TreeModel, variables: Environment): Promise<Map<string, Fingerprint>> {
    const flags = this.#flags(variables);
    const moduleFiles = ['go.mod', 'go.work', `${wordsDir}/go.mod`].map((path) => this.#hash(this.#tree.path(path)));
    const result = new Map<string, Fingerprint>();
    const listAll = async (group: Group): Promise<void> => {
      const text = await this.#go(['list', '-e', '-deps', '-test', `-json=${listFields.join(',')}`], group, variables);
      if (text === undefined) return;
      const listed = JSON.parse(`[${text.trimEnd().replaceAll('\n}\n{', '\n},{')}]`) as Listed[];
      const packages = new Map(listed.map((one) => [one.ImportPath, one]));
      for (const one of group.programs) {
        const root = `${modulePaths.tree}/${one.dir}${one.kind === 'test' ? '.test' : ''}`;
        const closure = [root, ...(packages.get(root)?.Deps ?? [])].map((path) => packages.get(path));
        if (!closure.every((each) => each !== undefined)) continue;
        const exact = digestOf([group.platform, flags, variables, closure.map((each) => this.#describe(each))]);
        result.set(rootKey(group.platform, one), { exact, withModules: digestOf([exact, moduleFiles]) });
      }
    };
    const groups = this.#platforms.flatMap((platform) => this.#groups(model, 'any', platform));
    await Promise.all(groups.map(listAll));
    return result;
  }

  /** As the documentation of profile dev says them. */
  #flags(variables: Environment): string[] {
    const debug = variables['DBG'] === '1';
    const tag = this.#tree.git('describe', '--tags', '--match=v*', '--abbrev=0');
    const stamp = `-X '${modulePaths.tree}/pkg/version.gitVersion=${tag}-dev'`;
    const link = [stamp, variables['GOLDFLAGS'] ?? '', debug ? '' : '-s -w'].filter((word) => word !== '');
    const compile = debug ? ['-gcflags=all=-N -l'] : [];
    return ['-trimpath', '-buildvcs=false', ...compile, `-ldflags=${link.join(' ')}`];
  }

  /** Go takes cgo on the host, where there is a C compiler, for what is not static. */
  #groups(model: TreeModel, kind: Program['kind'] | 'any', platform: Platform): Group[] {
    const programs = model.programs.filter((one) => kind === 'any' || one.kind === kind);
    const isCgo = ({ name }: Program): boolean =>
      this.#cgo && platform === hostPlatform() && !staticNames.includes(name);
    const groups = [true, false].map((cgo) => ({
      platform,
      cgo,
      programs: programs.filter((one) => isCgo(one) === cgo),
    }));
    return groups.filter((group) => group.programs.length > 0);
  }

  #go(words: readonly string[], group: Group, variables: Environment): Promise<string | undefined> {
    const [GOOS = '', GOARCH = ''] = group.platform.split('/');
    const env = { ...this.#env, ...variables, GOOS, GOARCH, CGO_ENABLED: group.cgo ? '1' : '0' };
    const argv = [...words, ...group.programs.map(({ dir }) => `./${dir}`)];
    return new Promise((done) =>
      execFile('go', argv, { cwd: this.#tree.dir, env, maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
        if (error !== null) this.#complaint = `${argv.join(' ')}\n${stderr}`;
        done(error === null ? stdout : undefined);
      }),
    );
  }

  #describe(one: Listed): unknown {
    if (one.Standard === true || one.ImportPath.endsWith('.test')) return one.ImportPath;
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

/** Asked for all, Go also finds out what is stale. */
const listFields = ['ImportPath', 'Dir', 'Standard', 'Deps', 'Module', ...fileFields];

interface Listed extends Partial<Record<(typeof fileFields)[number], readonly string[]>> {
  readonly ImportPath: string;
  readonly Dir: string;
  readonly Standard?: boolean;
  readonly Deps?: readonly string[];
  readonly Module?: { readonly GoVersion?: string };
}

const fileName = ({ name, kind }: Program, platform: Platform): string =>
  platform.startsWith('windows/') && kind === 'command' ? `${name}.exe` : name;

const digestOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');
