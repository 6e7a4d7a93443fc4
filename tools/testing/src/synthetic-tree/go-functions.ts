import type { GoFile } from './go-file.ts';
import type { Random } from './random.ts';
import { adjectives, nouns } from './words.ts';

/** Writes a declaration of a name nobody in the package has yet. */
type WriteFunction = (name: string, file: GoFile, random: Random) => string;

/** The kinds of functions, with their frequency; the packages of the standard library they use are Kubernetes' most frequent ones. */
const functions: readonly { readonly weight: number; readonly write: WriteFunction; readonly generic?: true }[] = [
  { weight: 16, write: fold },
  { weight: 10, write: choose },
  { weight: 8, write: table },
  { weight: 10, write: record },
  { weight: 4, write: keep, generic: true },
  { weight: 10, write: format },
  { weight: 6, write: (name, file, random) => words(name, file.use('strings'), random) },
  { weight: 5, write: (name, file, random) => guard(name, file.use('sync'), random) },
  { weight: 5, write: (name, file, random) => wait(name, file.use('context'), file.use('time'), random) },
  {
    weight: 4,
    write: (name, file) =>
      `// ${name} orders a copy of the given names.\nfunc ${name}(names []string) []string {\n\tresult := append([]string(nil), names...)\n\t${file.use('sort')}.Strings(result)\n\treturn result\n}`,
  },
  {
    weight: 4,
    write: (name, file, random) =>
      `// ${name} reads a number of at most ${random.below(900) + 99}.\nfunc ${name}(word string) (int, error) {\n\tn, err := ${file.use('strconv')}.Atoi(word)\n\tif err != nil {\n\t\treturn 0, err\n\t}\n\treturn n % ${random.below(900) + 99}, nil\n}`,
  },
  {
    weight: 3,
    write: (name, file) =>
      `// ${name} copies what there is and says how much it was.\nfunc ${name}(to ${file.use('io')}.Writer, from io.Reader) (int64, error) {\n\treturn io.Copy(to, from)\n}`,
  },
  { weight: 3, write: encode },
  {
    weight: 2,
    write: (name, file, random) =>
      `// ${name} is a digest of a name.\nfunc ${name}(name string) string {\n\tsum := ${file.use('crypto/sha256')}.Sum256([]byte(name + "${phrase(random)}"))\n\treturn ${file.use('encoding/hex')}.EncodeToString(sum[:])\n}`,
  },
  {
    weight: 1,
    write: (name, file, random) =>
      `// ${name} tells whether a path lies where the ${random.pick(nouns)} does.\nfunc ${name}(path string) bool {\n\t_, err := ${file.use('os')}.Stat(${file.use('path/filepath')}.Join(path, "${random.pick(nouns)}"))\n\treturn err == nil\n}`,
  },
  { weight: 0.4, write: serve },
];

/** Returns what can be put into a list of values: a generic function is none. */
export function writeFunction(name: string, file: GoFile, random: Random): string | undefined {
  let left = random.next() * totalWeight;
  const { write, generic } = functions.find(({ weight }) => (left -= weight) < 0) ?? functions[0]!;
  file.add(write(name, file, random));
  return generic ? undefined : name;
}

const totalWeight = functions.reduce((sum, { weight }) => sum + weight, 0);

/** `steady keel`. */
export const phrase = (random: Random): string => `${random.pick(adjectives)} ${random.pick(nouns)}`;

function fold(name: string, _file: GoFile, random: Random): string {
  const [by, below] = [random.below(60) + 3, random.below(9000) + 97];
  return `// ${name} folds n into a number below ${below}.
func ${name}(n int) int {
	total := ${random.below(100)}
	for i := 0; i < n; i++ {
		if i%${random.below(7) + 2} == 0 {
			total += ${random.below(50) + 1}
		}
		total = (total*${by} + i) % ${below}
	}
	return total
}`;
}

function choose(name: string, _file: GoFile, random: Random): string {
  const cases = new Set(Array.from({ length: random.below(10) + 3 }, () => phrase(random)));
  return `// ${name} knows the number of a few words.
func ${name}(word string) int {
	switch word {
${[...cases].map((word) => `\tcase "${word}":\n\t\treturn ${random.below(1000)}`).join('\n')}
	default:
		return len(word)
	}
}`;
}

