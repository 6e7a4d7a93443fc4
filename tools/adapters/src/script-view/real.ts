import { constants, lstatSync, readFileSync, readlinkSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FailureError, type Observed } from '@slipway/model';
import { kill, leftBehind } from '../process/left-behind.ts';
import type { CommandRunner } from '../process/port.ts';
import { observedOf, tracedReads } from '../trace/observed.ts';
import { readTrace, straceCommand } from '../trace/strace.ts';
import { tracingWorks } from '../trace/works.ts';
import type { ScriptView, ScriptViews, ViewAbilities, ViewPlaces, ViewReads, ViewRequest, Written } from './port.ts';

/** Uses strace and namespaces of Linux if they are allowed, or else copies. */
export function realScriptViews(runner: CommandRunner): ScriptViews {
  return { abilities: (asking) => abilities(asking, runner), open };
}

const enter = fileURLToPath(new URL('./enter.sh', import.meta.url));

/** Root makes namespaces directly. Other users become root in a user namespace first. */
const namespaces = (): string[] => [
  'unshare',
  ...(process.getuid?.() === 0 ? [] : ['--map-root-user']),
  ...['--mount', '--pid', '--fork', '--kill-child', '--mount-proc'],
];

async function abilities(asking: ViewPlaces, runner: CommandRunner): Promise<ViewAbilities> {
  const { root, environment, signal } = asking;
  await mkdir(asking.scratch, { recursive: true, mode: 0o700 });
  const scratch = await mkdtemp(join(asking.scratch, 'asked-'));
  try {
    const traces = isPlain(root) && (await tracingWorks(scratch, { runner, environment, signal }));
    return { traces, view: (await canOverlay({ ...asking, scratch }, runner)) ? 'overlay' : 'copy' };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Mount and strace read some characters in a special way. */
const isPlain = (path: string): boolean => !/[\s:,\\"'<>]/.test(path);

async function canOverlay({ root, scratch, environment, signal }: ViewPlaces, runner: CommandRunner): Promise<boolean> {
  if (process.platform !== 'linux' || !isPlain(root) || !isPlain(scratch)) return false;
  await using view = await makeView({
    root,
    scratch,
    environment,
    view: 'overlay',
    traces: false,
    lists: false,
    output: join(scratch, 'none'),
  });
  const { argv, cwd, env } = view.call(['true'], root);
  try {
    return (await runner.run({ argv, cwd, env: { ...environment, ...env }, signal })).exit === 0;
  } catch (error) {
    if (error instanceof FailureError && error.failures[0]?.code === 'TOOL_MISSING') return false;
    throw error;
  }
}

const open = (request: ViewRequest): Promise<ScriptView> => makeView(request);

async function makeView(request: ViewRequest): Promise<ScriptView> {
  const { root, scratch, output, view, traces } = request;
  const base = await mkdtemp(join(scratch, 'v-'));
  for (const name of ['upper', 'work', 'output', 't']) await mkdir(join(base, name));
  const seen = view === 'copy' ? join(base, 'copy') : root;
  if (view === 'copy') await copyTree(root, seen, output);
  const there = (path: string): string =>
    path === root || path.startsWith(`${root}/`) ? seen + path.slice(root.length) : path;
  const around: Around = { ...request, base, seen };
  return {
    call: (argv, cwd) => ({
      argv: [
        ...(view === 'overlay' ? namespaces() : []),
        ...['sh', enter, view, base, seen, there(output), there(cwd), request.lists ? 'lists' : '-'],
        ...(traces ? straceCommand(join(base, 'trace')) : []),
        ...['--', ...argv.map(there)],
      ],
      cwd: view === 'copy' ? seen : '/',
      env: {},
    }),
    read: () => readView(around),
    written: () => writtenIn(around),
    [Symbol.asyncDispose]: () => remove(base),
  };
}

interface Around extends ViewRequest {
  readonly base: string;
  /** The root of the tree in the view. */
  readonly seen: string;
}

/** The output is left out, because its content can be made again. */
async function copyTree(root: string, to: string, output: string): Promise<void> {
  await cp(root, to, {
    ...{ recursive: true, verbatimSymlinks: true, preserveTimestamps: true, mode: constants.COPYFILE_FICLONE },
    filter: (path) => path !== output,
  });
  if (output.startsWith(`${root}/`)) await mkdir(to + output.slice(root.length), { recursive: true });
}

async function readView({ base, root, seen, output, traces, scratch, lists }: Around): Promise<ViewReads> {
  const [left = ''] = (await readFile(join(base, 'left'), 'utf8').catch(() => '')).split('\n');
  if (!traces) return { observed: NOTHING, asked: [], ...(left === '' ? {} : { observed: leftRunning(left) }) };
  const text = await readFile(join(base, 'trace'), 'utf8').catch(() => undefined);
  if (text === undefined) return { observed: { unknown: 'strace did not report what it read' }, asked: [] };
  const accesses = readTrace(text, undefined, seen);
  const asked = [...new Set(accesses.flatMap(({ kind, path }) => (kind === 'network' ? [path] : [])))];
  if (left !== '') return { observed: leftRunning(left), asked };
  const back = (path: string): string =>
    path === seen || path.startsWith(`${seen}/`) ? root + path.slice(seen.length) : path;
  const reads = tracedReads(accesses);
  // A script that updates files writes only what differs in the tree, so the tree's files are inputs.
  const made = lists
    ? accesses.flatMap(({ kind, path }) => (kind === 'made' && path.startsWith(`${seen}/`) ? [path] : []))
    : [];
  const own = [base, scratch, output];
  const placed = { ...reads, opened: reads.opened.map(back), looked: [...reads.looked, ...made].map(back) };
  return {
    observed: observedOf(
      placed,
      own.filter((dir) => !root.startsWith(`${dir}/`)),
    ),
    asked,
  };
}

const NOTHING: Observed = { files: [], listings: [], variables: [] };

const leftRunning = (program: string): { unknown: string } => ({
  unknown: `it left the program ${program} running, which was ended`,
});

async function writtenIn({ base, root, seen, view, output }: Around): Promise<Written[]> {
  const inside = relative(root, output);
  const skipped = new Set(['.git', inside]);
  const now = new Set(
    view === 'copy'
      ? await filesBelow(seen, skipped)
      : (await readFile(join(base, 'names'), 'utf8')).split('\0').map((name) => name.replace(/^\.\//, '')),
  );
  const layer = view === 'copy' ? seen : join(base, 'upper');
  const changed = (await filesBelow(layer, skipped)).filter(
    (path) => now.has(path) && !isSame(join(layer, path), join(root, path)),
  );
  const gone = (await filesBelow(root, skipped)).filter((path) => !now.has(path));
  return [
    ...changed.map((path) => entryAt(path, join(layer, path))),
    ...gone.map((path) => ({ path, from: undefined })),
  ].sort((a, b) => (a.path < b.path ? -1 : 1));
}

const entryAt = (path: string, from: string): Written => ({
  ...{ path, from },
  ...(lstatSync(from).isSymbolicLink() ? { link: readlinkSync(from) } : {}),
});

/** Files and links, relative to the directory. */
async function filesBelow(dir: string, skipped: ReadonlySet<string>, at = ''): Promise<string[]> {
  const entries = await readdir(join(dir, at), { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(at, entry.name);
      if (skipped.has(path)) return [];
      if (entry.isDirectory()) return filesBelow(dir, skipped, path);
      return entry.isFile() || entry.isSymbolicLink() ? [path] : [];
    }),
  );
  return found.flat();
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((path) => lstatSync(path, { throwIfNoEntry: false }));
  if (a === undefined || b === undefined || (a.mode & 0o170111) !== (b.mode & 0o170111)) return false;
  if (a.isSymbolicLink()) return readlinkSync(one) === readlinkSync(other);
  return a.size === b.size && readFileSync(one).equals(readFileSync(other));
}

/** Also ends processes that are left in the view. The kernel leaves a directory there that nobody may enter. */
async function remove(base: string): Promise<void> {
  for (const { pid } of await leftBehind(base)) kill(pid);
  await chmod(join(base, 'work/work'), 0o700).catch(() => {});
  await rm(base, { recursive: true, force: true, maxRetries: 3 });
}
