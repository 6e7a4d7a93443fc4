import { dirname, join } from 'node:path';
import { $ } from 'zx';

const root = dirname(import.meta.dirname);
const main = join(root, 'tools/cli/src/main.ts');

/** Runs slipway for this repository at this terminal, and ends the same way. */
export async function slipway(...words: readonly string[]): Promise<void> {
  // The terminal sends Ctrl-C to both; slipway decides how to end.
  process.on('SIGINT', () => {});
  const { exitCode } = await $({ cwd: root, stdio: 'inherit', nothrow: true })`${process.execPath} ${main} ${words}`;
  process.exitCode = exitCode ?? 1;
}

/** Words of the command line. Flags before the first word are slipway's. */
export function wordsGiven(): { readonly flags: readonly string[]; readonly words: readonly string[] } {
  const given = process.argv.slice(2);
  const first = given.findIndex((word) => !word.startsWith('-'));
  const at = first === -1 ? given.length : first;
  return { flags: given.slice(0, at), words: given.slice(at) };
}