function table(name: string, _file: GoFile, random: Random): string {
  const rows = [...new Set(Array.from({ length: random.below(14) + 4 }, () => phrase(random)))];
  const width = Math.max(...rows.map((row) => row.length));
  return `var table${name} = map[string]int{
${rows.map((row) => `\t"${row}":${' '.repeat(width - row.length + 1)}${random.below(1000)},`).join('\n')}
}

// ${name} looks a word up.
func ${name}(word string) (int, bool) {
	n, ok := table${name}[word]
	return n, ok
}`;
}

function record(name: string, _file: GoFile, random: Random): string {
  const kinds = ['string', 'int', '[]string', 'map[string]string', 'bool', '*int64'];
  const fields = random
    .shuffle(nouns)
    .slice(0, random.below(9) + 2)
    .map((noun) => ({ field: noun[0]!.toUpperCase() + noun.slice(1), kind: random.pick(kinds) }));
  const widest = Math.max(...fields.map(({ field }) => field.length));
  const kindWidth = Math.max(...fields.map(({ kind }) => kind.length));
  const texts = fields.filter(({ kind }) => kind === 'string').map(({ field }) => `r.${field}`);
  return `// ${name}Record is what is written down of a ${phrase(random)}.
type ${name}Record struct {
${fields.map(({ field, kind }) => `\t${field.padEnd(widest)} ${kind.padEnd(kindWidth)} \`json:"${field.toLowerCase()},omitempty"\``).join('\n')}
}

// Title says in one line what the record is about.
func (r *${name}Record) Title() string {
	return ${[`"${phrase(random)}"`, ...texts].join(' + " " + ')}
}

// ${name} gives a record to begin with.
func ${name}() *${name}Record {
	return &${name}Record{}
}`;
}

function keep(name: string): string {
  return `// ${name} gives the items that pass.
func ${name}[T any](items []T, pass func(T) bool) []T {
	var result []T
	for _, item := range items {
		if pass(item) {
			result = append(result, item)
		}
	}
	return result
}`;
}

function format(name: string, file: GoFile, random: Random): string {
  const fmt = file.use('fmt');
  return `// ${name} says what became of something.
func ${name}(what string, count int) (string, error) {
	if count < ${random.below(20)} {
		return "", ${fmt}.Errorf("${phrase(random)}: %d of %s are too few", count, what)
	}
	return ${fmt}.Sprintf("%s: %d ${random.pick(nouns)}", what, count), nil
}`;
}

function words(name: string, strings: string, random: Random): string {
  return `// ${name} writes a list of words in one line.
func ${name}(list []string) string {
	var line ${strings}.Builder
	for i, word := range list {
		if i > 0 {
			line.WriteString(" ${random.pick(nouns)} ")
		}
		line.WriteString(${strings}.TrimSpace(word))
	}
	return line.String()
}`;
}

function guard(name: string, sync: string, random: Random): string {
  return `// ${name}Guard counts from several goroutines.
type ${name}Guard struct {
	mu    ${sync}.Mutex
	count map[string]int
}

// Add counts one more ${random.pick(nouns)}.
func (g *${name}Guard) Add(word string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.count == nil {
		g.count = map[string]int{}
	}
	g.count[word] += ${random.below(9) + 1}
	return g.count[word]
}

// ${name} gives a guard that has counted nothing.
func ${name}() *${name}Guard {
	return &${name}Guard{}
}`;
}

function wait(name: string, context: string, time: string, random: Random): string {
  return `// ${name} waits a little, or until it is told to stop.
func ${name}(ctx ${context}.Context) error {
	timer := ${time}.NewTimer(${random.below(90) + 1} * ${time}.Millisecond)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}`;
}

function encode(name: string, file: GoFile, random: Random): string {
  return `// ${name} writes a ${random.pick(nouns)} for programs.
func ${name}(fields map[string]string) ([]byte, error) {
	return ${file.use('encoding/json')}.Marshal(fields)
}`;
}

function serve(name: string, file: GoFile, random: Random): string {
  const http = file.use('net/http');
  return `// ${name} answers that it is there.
func ${name}(w ${http}.ResponseWriter, _ *${http}.Request) {
	w.WriteHeader(${http}.StatusOK)
	_, _ = w.Write([]byte("${phrase(random)}\\n"))
}`;
}
