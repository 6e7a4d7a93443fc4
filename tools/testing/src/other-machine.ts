import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Repo } from './repo-rig.ts';
import { goCommand } from './slipway-process.ts';

/** Puts something before a command that makes the machine another one for it; `why` not, where that is not permitted. */
export interface Wrapping {
  readonly why: string | undefined;
  readonly wrapper: readonly string[];
}

const isRoot = process.getuid?.() === 0;
const unshare = ['unshare', '--mount', ...(isRoot ? [] : ['--user', '--map-root-user'])];

/**
 * Mounts that only the command sees, made by a line of shell with the tree's `_output` as `$1`. Afterwards what is in
 * `_output` is copied to `seen` beside the tree, as the mounts are gone with the command.
 */
export function withMounts(tree: Repo, mounts: string): Wrapping {
  mkdirSync(tree.path('_output'), { recursive: true });
  const script = `${mounts}\noutput=$1 seen=$2; shift 2; "$@"; exit=$?; cp -a "$output" "$seen"; exit $exit`;
  const wrapper = [...unshare, 'sh', '-uc', script, 'sh', tree.path('_output'), tree.path('../seen')];
  return { why: whyNoMounts(), wrapper };
}

let mountsAnswer: { readonly why: string | undefined } | undefined;

function whyNoMounts(): string | undefined {
  mountsAnswer ??= { why: refusal([...unshare, 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]) };
  return mountsAnswer.why && `mounting is not permitted here: ${mountsAnswer.why}`;
}

/** Someone whom permission bits stop: nobody, when we are root. The tree becomes theirs; its HOME and caches do not. */
export function asNobody(tree: Repo): Wrapping {
  if (!isRoot) return { why: undefined, wrapper: [] };
  const wrapper = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
  execFileSync('chown', ['--recursive', '65534:65534', tree.base]);
  // Go may lie in a cache that is ours alone, as one that was downloaded does.
  const why =
    refusal([...wrapper, process.execPath, '--print', `process.chdir('${import.meta.dirname}')`]) ??
    refusal([...wrapper, goCommand(), 'version']);
  return { why: why && `nobody may not run what is here: ${why}`, wrapper };
}

/** The message of a command that fails. */
function refusal([program = '', ...args]: readonly string[]): string | undefined {
  const { error, status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (error !== undefined) return error.message;
  return status === 0 ? undefined : stderr.trim().split('\n').at(-1);
}

/** A PATH on which only these programs are. */
export function pathWith(tree: Repo, ...names: string[]): string {
  const directory = tree.path('../bin');
  mkdirSync(directory);
  for (const name of names) {
    const found = execFileSync('sh', ['-c', `command -v ${name}`], { env: tree.env, encoding: 'utf8' }).trim();
    symlinkSync(found, join(directory, name));
  }
  return directory;
}
