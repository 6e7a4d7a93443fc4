import { readdirSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FailureError, type Meter } from '@slipway/model';
import type { CommandRunner } from '../process/port.ts';
import { takenForInstalled } from './contents.ts';
import type { GatheringPackages } from './port.ts';
import { makeDirectories } from '../files/make-directories.ts';

/** Downloads the packages and their dependencies. The files are sorted by name. */
export async function downloadPackages(
  request: GatheringPackages,
  work: string,
  runner: CommandRunner,
): Promise<string[]> {
  const state = join(work, 'state');
  const cache = request.cache ?? join(work, 'packages');
  makeDirectories(join(cache, 'partial'));
  makeDirectories(join(state, 'lists/partial'));
  const other = otherArchitecture(request.architecture, work);
  if (other.length > 0) await output(request, runner, ['apt-get', '-q', ...other, 'update']);
  await writeFile(join(state, 'status'), await pretendInstalled(request, runner, other));
  const apt = (...args: string[]): Promise<string> =>
    output(request, runner, [
      'apt-get',
      '-q',
      '-y',
      ...['-o', `Dir::State::status=${state}/status`, '-o', `Dir::State::extended_states=${state}/extended`],
      ...['-o', `Dir::Cache::archives=${cache}`, '-o', 'Debug::NoLocking=1', '-o', 'APT::Sandbox::User=root'],
      ...['-o', 'APT::Install-Recommends=false'],
      ...other,
      ...args,
      ...request.packages,
    ]);
  {
    using _growing = request.meter && watchGrowth([cache, join(cache, 'partial')], request.meter);
    await apt('--download-only', 'install');
  }
  const simulated = await apt('--simulate', 'install');
  return installed(simulated).map((file) => join(cache, file));
}

/** apt prints no progress to a pipe, so slipway watches the sizes of its files. */
function watchGrowth(directories: readonly string[], meter: Meter): Disposable {
  const sizes = (): number =>
    directories
      .flatMap((directory) => readdirSync(directory, { withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .reduce(
        (sum, { parentPath, name }) => sum + (statSync(join(parentPath, name), { throwIfNoEntry: false })?.size ?? 0),
        0,
      );
  let before = sizes();
  const timer = setInterval(() => {
    const now = sizes();
    meter.moved(Math.max(0, now - before));
    before = now;
  }, GROWTH).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Milliseconds between two looks. */
const GROWTH = 500;

/** Makes apt use the packages of another processor with separate lists; this machine's lists do not change. */
function otherArchitecture(architecture: string | undefined, work: string): string[] {
  if (architecture === undefined) return [];
  makeDirectories(join(work, 'lists/partial'));
  const settings = [
    ...[`APT::Architecture=${architecture}`, `APT::Architectures=${architecture}`],
    ...[`Dir::State::lists=${work}/lists`, 'Dir::Cache::pkgcache=', 'Dir::Cache::srcpkgcache='],
  ];
  return settings.flatMap((setting) => ['-o', setting]);
}

/** `Inst make (4.3-4.1 Debian:12.11/stable [amd64])` → `make_4.3-4.1_amd64.deb`, apt's file name. */
export function installed(simulated: string): string[] {
  return [...simulated.matchAll(/^Inst (\S+) \((\S+) .*\[(\w+)\]\)/gm)]
    .map(([, name, version, architecture]) => `${name}_${version!.replaceAll(':', '%3a')}_${architecture}.deb`)
    .sort();
}

/** A status file that lists only the excluded packages as installed. */
async function pretendInstalled(
  request: GatheringPackages,
  runner: CommandRunner,
  options: readonly string[],
): Promise<string> {
  const shown = await output(request, runner, [
    'apt-cache',
    ...options,
    'show',
    '--no-all-versions',
    ...takenForInstalled,
  ]);
  const fields = /^(?:Package|Version|Architecture|Maintainer|Multi-Arch|Provides):/;
  return shown
    .split(/\n\n+/)
    .filter((stanza) => stanza.startsWith('Package:'))
    .map((stanza) => {
      const kept = stanza.split('\n').filter((line) => fields.test(line));
      return [...kept, 'Status: install ok installed', 'Description: not needed', ''].join('\n');
    })
    .join('\n');
}

async function output(request: GatheringPackages, runner: CommandRunner, argv: readonly string[]): Promise<string> {
  const { env, signal, reference } = request;
  const result = await runner
    .run({ argv, cwd: '/', env: { ...env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' }, signal })
    .catch((error: unknown) => {
      throw error instanceof FailureError && error.failures[0]?.code === 'TOOL_MISSING'
        ? new FailureError({
            code: 'TOOL_MISSING',
            tool: argv[0]!,
            why: 'an image is made of packages on Debian and Ubuntu only',
            hint: 'name an image that can be pulled: KUBE_CROSS_IMAGE=REPOSITORY KUBE_CROSS_VERSION=TAG',
          })
        : error;
    });
  if (result.exit === 0) return result.stdout;
  const said = result.stderr.split('\n').filter((line) => line.startsWith('E:'));
  throw new FailureError({
    code: 'IMAGE_FAILED',
    image: reference,
    fact: `${argv[0]} says ${said.join(' ') || result.stderr.trim()}`,
    hint: 'apt-get update, then run it again',
  });
}
