import { posix } from 'node:path';

/** One access of a process to a path. */
export interface Access {
  /**
   * `read`: a file was opened for reading. `listed`: a directory was. `run`: a program was started. `seen`: the path
   * was checked, and exists. `absent`: the path was looked for, and is missing. `made`: it was created or emptied.
   * `network`: another machine was contacted, and the path is its address. A port of this machine counts if no traced
   * program listens.
   */
  readonly kind: 'read' | 'listed' | 'run' | 'seen' | 'absent' | 'made' | 'network';
  /** The path as given, made absolute, with links unresolved. */
  readonly path: string;
  /** The kernel's resolved path for opened files; else `path`. */
  readonly real: string;
  /** The program that the process ran then. */
  readonly program: string;
  /** Opened for this program alone, as the dynamic loader does. */
  readonly closedOnExec: boolean;
}

/** strace's options for `readTrace`; paths have at most 4096 bytes. */
export const straceCommand = (file: string): string[] => [
  'strace',
  ...['-f', '-y', '-qq', '-s', '4096', '--seccomp-bpf', '--signal=none'],
  ...['-e', 'trace=%file,fchdir,clone,clone3,fork,vfork,connect,listen'],
  ...['-o', file],
];

interface Process {
  cwd: string;
  program: string;
  /** It is the traced program, or one that it started. */
  wanted: boolean;
}

/**
 * The accesses of the program `root` and everything it started, in order. Without a root: those of the program that
 * strace started in the directory `cwd`, and of everything it started.
 */
export function readTrace(text: string, root: string | undefined, cwd = ''): Access[] {
  const calls = joinedCalls(text);
  const parents = parentsOf(calls);
  const processes = new Map<number, Process>();
  // A thread shares the directory of its process. A child starts with a copy of its parent's, which does not change
  // meanwhile.
  const processOf = (pid: number): Process => {
    const known = processes.get(pid);
    if (known !== undefined) return known;
    const parent = parents.get(pid);
    const made =
      parent === undefined
        ? { cwd, program: '', wanted: root === undefined }
        : parent.isThread
          ? processOf(parent.pid)
          : { ...processOf(parent.pid) };
    processes.set(pid, made);
    return made;
  };
  const listens = calls.some(({ name, result }) => name === 'listen' && result === '0');
  return calls.flatMap((call) => {
    const process = processOf(call.pid);
    follow(call, process, root);
    const access = !process.wanted
      ? undefined
      : call.name === 'connect'
        ? peerOf(call, process, listens)
        : accessOf(call, process);
    return access === undefined ? [] : [access];
  });
}

/**
 * The peer of a socket. A socket file of this machine does not count, and a service of this machine counts if no traced
 * program listens.
 */
