import { type ChildProcess, spawn } from 'node:child_process';

/** Reads `+ GROUP` and `- GROUP`, and at the end of its input kills the remaining groups. */
const SCRIPT = `
groups=' '
while read -r sign group; do
  case $sign in
    +) groups="$groups$group " ;;
    -) groups="\${groups%% $group *} \${groups#* $group }" ;;
  esac
done
for group in $groups; do kill -KILL "-$group"; done`;

/** Milliseconds between SIGINT and SIGKILL. */
export const POLITE = 5_000;

let guard: ChildProcess | undefined;

/**
 * Call it before the start of a program that is then tied: a kill between start and tie would leave the program
 * running.
 */
export function watch(): void {
  if (process.platform !== 'win32') guarding();
}

/**
 * Ties a program that leads a process group to this process: if this process ends in any way, the group gets SIGKILL.
 * It applies until the program ended and this is disposed.
 */
export function tie(pid: number | undefined): Disposable {
  const say = (sign: '+' | '-'): void => {
    if (pid !== undefined && process.platform !== 'win32') guarding().stdin!.write(`${sign} ${pid}\n`);
  };
  say('+');
  return { [Symbol.dispose]: () => say('-') };
}

/** Sends a signal to a program's group, if it exists. */
function signalGroup({ pid }: Pick<ChildProcess, 'pid'>, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // The group has ended, as intended.
  }
}

/**
 * After the signal it sends SIGINT to the group, and SIGKILL to the rest a little later, or as soon as the program
 * itself has ended.
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

/**
 * A shell that notices the end of this process as the end of its input. It does not get signals of this process group
 * and terminal.
 */
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
