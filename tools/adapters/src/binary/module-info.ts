import type { GoBuildInfo, GoModuleVersion } from './binary-file.ts';

/**
 * Parses the text that Go writes into a binary, as ParseBuildInfo of its runtime/debug (mod.go) does: lines `path`,
 * `mod`, `dep`, `=>` (replaces the line before) and `build`, with tabs. Other lines are left out.
 */
export function parseModuleInfo(text: string): Omit<GoBuildInfo, 'goVersion'> {
  let path = '';
  let main: GoModuleVersion | undefined;
  const modules: GoModuleVersion[] = [];
  const settings: Record<string, string> = {};
  let replace = (_by: GoModuleVersion): void => {};
  for (const line of text.split('\n')) {
    const [word, ...columns] = line.split('\t') as [string, ...string[]];
    if (word === 'path') path = columns.join('\t');
    if (word === 'mod') {
      const module = readModule(columns);
      main = module;
      replace = (by) => (main = { ...module, replace: by });
    }
    if (word === 'dep') {
      const module = readModule(columns);
      const index = modules.push(module) - 1;
      replace = (by) => (modules[index] = { ...module, replace: by });
    }
    if (word === '=>') replace(readModule(columns));
    if (word === 'build') {
      const [key, value] = readSetting(columns.join('\t'));
      if (key !== '') settings[key] = value;
    }
  }
  return { path, main, modules, settings };
}

const readModule = ([path = '', version = '', sum = '']: readonly string[]): GoModuleVersion => ({
  path,
  version,
  sum,
});

function readSetting(text: string): [key: string, value: string] {
  const quoted = /^("(?:[^"\\]|\\.)*"|`[^`]*`)=/.exec(text)?.[1];
  const end = quoted === undefined ? text.indexOf('=') : quoted.length;
  return end === -1 ? ['', ''] : [unquote(text.slice(0, end)), unquote(text.slice(end + 1))];
}

const escapes: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** Go's strconv.Unquote, for the output of strconv.Quote. */
function unquote(text: string): string {
  if (/^`[^`]*`$/.test(text)) return text.slice(1, -1);
  if (!/^"(?:[^"\\]|\\.)*"$/.test(text)) return text;
  return text
    .slice(1, -1)
    .replace(
      /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))/g,
      (whole, x?: string, u?: string, U?: string, single = '') => {
        const code = x ?? u ?? U;
        if (code === undefined) return escapes[single] ?? single;
        const point = Number.parseInt(code, 16);
        return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
      },
    );
}
