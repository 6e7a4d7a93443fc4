import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';

/**
 * What a script of hack/ was given. A word that begins with a dash and is none of its flags, or one word too many, ends it with
 * its usage: a directory that is called --help helps nobody.
 */
export function scriptArguments<O extends ParseArgsOptionsConfig>(usage: string, options: O, most = Infinity) {
  try {
    const parsed = parseArgs({ options, allowPositionals: true });
    if (parsed.positionals.length <= most) return parsed;
  } catch {
    // Which word it was stands in what was typed.
  }
  console.error(`usage: ${usage}`);
  return process.exit(2);
}
