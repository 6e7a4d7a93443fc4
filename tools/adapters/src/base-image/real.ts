import { existsSync, statfsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readFile, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { arch, tmpdir } from 'node:os';
import { join } from 'node:path';
import { FailureError, labels } from '@slipway/model';
import { sweepTemporaries, withTemporary } from '../files/temporary.ts';
import { saysDiskFull } from '../process/disk-full.ts';
import { interruptedBy, throwIfInterrupted } from '../process/interrupted.ts';
import type { CommandRunner, Program } from '../process/port.ts';
import { startProgram } from '../process/program.ts';
import { tarStream } from '../tar/tar-bytes.ts';
import { FILE_TIME, leftOut, leftOutOfGo, links } from './contents.ts';
import { describeImage, sha256 } from './image-archive.ts';
import { downloadPackages } from './packages.ts';
import type { GatheringPackages, MakeBaseImage, MakingBaseImage } from './port.ts';

/** Unpacked packages and both layers of the image with compilers, with a margin. */
const ROOM = 3 * 2 ** 30;

const architectures: Readonly<Record<string, string>> = { x64: 'amd64', ppc64: 'ppc64le' };

export function realMakeBaseImage(runner: CommandRunner): MakeBaseImage {
  return async (request, load) => {
    // A killed run may have left gigabytes.
    await sweepTemporaries(placeToWork());
    await withTemporary(join(placeToWork(), 'image'), async (work) => {
      await mkdir(work, { mode: 0o700 });
      await make(work, request, { runner, load });
      await rm(work, { recursive: true, force: true });
    });
  };
}

async function make(
  work: string,
  request: MakingBaseImage,
  { runner, load }: { readonly runner: CommandRunner; readonly load: Parameters<MakeBaseImage>[1] },
): Promise<void> {
  const { signal } = request;
  const root = await packagesRoot(request, work, runner);
  // On a rootless engine, a directory that no layer has is accessible to root only.
  await makeDirectory(root, 'usr/local');
  await archive(root, join(work, 'packages.tar'), { prefix: '', exclude: [] }, request);
  await archive(request.goroot, join(work, 'go.tar'), { prefix: 'usr/local/go/', exclude: leftOutOfGo }, request);
  throwIfInterrupted(signal);
  const names = await describeImage(work, ['packages.tar', 'go.tar'], {
    reference: request.reference,
    architecture: architectures[arch()] ?? arch(),
    labels: { [labels.compilers]: JSON.stringify(await compilers(root)) },
  });
  const entries = names.map((name) => ({ path: name, file: name, mode: 0o644 }));
  const image = tarStream({ entries, root: work, time: FILE_TIME, meter: request.meter });
  // The loader does not get an error for a file that cannot be read.
  const broken = new Promise<never>((_done, fail) => image.once('error', fail));
  await Promise.race([load(image), broken]);
}

/**
 * The directory below `work` with the unpacked packages and their dependencies, as a container sees it. No script of a
 * package runs.
 */
export async function packagesRoot(request: GatheringPackages, work: string, runner: CommandRunner): Promise<string> {
  const packages = await downloadPackages(request, work, runner);
  const root = join(work, 'root');
  await unpack(packages, root, request);
  await finish(root);
  return root;
}

/** In memory if there is room, because ten thousand small files are created and removed. */
function placeToWork(): string {
  const memory = '/dev/shm';
  try {
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize > ROOM ? memory : tmpdir();
  } catch {
    return tmpdir();
  }
}

async function unpack(packages: readonly string[], root: string, request: Running): Promise<void> {
  await makeDirectory(root, '.');
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    await makeDirectory(root, `usr/${name}`);
    await symlink(`usr/${name}`, join(root, name));
  }
  const same = ['--keep-directory-symlink', '--no-same-owner', '--preserve-permissions'];
  const options = [...same, ...leftOut.map((pattern) => `--exclude=${pattern}`)];
  for (const file of packages) {
    throwIfInterrupted(request.signal);
    const write = await started(['tar', '-x', '-C', root, ...options], request);
    const read = await started(['dpkg-deb', '--fsys-tarfile', file], request);
    read.stdout.pipe(write.stdin);
    await Promise.all([read.ended, write.ended]);
  }
}

