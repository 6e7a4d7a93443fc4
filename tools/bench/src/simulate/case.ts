import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { studyPage } from './page.ts';
import type { Recording } from './recording.ts';
import { type StudyOptions, defaults, formatStudy, study } from './study.ts';

const recorded = resolve(import.meta.dirname, '../../recordings/kubernetes.json.gz');
const page = resolve(import.meta.dirname, '../../../../_output/simulated-cluster.html');

export const simulateUsage = `npm run bench -- --case simulate [--recording FILE] [--set NAME=NUMBER]… [--html FILE] [--json]
names: ${Object.entries(defaults)
  .map(([name, value]) => `${name}=${value}`)
  .join(', ')}`;

/**
 * Undefined if another case was requested. Otherwise it writes the page and returns the text to print. Throws an Error
 * about an invalid word.
 */
export function simulateCase(argv: readonly string[]): string | undefined {
  if (!argv.some((word, at) => word === '--case=simulate' || (word === 'simulate' && argv[at - 1] === '--case')))
    return undefined;
  const { values } = parseArgs({
    args: [...argv],
    options: {
      case: { type: 'string', multiple: true },
      recording: { type: 'string', default: recorded },
      set: { type: 'string', multiple: true, default: [] },
      html: { type: 'string', default: page },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return simulateUsage;
  const recording = JSON.parse(String(gunzipSync(readFileSync(values.recording)))) as Recording;
  const result = study(recording, optionsOf(values.set));
  mkdirSync(dirname(values.html), { recursive: true });
  writeFileSync(values.html, studyPage(result));
  return values.json ? JSON.stringify(result, undefined, 2) : `${formatStudy(result)}${values.html} has the curves`;
}

function optionsOf(words: readonly string[]): StudyOptions {
  const said = words.map((word): [string, number] => {
    const [name = '', value = ''] = word.split('=');
    if (!Object.hasOwn(defaults, name) || value === '' || !(Number(value) >= 0))
      throw new Error(`--set ${word}: one of ${Object.keys(defaults).join(', ')}, and a number`);
    return [name, Number(value)];
  });
  return { ...defaults, ...Object.fromEntries(said) };
}
