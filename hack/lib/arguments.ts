import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/**
 * Arguments of a script of hack/. An unknown flag or one word too many ends the script with its usage, because nobody
 * wants a directory called --help.
 */
export function scriptArguments<O extends ParseArgsOptionsConfig>(usage: string, options: O, most = Infinity) {
  try {
    const parsed = parseArgs({ options, allowPositionals: true });
    if (parsed.positionals.length <= most) return parsed;
  } catch {
    // The typed line shows the word already.
  }
  console.error(`usage: ${usage}`);
  return process.exit(2);
}
