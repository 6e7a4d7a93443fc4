import type { Importing, Violation } from './importing.ts';

/** Of what the selector matches, an import must begin with an allowed prefix and with no forbidden one. */
export interface ImportRule {
  readonly selector: RegExp;
  readonly allowed: readonly string[];
  readonly forbidden: readonly string[];
  /** Of inverse rules: also for those who import it through others. */
  readonly transitive: boolean;
}

/** One `.import-restrictions`. */
export interface RuleFile {
  readonly path: string;
  readonly rules: readonly ImportRule[];
  readonly inverseRules: readonly ImportRule[];
}

type Kind = 'rules' | 'inverseRules';

/**
 * What import-boss of Kubernetes 1.28 refuses: rules of the files from a package's directory up to its module's root, the
 * nearest first, until one allows the import. It looks at imports themselves; import-boss also at those of the packages of its
 * command line that these lead to.
 */
export function bossViolations(
  packages: readonly Importing[],
  filesOf: (place: string) => readonly RuleFile[],
): Violation[] {
  const importers = new Map<string, string[]>();
  for (const one of packages)
    for (const path of allImports(one)) importers.set(path, [...(importers.get(path) ?? []), one.importPath]);
  return packages.flatMap((one) => {
    const files = filesOf(one.place);
    const imports = allImports(one).flatMap((path) => judge(path, files, 'rules', () => true));
    const inverse = files.some(({ inverseRules }) => inverseRules.length > 0) ? reach(importers, one.importPath) : [];
    const direct = new Set(importers.get(one.importPath));
    return [
      ...imports.map(({ path, ...rule }) => ({ importPath: one.importPath, imports: path, ...rule })),
      ...inverse
        .flatMap((path) => judge(path, files, 'inverseRules', ({ transitive }) => transitive || direct.has(path)))
        .map(({ path, ...rule }) => ({ importPath: path, imports: one.importPath, ...rule })),
    ];
  });
}

const allImports = ({ importPath, imports, testImports }: Importing): string[] =>
  [...new Set([...imports, ...testImports])].filter((path) => path !== importPath).sort();

interface Refusal {
  readonly path: string;
  readonly file: string;
  readonly why: string;
}

function judge(path: string, files: readonly RuleFile[], kind: Kind, counts: (rule: ImportRule) => boolean): Refusal[] {
  const refusals: Refusal[] = [];
  for (const file of files)
    for (const rule of file[kind].filter((each) => counts(each) && each.selector.test(path))) {
      const forbidden = rule.forbidden.find((prefix) => path.startsWith(prefix));
      const allowed = rule.allowed.some((prefix) => path.startsWith(prefix));
      if (forbidden !== undefined)
        refusals.push({ path, file: file.path, why: `forbidden by the prefix '${forbidden}'` });
      else if (!allowed) refusals.push({ path, file: file.path, why: 'not among the allowed prefixes' });
      if (allowed) return refusals;
    }
  return refusals;
}

/** All who import a package, directly or not. */
function reach(importers: ReadonlyMap<string, readonly string[]>, start: string): string[] {
  const found = new Set(importers.get(start));
  for (const path of found) for (const next of importers.get(path) ?? []) found.add(next);
  return [...found].filter((path) => path !== start).sort();
}
