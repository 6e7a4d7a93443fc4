import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Environment, gitEnvironment, gitQuestion } from '@slipway/model';
import { runOnTheSpot } from '../process/on-the-spot.ts';

/** A program that git runs because of the repository's settings, not the user's. */
export interface GitProgram {
  /** Git's name: `filter.x.clean`. */
  readonly name: string;
  readonly value: string;
  /** The file with the setting, absolute. */
  readonly file: string;
}

/**
 * Settings with programs that git runs for queries of slipway or Go, and that no option turns off: filters for changed
 * files and archives, and signature checks for `$Format:%G?$` in an archive. A monitor with a value other than yes or
 * no is a program.
 */
const programs = /^(?:filter\..*\.(?:clean|smudge|process)|core\.fsmonitor|gpg\.(?:.*\.)?program)$/;
const yesOrNo = /^(?:true|yes|on|1|false|no|off|0|)$/i;

/** The scopes of the repository's own settings. */
const own = new Set(['local', 'worktree']);

/** The programs of a directory's repository and its submodules. None of them runs. Empty without git. */
export function gitPrograms(directory: string, environment: Environment): readonly GitProgram[] {
  const seen = new Set<string>();
  const look = (at: string): GitProgram[] => {
    const top = ask(at, environment, 'rev-parse', '--show-toplevel').replace(/\n$/, '');
    if (top === '' || seen.has(top)) return [];
    seen.add(top);
    return [...namedIn(top, environment), ...submodules(top, environment).flatMap(look)];
  };
  return look(directory);
}

function namedIn(top: string, environment: Environment): GitProgram[] {
  const words = ask(top, environment, 'config', '--list', '--show-scope', '--show-origin', '-z').split('\0');
  const settings = Array.from({ length: Math.floor(words.length / 3) }, (_, at) => words.slice(3 * at, 3 * at + 3));
  return settings.flatMap(([scope = '', origin = '', text = '']) => {
    const [name = '', ...lines] = text.split('\n');
    const value = lines.join('\n');
    const isProgram = own.has(scope) && programs.test(name) && value !== '';
    return isProgram && !(name === 'core.fsmonitor' && yesOrNo.test(value))
      ? [{ name, value, file: join(top, origin.replace(/^file:/, '')) }]
      : [];
  });
}

/** Existing submodules. */
const submodules = (top: string, environment: Environment): string[] =>
  ask(top, environment, 'ls-files', '--stage', '-z')
    .split('\0')
    .filter((line) => line.startsWith('160000 '))
    .map((line) => join(top, line.slice(line.indexOf('\t') + 1)))
    .filter((directory) => existsSync(join(directory, '.git')));

function ask(cwd: string, environment: Environment, ...args: string[]): string {
  const { exit, stdout } = runOnTheSpot({ argv: gitQuestion(...args), cwd, env: gitEnvironment(environment) });
  return exit === 0 ? stdout : '';
}