function peerOf({ args }: Call, { program }: Process, listens: boolean): Access | undefined {
  const address = /sa_family=AF_INET6?\b.*?(?:inet_addr\("|inet_pton\(AF_INET6, ")([^"]+)"/.exec(args)?.[1];
  if (address === undefined || (listens && /^(127\.|::1$|::ffff:127\.)/.test(address))) return undefined;
  return { kind: 'network', path: address, real: address, program, closedOnExec: true };
}

interface Call {
  readonly pid: number;
  readonly name: string;
  /** The text between the brackets. */
  readonly args: string;
  readonly result: string;
}

/** Joins the two parts of a call that a line of another process interrupted, at the position of its end. */
function joinedCalls(text: string): Call[] {
  const begun = new Map<number, string>();
  return text.split('\n').flatMap((line) => {
    const [, id, rest] = /^(\d+) +(.*)$/.exec(line) ?? [];
    if (id === undefined || rest === undefined) return [];
    const pid = Number(id);
    if (rest.endsWith('<unfinished ...>')) {
      begun.set(pid, rest.slice(0, -'<unfinished ...>'.length));
      return [];
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest)?.[1];
    const whole = resumed === undefined ? rest : (begun.get(pid) ?? '') + resumed;
    const [, name, args, result] = /^(\w+)\((.*)\) += (.*)$/.exec(whole) ?? [];
    return name === undefined || args === undefined || result === undefined ? [] : [{ pid, name, args, result }];
  });
}

function parentsOf(calls: readonly Call[]): Map<number, { readonly pid: number; readonly isThread: boolean }> {
  const result = new Map<number, { readonly pid: number; readonly isThread: boolean }>();
  for (const { pid, name, args, result: child } of calls)
    if (/^(clone3?|v?fork)$/.test(name) && /^\d+$/.test(child))
      result.set(Number(child), { pid, isThread: args.includes('CLONE_FS') });
  return result;
}

/** Records the changes that a call makes to its process. */
function follow({ name, args, result }: Call, process: Process, root: string | undefined): void {
  if (!result.startsWith('0')) return;
  if (name === 'chdir') process.cwd = posix.resolve(process.cwd, firstString(args) ?? '');
  if (name === 'fchdir') process.cwd = /<(.*)>/.exec(args)?.[1] ?? process.cwd;
  if (name !== 'execve') return;
  process.program = posix.resolve(process.cwd, firstString(args) ?? '');
  process.wanted ||= process.program === root;
}

/** Calls that change something, or that do not look for a path. */
const others =
  /^(clone3?|v?fork|listen|f?chdir|getcwd|unlink|rmdir|chmod|fchmod|chown|lchown|fchown|utime|symlink|link|mknod|truncate|statfs)/;

function accessOf({ name, args, result }: Call, process: Process): Access | undefined {
  if (others.test(name)) return undefined;
  const asked = firstString(args);
  // fstat has only a descriptor.
  if (asked === undefined || asked === '') return undefined;
  const directory = /^(?:AT_FDCWD|\d+)<([^>]*)>, /.exec(args)?.[1] ?? process.cwd;
  const path = posix.resolve(directory, asked);
  const about = { path, real: path, program: process.program, closedOnExec: args.includes('O_CLOEXEC') };
  if (name.startsWith('mkdir')) return { ...about, kind: result === '0' ? 'made' : 'seen' };
  if (name.startsWith('rename')) return result === '0' ? renamed(args, about, process) : undefined;
  if (/^-1 (ENOENT|ENOTDIR|ELOOP)/.test(result)) return { ...about, kind: 'absent' };
  // Not a link, or it exists already, or this user may not read it: each is an answer, too.
  if (/^-1 (EINVAL|EEXIST|EACCES|EPERM)/.test(result)) return { ...about, kind: 'seen' };
  if (result.startsWith('-1')) return undefined;
  if (name === 'execve') return { ...about, kind: 'run' };
  if (!name.startsWith('open')) return { ...about, kind: 'seen' };
  if (/O_CREAT\|O_EXCL|O_TRUNC/.test(args)) return { ...about, kind: 'made' };
  if (/O_WRONLY|O_PATH/.test(args)) return undefined;
  // For a pipe the kernel reports a number.
  const real = /<(\/.*)>$/.exec(result)?.[1];
  const kind = args.includes('O_DIRECTORY') ? 'listed' : 'read';
  return { ...about, kind, real: real === undefined ? path : unescaped(real) };
}

/** A renamed file is created at its new path. */
function renamed(args: string, about: Omit<Access, 'kind'>, { cwd }: Process): Access | undefined {
  const texts = [...args.matchAll(/(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"((?:[^"\\]|\\.)*)"/g)];
  const [, directory = cwd, to] = texts[1] ?? [];
  if (to === undefined) return undefined;
  const path = posix.resolve(directory, unescaped(to));
  return { ...about, kind: 'made', path, real: path };
}

/** strace prints strings in the syntax of C. */
function firstString(args: string): string | undefined {
  const found = /"((?:[^"\\]|\\.)*)"/.exec(args)?.[1];
  return found === undefined ? undefined : unescaped(found);
}

function unescaped(text: string): string {
  if (!text.includes('\\')) return text;
  const named: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', v: '\v', f: '\f' };
  const bytes = text.replaceAll(/\\([0-7]{1,3}|.)/g, (_, code: string) =>
    /^[0-7]/.test(code) ? String.fromCharCode(Number.parseInt(code, 8)) : (named[code] ?? code),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
