import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { digestOf, kept, servers } from '../go-tool.ts';

export interface BuildGrid {
  /** BuildGrid's own command. */
  readonly bgd: string;
  /** Programs of buildbox: casd, worker, runners. */
  readonly buildbox: string;
}

/**
 * BuildGrid by the hashes of its `requirements.txt`, and the buildbox of Debian forky, whose signature apt checks: PyPI has no worker.
 * Both are kept between runs, and nothing is installed: buildbox runs with the libraries it was unpacked with. By hand, on Debian.
 */
export function installBuildGrid(say: (line: string) => void): BuildGrid {
  const bgd = once(`buildgrid-${digestOf(requirements)}`, say, makeEnvironment);
  const buildbox = once('buildbox-forky', say, unpackBuildbox);
  return { bgd: join(bgd, 'bin/bgd'), buildbox: join(buildbox, 'bin') };
}

const requirements = join(servers, 'buildgrid/requirements.txt');

/** A place that is whole when it is there: what was begun and not finished is begun anew. */
function once(name: string, say: (line: string) => void, make: (place: string) => void): string {
  const place = join(kept, name);
  const whole = join(place, '.whole');
  if (existsSync(whole)) return place;
  say(`getting ${name}: some minutes, once`);
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  make(place);
  writeFileSync(whole, '');
  return place;
}

/** An environment of Python is bound to its place, so it is made there. */
function makeEnvironment(place: string): void {
  run('python3', ['-m', 'venv', place]);
  run(join(place, 'bin/pip'), [
    'install',
    '--quiet',
    '--require-hashes',
    '--only-binary=:all:',
    '--requirement',
    requirements,
  ]);
}

const programs = ['buildbox-casd', 'buildbox-worker', 'buildbox-run-hosttools', 'buildbox-run-bubblewrap', 'bwrap'];

function unpackBuildbox(place: string): void {
  const state = mkdtempSync(join(kept, 'apt-'));
  try {
    const options = ownState(state);
    run('apt-get', [...options, 'update']);
    run('apt-get', [...options, 'install', '--yes', '--download-only', 'buildbox']);
    const packages = join(state, 'cache/archives');
    for (const name of readdirSync(packages).filter((each) => each.endsWith('.deb')))
      run('dpkg-deb', ['-x', join(packages, name), join(place, 'root')]);
  } finally {
    rmSync(state, { recursive: true });
  }
  mkdirSync(join(place, 'bin'));
  const libraries = join(place, 'root/usr/lib/x86_64-linux-gnu');
  for (const name of programs) {
    const loader = `${libraries}/ld-linux-x86-64.so.2 --library-path ${libraries}`;
    const script = join(place, 'bin', name);
    const program = join(place, 'root', 'usr/bin', name);
    writeFileSync(`${script}.new`, `#!/bin/sh\nexec ${loader} ${program} "$@"\n`);
    chmodSync(`${script}.new`, 0o755);
    renameSync(`${script}.new`, script);
  }
}

/** Apt's lists and packages of another release, separate from those of this machine's release. */
function ownState(state: string): string[] {
  for (const below of ['etc/sources.list.d', 'etc/preferences.d', 'lists/partial', 'cache/archives/partial'])
    mkdirSync(join(state, below), { recursive: true });
  const list = join(state, 'etc/sources.list');
  writeFileSync(join(state, 'status'), '');
  writeFileSync(list, `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${mirror()} forky main\n`);
  return [
    '-q',
    ...Object.entries({
      'Dir::Etc::sourcelist': list,
      'Dir::Etc::sourceparts': join(state, 'etc/sources.list.d'),
      'Dir::Etc::preferencesparts': join(state, 'etc/preferences.d'),
      'Dir::State::lists': join(state, 'lists'),
      'Dir::State::status': join(state, 'status'),
      'Dir::Cache': join(state, 'cache'),
      'APT::Sandbox::User': 'root',
      'APT::Install-Recommends': 'false',
    }).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
  ];
}

/** From where this machine gets its own packages. */
function mirror(): string {
  const directory = '/etc/apt/sources.list.d';
  const files = [
    '/etc/apt/sources.list',
    ...(existsSync(directory) ? readdirSync(directory).map((name) => join(directory, name)) : []),
  ];
  for (const file of files.filter((each) => existsSync(each))) {
    const found = /^(?:URIs:\s*|deb\s+(?:\[[^\]]*\]\s*)?)(\S+)/m.exec(readFileSync(file, 'utf8'))?.[1];
    if (found !== undefined) return found;
  }
  throw new Error('the sources of apt name no mirror');
}

const run = (program: string, args: readonly string[]): void =>
  void execFileSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'] });

/** Where PostgreSQL keeps its programs; `why` they are not here. */
export function postgresPrograms(): string | { readonly why: string } {
  const above = '/usr/lib/postgresql';
  const versions = existsSync(above) ? readdirSync(above).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions.map((version) => join(above, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')));
  return found ?? { why: 'there is no PostgreSQL: apt-get install postgresql' };
}

/** PostgreSQL refuses to be root. */
export function postgresUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string): number => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout);
  return { uid: id('-u'), gid: id('-g') };
}
