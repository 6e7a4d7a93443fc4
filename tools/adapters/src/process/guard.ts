import { type ChildProcess, spawn } from 'node:child_process';

/** Reads `+ GROUP` and `- GROUP`, and when nobody can write any more kills the groups that are left. */
const SCRIPT = `
groups=' '
while read -r sign group; do
  case $sign in
    +) groups="$groups$group " ;;
    -) groups="\${groups%% $group *} \${groups#* $group }" ;;
  esac
done
for group in $groups; do kill -KILL "-$group"; done`;

/** Milliseconds between the polite signal and the one that cannot be refused. */
export const POLITE = 5_000;

let guard: ChildProcess | undefined;

/** To be called before a program is started that is then tied: a kill between the start and that leaves the program behind. */
export function watch(): void {
  if (process.platform !== 'win32') guarding();
}

/**
 * A program that leads a process group ends with this process, however that ends: also what the program started then gets SIGKILL. Holds
 * until it ended and this is disposed.
 */
export function tie(pid: number | undefined): Disposable {
  const say = (sign: '+' | '-'): void => {
    if (pid !== undefined && process.platform !== 'win32') guarding().stdin!.write(`${sign} ${pid}\n`);
  };
  say('+');
  return { [Symbol.dispose]: () => say('-') };
}

/** A signal for the whole group of a program; one that is gone is left alone. */
function signalGroup({ pid }: Pick<ChildProcess, 'pid'>, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // The group is gone: that is what was wanted.
  }
}

/**
 * Sends SIGINT to the group when the signal is raised, and SIGKILL a little later to whatever is left of it, or as soon
 * as the program itself has ended.
 */
export function stopOn(
  signal: AbortSignal | undefined,
  child: Pick<ChildProcess, 'pid'>,
  killAfter = POLITE,
): Disposable {
  if (signal === undefined || child.pid === undefined) return { [Symbol.dispose]() {} };
  let timer: NodeJS.Timeout | undefined;
  const kill = (name: NodeJS.Signals): void => signalGroup(child, name);
  const stop = (): void => {
    kill('SIGINT');
    timer = setTimeout(() => kill('SIGKILL'), killAfter);
  };
  signal.addEventListener('abort', stop, { once: true });
  return {
    [Symbol.dispose]() {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      if (signal.aborted) kill('SIGKILL');
    },
  };
}

/** A shell that sees our end as the end of its input. Signals for our group and our terminal do not reach it. */
function guarding(): ChildProcess {
  if (guard !== undefined) return guard;
  const child = spawn('/bin/sh', ['-c', SCRIPT], {
    ...{ cwd: '/', env: { PATH: '/usr/bin:/bin' }, detached: true },
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard = child;
  const lost = (): void => void (guard = guard === child ? undefined : guard);
  child.once('exit', lost);
  for (const each of [child, child.stdin]) each.on('error', lost);
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  return child;
}
