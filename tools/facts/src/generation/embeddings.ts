import { createHash } from 'node:crypto';
import { join, posix } from 'node:path';
import { type Embedding, FailureError } from '@slipway/model';
import type { Rooted } from '../disk.ts';
import type { RememberingAsker } from '../golang-sh/run-probe.ts';
import { allowRun } from '../tree-code.ts';

interface EmbeddingQuestion extends RememberingAsker {
  /** Relative to the root. */
  readonly script: string;
}

/**
 * Runs the tree's own script in bash with functions in place of programs. `go-bindata` prints its arguments with a NUL
 * after each and one more after the call. Nothing is started or written.
 */
const probe = `
cd "$1"
exec 9>&1 1>&2
go-bindata() { printf '%s\\0' "$@" '' >&9; }
for slipway_program in gofmt cat rm mv cp mkdir tee go docker rsync; do eval "$slipway_program() { :; }"; done
cmp() { return 0; }
which() { echo "$1"; }
set --
source "$0"
`;

/** The calls of go-bindata in a script; none without a script. Throws BAD_SCRIPT. */
export async function readEmbeddings(question: EmbeddingQuestion): Promise<Embedding[]> {
  const { root, disk, script, memo, code } = question;
  const text = disk.readText(join(root, script));
  if (text === undefined) return [];
  allowRun(code, root, join(root, script));
  const key = `go-bindata ${createHash('sha256').update(probe).update(text).digest('hex')}`;
  const answer = memo.get(key) ?? (await ask(question));
  memo.set(key, answer);
  return answer
    .split('\0\0')
    .filter((call) => call !== '')
    .map((call) => embeddingOf(call.split('\0'), question));
}

async function ask({ root, script, environment, runner, signal }: EmbeddingQuestion): Promise<string> {
  const { exit, stdout, stderr } = await runner.run({
    argv: ['bash', '--noprofile', '--norc', '-c', probe, script, root],
    cwd: root,
    env: { PATH: environment['PATH'] ?? '', HOME: environment['HOME'] ?? '', LC_ALL: 'C', KUBE_VERBOSE: '0' },
    ...(signal === undefined ? {} : { signal }),
  });
  if (exit === 0 && stdout.endsWith('\0\0')) return stdout;
  throw new FailureError({
    code: 'BAD_SCRIPT',
    file: script,
    fact: stderr.trim().split('\n').at(-1) || 'it does not call go-bindata',
  });
}

function embeddingOf(words: readonly string[], { root, disk, script }: EmbeddingQuestion): Embedding {
  const at = words.indexOf('-o');
  const output = words[at + 1]?.replace(/\.tmp$/, '');
  if (at < 0 || output === undefined)
    throw new FailureError({ code: 'BAD_SCRIPT', file: script, fact: 'it calls go-bindata without -o FILE' });
  const args = words.toSpliced(at, 2);
  const directories = args.filter((word) => word.endsWith('/...')).map((word) => word.slice(0, -'/...'.length));
  return { output, args, inputs: directories.flatMap((dir) => filesBelow({ root, disk }, dir)).sort() };
}

function filesBelow(tree: Rooted, dir: string): string[] {
  const { files, directories } = tree.disk.listDirectory(join(tree.root, dir));
  return [
    ...files.map((name) => posix.join(dir, name)),
    ...directories.flatMap((name) => filesBelow(tree, posix.join(dir, name))),
  ];
}
