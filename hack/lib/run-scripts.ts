import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { remedy, repositoryRoot } from './check.ts';

interface Outcome {
  readonly name: string;
  readonly ok: boolean;
  readonly output: string;
  readonly milliseconds: number;
}

export interface ScriptChoice {
  readonly kind: 'verify' | 'update';
  /** Names to run, as in `verify-<name>.ts`; empty means all. */
  readonly only: readonly string[];
  readonly except: readonly string[];
}

/**
 * Finds `hack/<kind>-*.ts` by name, runs the chosen ones and prints a summary. Checks run in parallel on all cores;
 * updates run one after the other, because each reads the result of the one before.
 */
export async function runScripts({ kind, only, except }: ScriptChoice): Promise<void> {
  const all = scriptNames(kind);
  const unknown = [...only, ...except].filter((name) => !all.includes(name));
  if (unknown.length > 0) {
    console.error(
      `error: hack/ has no ${unknown.map((name) => `${kind}-${name}.ts`).join(', ')}\n  hint: there is ${all.join(', ')}`,
    );
    process.exitCode = 2;
    return;
  }
  const queue = (only.length > 0 ? only : all).filter((name) => !except.includes(name));
  const outcomes: Outcome[] = [];
  const work = async (): Promise<void> => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      const outcome = await runScript(kind, name);
      outcomes.push(outcome);
      report(kind, outcome);
    }
  };
  await Promise.all(Array.from({ length: kind === 'verify' ? availableParallelism() : 1 }, work));
  sumUp(kind, outcomes);
}

function scriptNames(kind: 'verify' | 'update'): readonly string[] {
  return readdirSync(join(repositoryRoot, 'hack'))
    .filter((file) => file.startsWith(`${kind}-`) && file.endsWith('.ts'))
    .map((file) => file.slice(kind.length + 1, -'.ts'.length))
    .sort();
}

function runScript(kind: string, name: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const started = performance.now();
    let output = '';
    const child = spawn(process.execPath, [join('hack', `${kind}-${name}.ts`)], {
      cwd: repositoryRoot,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const keep = (chunk: Buffer): void => void (output += chunk.toString());
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('close', (code) => resolve({ name, ok: code === 0, output, milliseconds: performance.now() - started }));
  });
}

function report(kind: string, { name, ok, output, milliseconds }: Outcome): void {
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${kind}-${name}  ${(milliseconds / 1000).toFixed(1)} s`);
  if (output !== '') console.log(output.trimEnd().replace(/^/gm, '       '));
}

function sumUp(kind: string, outcomes: readonly Outcome[]): void {
  const failed = outcomes.filter(({ ok }) => !ok);
  console.log(`${kind}: ${outcomes.length - failed.length} ok, ${failed.length} failed`);
  for (const { name } of failed)
    console.log(
      `  ${name}: ${kind === 'verify' ? remedy(`verify-${name}.ts`) : 'mend the places named above by hand'}`,
    );
  if (failed.length > 0) process.exitCode = 1;
}