/** The effects of the packages' scripts that a build needs. */
async function finish(root: string): Promise<void> {
  const base = join(root, 'usr/share/base-passwd');
  for (const name of ['passwd', 'group'])
    if (existsSync(join(base, `${name}.master`))) await copyFile(join(base, `${name}.master`), join(root, 'etc', name));
  for (const { link, to } of links) {
    const target = to.find((name) => existsSync(join(root, 'usr/bin', name)));
    if (target !== undefined && !existsSync(join(root, link))) await symlink(target, join(root, link));
  }
  const authorities = join(root, 'usr/share/ca-certificates/mozilla');
  if (existsSync(authorities)) {
    const files = (await readdir(authorities)).sort();
    const texts = await Promise.all(files.map((name) => readFile(join(authorities, name), 'utf8')));
    await makeDirectory(root, 'etc/ssl/certs');
    await makeFile(join(root, 'etc/ssl/certs/ca-certificates.crt'), texts.join(''));
  }
  for (const name of ['proc', 'sys', 'dev', 'run', 'root', 'tmp', 'var/tmp']) await makeDirectory(root, name);
  for (const name of ['tmp', 'var/tmp']) await chmod(join(root, name), 0o1777);
  // The same rule as git's for a user who runs it in a foreign directory.
  await makeDirectory(root, 'etc');
  await makeFile(join(root, 'etc/gitconfig'), '[safe]\n\tdirectory = *\n');
}

/** Also creates parent directories, accessible to all, regardless of the umask. */
async function makeDirectory(root: string, path: string): Promise<void> {
  for (const [index, name] of path.split('/').entries()) {
    const directory = join(root, ...path.split('/').slice(0, index), name);
    if (existsSync(directory)) continue;
    await mkdir(directory);
    await chmod(directory, 0o755);
  }
}

async function makeFile(path: string, text: string): Promise<void> {
  await writeFile(path, text);
  await chmod(path, 0o644);
}

/** By the path that Go and users use. */
async function compilers(root: string): Promise<Record<string, string>> {
  const names = (await readdir(join(root, 'usr/bin'))).filter((name) => /^(?:[\w-]+-)?gcc$/.test(name)).sort();
  const found = names.map(async (name) => [
    `/usr/bin/${name}`,
    await sha256(await realpath(join(root, 'usr/bin', name))),
  ]);
  return Object.fromEntries(await Promise.all(found)) as Record<string, string>;
}

interface Layer {
  readonly prefix: string;
  readonly exclude: readonly string[];
}

/** The environment and the signal of a program. */
type Running = Pick<MakingBaseImage, 'env' | 'signal'>;

/** The same bytes for the same files: sorted, one owner, one time. */
async function archive(directory: string, file: string, { prefix, exclude }: Layer, request: Running): Promise<void> {
  const same = ['--sort=name', `--mtime=@${FILE_TIME}`, '--owner=0', '--group=0', '--numeric-owner'];
  const format = ['--format=pax', '--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime,delete=mtime'];
  const rename = prefix === '' ? [] : ['--mode=u+w,go=rX', `--transform=flags=r;s,^\\./,${prefix},;s,^\\.$,${prefix},`];
  const excluded = exclude.map((pattern) => `--exclude=${pattern}`);
  const argv = ['tar', '-C', directory, ...same, ...format, ...rename, ...excluded, '-cf', file, '.'];
  await (
    await started(argv, request)
  ).ended;
}

/** A program with pipes. `ended` rejects with its output, or with the interruption. */
async function started(
  argv: readonly string[],
  { env, signal }: Running,
): Promise<Pick<Program, 'stdin' | 'stdout'> & { readonly ended: Promise<void> }> {
  const { stdin, stdout, said, ended } = await startProgram({ argv, cwd: '/', env, signal });
  const done = ended.then((exit) => {
    if (exit !== 0) throw failureOf(exit, `${argv[0]} ${said().trim().slice(-300)}`, signal);
  });
  done.catch(() => {});
  return { stdin, stdout, ended: done };
}

function failureOf(code: number | undefined, said: string, signal: AbortSignal): FailureError {
  if (signal.aborted) return interruptedBy(signal);
  if (saysDiskFull.test(said)) return new FailureError({ code: 'DISK_FULL', path: tmpdir() });
  return new FailureError({ code: 'COMMAND_FAILED', command: said, exit: code ?? 'a signal' });
}
