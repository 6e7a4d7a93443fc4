import { commandFiles } from './command-files.ts';
import { GoFile } from './go-file.ts';
import { phrase, writeFunction } from './go-functions.ts';
import { type PackageFile, type PackageWriting, weighing } from './package-writing.ts';
import { type Random, seededRandom } from './random.ts';
import { distributions } from './shape.ts';
import type { SyntheticFile } from './synthetic-file.ts';
import type { SyntheticTree } from './synthetic-tree.ts';
import { testFiles } from './test-files.ts';
import { capitalize, nouns, verbs } from './words.ts';

/** The files of all packages, dependencies first. */
export function* packageFiles(tree: SyntheticTree): Iterable<SyntheticFile> {
  const byPath = new Map(tree.packages.map((each) => [each.importPath, each]));
  for (const each of tree.packages) {
    const random = seededRandom(tree.seed, 'files', each.importPath);
    const writing: PackageWriting = {
      package: each,
      imports: each.imports.map((path) => byPath.get(path)!),
      random,
      freshName: freshNames(random),
    };
    const files = each.kind === 'library' ? [...libraryFiles(writing), ...testFiles(writing)] : commandFiles(writing);
    for (const { path, text } of files) yield { path: `${each.dir}/${path}`, text };
  }
}

function freshNames(random: Random): () => string {
  const taken = new Set<string>();
  return () => {
    const name = `${random.pick(verbs)}${capitalize(random.pick(nouns))}`;
    const fresh = taken.has(name) ? `${name}${taken.size}` : name;
    taken.add(fresh);
    return fresh;
  };
}

/** `Weigh` and `Hold` are what every package offers to those that import it. */
function libraryFiles(writing: PackageWriting): PackageFile[] {
  const { package: each, random } = writing;
  const others = random
    .shuffle(nouns.filter((noun) => noun !== each.name))
    .slice(0, Math.max(0, random.quantile(distributions.goFiles[each.module.part]) - 1));
  const names = [each.name, ...others];
  return [
    ...names.map((name, index) => ({ path: `${name}.go`, text: libraryFile(writing, names, index) })),
    ...platformFiles(writing),
    ...embeddedFiles(writing),
    ...generatorFiles(writing),
  ];
}

/** The imports of a package are dealt to its files in turn. */
function libraryFile(writing: PackageWriting, names: readonly string[], index: number): string {
  const { package: each, random } = writing;
  const file = new GoFile(
    each.name,
    index === 0 ? { comment: `Package ${each.name} minds every ${phrase(random)} and ${phrase(random)}.` } : {},
  );
  const dealt = writing.imports
    .filter((_, at) => at % names.length === index)
    .map((other) => file.use(other.importPath, other.name));
  const weigh = index === 0 ? 'Weigh' : `weigh${capitalize(names[index]!)}`;
  if (index === 0) addHold(file, dealt.slice(0, 4), random);
  const functions = Array.from({ length: random.quantile(distributions.functions) }, () =>
    writeFunction(writing.freshName(), file, random),
  );
  const kept = functions.filter((name) => name !== undefined);
  if (kept.length > 0)
    file.add(
      `// kept${capitalize(names[index]!)} is what others may ask for by number.\nvar kept${capitalize(names[index]!)} = []any{\n${kept.map((name) => `\t${name},\n`).join('')}}`,
    );
  const terms = [
    ...dealt.map((name) => `${name}.Weigh(depth - 1)`),
    ...(index === 0 ? names.slice(1).map((name) => `weigh${capitalize(name)}(depth)`) : []),
    ...(kept.length > 0 ? [`len(kept${capitalize(names[index]!)})`] : []),
  ];
  file.add(weighing(weigh, terms, random.below(100)));
  return file.toString();
}

function addHold(file: GoFile, imports: readonly string[], random: Random): void {
  const fields = [
    ['Name', 'string'],
    ['Depth', 'int'],
    ...imports.map((name, index) => [`Near${index + 1}`, `*${name}.Hold`]),
  ];
  const width = Math.max(...fields.map(([name]) => name!.length));
  file.add(`// Hold keeps what is known of one ${phrase(random)}.
type Hold struct {
${fields.map(([name, kind]) => `\t${name!.padEnd(width)} ${kind}`).join('\n')}
}

// NewHold gives a hold with a name.
func NewHold(name string) *Hold {
	return &Hold{Name: name, Depth: ${random.below(50)}}
}`);
}

/** One answer per operating system. */
function platformFiles({ package: each, random }: PackageWriting): PackageFile[] {
  if (!random.chance(0.06)) return [];
  const variants = [
    { suffix: 'linux', header: '' },
    { suffix: 'windows', header: '' },
    { suffix: 'other', header: '//go:build !linux && !windows' },
  ];
  return variants.map(({ suffix, header }) => {
    const file = new GoFile(each.name, { header });
    file.add(
      `// hostKind is the kind of system the package was built for.\nfunc hostKind() string {\n\treturn "${suffix}: ${phrase(random)}"\n}`,
    );
    if (suffix === 'linux' && random.chance(0.3))
      file.add(
        `// HostPage is how much the system moves at once.\nfunc HostPage() int {\n\treturn ${file.use('os')}.Getpagesize() + len(hostKind())\n}`,
      );
    else
      file.add(
        '// HostPage is how much the system moves at once.\nfunc HostPage() int {\n\treturn 4096 + len(hostKind())\n}',
      );
    return { path: `host_${suffix}.go`, text: file.toString() };
  });
}

function embeddedFiles({ package: each, random }: PackageWriting): PackageFile[] {
  if (!random.chance(0.01)) return [];
  const file = new GoFile(each.name);
  file.useSilently('embed');
  file.add('// Notice is told to who asks.\n//\n//go:embed notice.txt\nvar Notice string');
  return [
    { path: 'embedded.go', text: file.toString() },
    { path: 'notice.txt', text: `${Array.from({ length: 4 }, () => `Mind the ${phrase(random)}.`).join('\n')}\n` },
  ];
}

/** A program beside a library that no build includes. */
function generatorFiles({ package: each, random }: PackageWriting): PackageFile[] {
  if (each.module.part === 'vendor' || !random.chance(0.02)) return [];
  const file = new GoFile('main', { header: '//go:build ignore' });
  file.add(`func main() {\n\tprintln("${phrase(random)}")\n}`);
  return [{ path: 'gen.go', text: file.toString() }];
}
