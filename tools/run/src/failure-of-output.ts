import type { CommandResult } from '@slipway/adapters';
import type { ExecStep, Failure, Plan } from '@slipway/model';

/** A step that runs a program. */
type Program = Pick<ExecStep, 'argv' | 'env' | 'title'>;

interface Pattern {
  readonly pattern: RegExp;
  failure(match: RegExpExecArray, plan: Plan, step: Program): Failure;
}

/** Reports whether modules may come only from vendor/, as scripts and users without a network set it. */
const offline = (plan: Plan, step: Program): boolean => (step.env['GOPROXY'] ?? plan.environment['GOPROXY']) === 'off';

/** Go's messages with a better hint than "read the output". The first match wins. */
const patterns: readonly Pattern[] = [
  {
    pattern: /(?:\w+ (\/[^:\n]+): )?no space left on device/,
    failure: (match, plan) => ({ code: 'DISK_FULL', path: match[1] ?? plan.root }),
  },
  {
    // The file (with the line if Go knows it), and the error.
    pattern: /errors parsing [^\n]+:\n(.*?go\.(?:mod|work)(?::\d+)?): (.*)/,
    failure: (match) => ({ code: 'BAD_GO_MOD', file: match[1]!, fact: match[2]! }),
  },
  {
    pattern: /(inconsistent vendoring)(?: in [^\n]*:\n\s*(.+))?/,
    failure: (match, plan) => ({ code: 'VENDOR_MISSING', root: plan.root, fact: match[2] ?? match[1]! }),
  },
  {
    pattern:
      /cannot find module providing package .*: import lookup disabled by -mod=vendor|-mod=vendor.*|cannot find package "\." in:\s+\S*vendor\S*/,
    failure: (match, plan) => ({ code: 'VENDOR_MISSING', root: plan.root, fact: match[0] }),
  },
  {
    pattern:
      /missing go\.sum entry for (?:go\.mod file|module providing package) \S+|\S+ module lookup disabled by GOPROXY=off/,
    failure: ([fact], plan, step) =>
      offline(plan, step)
        ? { code: 'VENDOR_MISSING', root: plan.root, fact }
        : { code: 'BAD_GO_MOD', file: 'go.mod', fact },
  },
  {
    pattern: /build output "([^"]+)" already exists and is (.+)/,
    failure: (match) => ({ code: 'NOT_WRITABLE', path: match[1]!, fact: `what is there is ${match[2]!}` }),
  },
  {
    pattern: /(?:open|mkdir|create|rename|unlinkat) ([^:\n]+)(?<!\.go): (permission denied|read-only file system)/,
    failure: (match) => ({ code: 'NOT_WRITABLE', path: match[1]!, fact: match[2]! }),
  },
];

/** The failure of a program: a known one with a remedy, or a general one. */
export function failureOfOutput(step: Program, plan: Plan, result: CommandResult): Failure {
  for (const { pattern, failure } of patterns) {
    const match = pattern.exec(result.output);
    if (match !== null) return failure(match, plan, step);
  }
  const first = firstError(result.output);
  return {
    ...{ code: 'COMMAND_FAILED', command: step.title, exit: result.exit ?? result.signal ?? 'an unknown end' },
    ...(first === undefined ? {} : { first }),
  };
}

/** The first line that names a file and line. */
const firstError = (output: string): string | undefined =>
  /^(?:\S*: )?\S+\.\w+:\d+(?::\d+)?: .+$/m.exec(output)?.[0].slice(0, LONGEST_LINE);

/** Characters. A compiler may quote a whole generated line. */
const LONGEST_LINE = 400;
