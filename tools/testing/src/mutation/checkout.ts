import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { namesBelow, removeAdded, seedGoCache } from '../observe/seed.ts';
import type { Repo } from '../repo-rig.ts';
import { type HiddenTree, expectedOf, goFlagsOf, hiddenTree, profileOfTree, renderHidden } from './hidden-tree.ts';

/** One checkout of the tree, and what lies beside it. Several share the user's store and Go's cache. */
export class Checkout {
  readonly dir: string;
  readonly #repo: Repo;
  #tree = hiddenTree;
  #written = new Map<string, string | Buffer>();
  /** Digests of plain Go's results, by everything that decides them. */
  readonly #made = new Map<string, Readonly<Record<string, string>>>();

  constructor(repo: Repo, name: string) {
    this.#repo = repo;
    this.dir = join(repo.base, name);
    mkdirSync(join(this.dir, 'tree/third/sub'), { recursive: true });
    this.write(hiddenTree);
    // A submodule as git keeps one: a repository in its place, and its commit among the files of the tree.
    for (const dir of ['tree/third/sub', 'tree']) this.git(dir, 'init', '--quiet', '--template=');
    this.commitSubmodule();
    this.write(
      hiddenTree,
      new Map([['tree/.gitmodules', '[submodule "third/sub"]\n\tpath = third/sub\n\turl = ../sub\n']]),
    );
    this.git('tree', 'add', '--all');
    this.git('tree', 'commit', '--quiet', '--message=first');
  }

  get tree(): HiddenTree {
    return this.#tree;
  }

  git(dir: string, ...args: string[]): void {
    execFileSync('git', ['-C', join(this.dir, dir), ...args], {
      env: this.#repo.env,
      stdio: ['ignore', 'ignore', 'ignore'],
    });
  }

  commitSubmodule(): void {
    this.git('tree/third/sub', 'add', '--all');
    this.git('tree/third/sub', 'commit', '--quiet', '--allow-empty', '--message=more');
  }

  write(tree: HiddenTree, more: ReadonlyMap<string, string> = new Map()): void {
    const files = new Map([...renderHidden(tree), ...more]);
    for (const path of this.#written.keys())
      if (!files.has(path) && !path.endsWith('.gitmodules')) rmSync(join(this.dir, path));
    for (const [path, content] of files)
      if (!isSame(this.#written.get(path), content)) put(join(this.dir, path), content);
    this.#tree = tree;
    this.#written = files;
  }

  /** Digests of slipway's results. */
  published(): Record<string, string> {
    return this.#each((name) => digest(this.#binary(name)));
  }

  /** Digests of the same without the IDs that Go derives from all inputs: of what the compiler made of them. */
  code(): Record<string, string> {
    return this.#each((name) => sha256(withoutIds(readFileSync(this.#binary(name)))));
  }

  /** The output of its commands. */
  printed(): Record<string, string> {
    return this.#each((name) =>
      execFileSync('sh', ['-c', '"$0" 2>&1', this.#binary(name)], { encoding: 'utf8' }).trim(),
    );
  }

  /**
   * Digests of what plain Go makes of these files from a compile cache that has Go's library and nothing else. `${SRCDIR}` puts the
   * path of a checkout into its flags, and they into build IDs: so the files are laid where the checkout is, which steps aside.
   */
  reference(): Readonly<Record<string, string>> {
    const key = JSON.stringify([this.#tree]);
    const known = this.#made.get(key) ?? this.#build();
    this.#made.set(key, known);
    return known;
  }

  #build(): Record<string, string> {
    const [aside, cache] = [`${this.dir}.aside`, this.#libraryCache()];
    const library = namesBelow(cache);
    renameSync(this.dir, aside);
    try {
      for (const [path, content] of renderHidden(this.#tree)) put(join(this.dir, path), content);
      execFileSync(
        'go',
        [
          'build',
          '-trimpath',
          '-buildvcs=false',
          '-ldflags=-s -w',
          '-o',
          'made/',
          './cmd/native',
          './cmd/plain',
          './cmd/sub',
        ],
        {
          cwd: join(this.dir, 'tree'),
          env: { ...this.#repo.env, GOCACHE: cache, GOFLAGS: goFlagsOf(this.#tree), GOWORK: 'off' },
          stdio: ['ignore', 'ignore', 'inherit'],
        },
      );
      return this.#each((name) => digest(join(this.dir, 'tree/made', name)));
    } finally {
      rmSync(this.dir, { recursive: true, force: true });
      removeAdded(cache, library);
      renameSync(aside, this.dir);
    }
  }

  /** A compile cache that has Go's library and nothing else, with the profile that this tree is built with. It is the next build's, too. */
  #libraryCache(): string {
    const profile = profileOfTree(this.#tree);
    const seed = join(
      this.#repo.base,
      `library-${createHash('sha256')
        .update(profile ?? '')
        .digest('hex')
        .slice(0, 8)}`,
    );
    if (existsSync(seed)) return seed;
    seedGoCache(seed);
    if (profile === undefined) return seed;
    const module = join(this.#repo.base, 'library');
    put(join(module, 'go.mod'), 'module library.example/library\n');
    put(join(module, 'prof'), profile);
    execFileSync('go', ['build', '-trimpath', '-pgo=prof', 'runtime/cgo'], {
      cwd: module,
      env: { ...this.#repo.env, GOCACHE: seed, GOFLAGS: '', GOWORK: 'off' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return seed;
  }

  #binary(name: string): string {
    return join(this.dir, 'tree/_output/bin', name);
  }

  #each(of: (name: string) => string): Record<string, string> {
    return Object.fromEntries(Object.keys(expectedOf(this.#tree)).map((name) => [name, of(name)]));
  }
}

const isSame = (before: string | Buffer | undefined, now: string | Buffer): boolean =>
  before !== undefined && Buffer.from(before).equals(Buffer.from(now));

function put(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

const digest = (path: string): string => sha256(readFileSync(path));

const sha256 = (content: Buffer | string): string => createHash('sha256').update(content).digest('hex');

/** Go's own ID, and the note of the linker with a hash of it: its length, its kind, its owner. */
function withoutIds(program: Buffer): Buffer {
  const copy = Buffer.from(program);
  for (const [mark, length] of [
    ['\u0004\0\0\0S\0\0\0\u0004\0\0\0Go\0\0', 0x53],
    ['\u0004\0\0\0\u0014\0\0\0\u0003\0\0\0GNU\0', 0x14],
  ] as const) {
    const at = copy.indexOf(mark, 0, 'latin1') + mark.length;
    if (at >= mark.length) copy.fill(0, at, at + length);
  }
  return copy;
}
