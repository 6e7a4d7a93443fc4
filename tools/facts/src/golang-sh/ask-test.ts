import { join } from 'node:path';
import type { Environment } from '@slipway/model';
import { allowRun } from '../tree-code.ts';
import { parseRecords } from './answer.ts';
import { type Asker, badScript, runProbe } from './run-probe.ts';
import { testProbe } from './scripts.ts';

export interface TestQuestion extends Asker {
  /** Words that name packages. Without words the script finds its own. */
  readonly words: readonly string[];
  readonly variables: Environment;
}

/** How the tree's own script runs tests. */
export interface TestAnswer {
  /** Flags of `go test`. */
  readonly flags: readonly string[];
  readonly packages: readonly string[];
  /** Variables of the tests. */
  readonly environment: Environment;
}

const script = 'hack/make-rules/test.sh';

/** Milliseconds. Kubernetes' script searches all its files in one or two seconds. */
const LONGEST_WAIT = 120_000;

/** Variables that the script gets. Slipway handles coverage and reports itself. */
const asked = /^KUBE_(RACE|TIMEOUT|[A-Z_]*(DETECTOR|DECODE_ERROR)|TEST_API_VERSIONS)$/;

/** Undefined in a tree without such a script. Throws BAD_SCRIPT. */
export async function askTest(question: TestQuestion): Promise<TestAnswer | undefined> {
  const { root, disk, words, variables } = question;
  if (!disk.isFile(join(root, script)) || !disk.isFile(join(root, 'hack/lib/init.sh'))) return undefined;
  allowRun(question.code, root, join(root, script));
  const given = Object.entries(variables).filter(([name]) => asked.test(name));
  const result = await runProbe(question, {
    ...{ script, probe: testProbe(), args: [root, ...words], longest: LONGEST_WAIT },
    given: { ...Object.fromEntries(given), KUBE_VERBOSE: '0' },
  });
  const answer = parseTestAnswer(result.stdout, disk.readText(join(root, script)) ?? '');
  if (answer !== undefined) return answer;
  throw badScript(script, 'it called no go test', result.stderr);
}

/** Variables that the script itself exports are for tests; those of its libraries are for scripts. */
export function parseTestAnswer(stdout: string, text: string): TestAnswer | undefined {
  const exported = new Set([...text.matchAll(/^\s*export +(KUBE_\w+)/gm)].map(([, name]) => name));
  const records = parseRecords(stdout) ?? [];
  const [, ...words] = records.find(([kind]) => kind === 'test') ?? [];
  if (words.length === 0) return undefined;
  const variables = records.flatMap(([kind, field = '']) => {
    const at = field.indexOf('=');
    const isForTests = kind === 'variable' && exported.has(field.slice(0, at));
    return isForTests ? [[field.slice(0, at), field.slice(at + 1)] as const] : [];
  });
  const { flags, rest } = splitWords(words);
  return { flags, packages: rest, environment: Object.fromEntries(variables) };
}

/** `-timeout 120s` in older scripts is one flag. */
function splitWords(words: readonly string[]): { flags: string[]; rest: string[] } {
  const flags: string[] = [];
  const rest: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === '-timeout') flags.push(`-timeout=${words[++at]}`);
    else if (word.startsWith('-timeout ')) flags.push(word.replace(' ', '='));
    else (word.startsWith('-') ? flags : rest).push(word);
  }
  return { flags, rest };
}
