import type { Environment, Event } from '@slipway/model';
import { Repo, type RunOptions } from './repo-rig.ts';
import { type Ended, cleanEnvironment } from './slipway-process.ts';

export interface Checked extends Ended {
  /** By name, how each script ended, and why. */
  readonly checks: Readonly<Record<string, { readonly is: string; readonly why: string; readonly output: string }>>;
  /** Names of those that ran and passed, in their order. */
  readonly ran: readonly string[];
  readonly failed: readonly string[];
  /** Why what passed is not kept. */
  readonly notKept: Readonly<Record<string, string>>;
}

/** A tree without commands, to test its scripts; it has a store of its own. */
export class CheckedRepo extends Repo {
  override readonly env: Environment;

  constructor(files: Readonly<Record<string, string>>) {
    super('empty');
    this.env = { ...cleanEnvironment(this.home), XDG_CACHE_HOME: `${this.base}/caches` };
    this.write({ 'go.mod': 'module c.example\n\ngo 1.24\n', 'slipway.config.ts': scriptsOnly(), ...files }).init(
      'v1.0.0',
    );
  }

  async check(args: readonly string[] = ['verify'], options?: RunOptions): Promise<Checked> {
    const ended = await this.slipway(['--json', ...args], options);
    const events = ended.stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Event);
    const told = events.flatMap((event) =>
      event.kind === 'step-finished' && event.step.kind === 'exec' && event.step.check !== undefined
        ? [{ ...event.outcome, name: event.step.check.name, output: event.output }]
        : [],
    );
    const named = (wanted: string): string[] => told.flatMap(({ name, is }) => (is === wanted ? [name] : [])).sort();
    return {
      ...ended,
      checks: Object.fromEntries(told.map(({ name, is, why, output }) => [name, { is, why, output }])),
      ran: named('ran'),
      failed: named('failed'),
      notKept: Object.fromEntries(
        told.flatMap(({ name, parts = [] }) =>
          parts.flatMap(({ notKept }) => (notKept === undefined ? [] : [[name, notKept]])),
        ),
      ),
    };
  }
}

/** `#!/bin/bash`, that ends at the first failure. */
export const bash = (text: string): string => `#!/bin/bash\nset -e\n${text}\n`;

/** A configuration with which no check of slipway's own runs. */
export const scriptsOnly = (verify = ''): string => `export default { verify: { checks: [], ${verify} } };\n`;
