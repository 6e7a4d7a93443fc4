import type { CommandResult } from '@slipway/adapters';
import type { ExecStep, Failure, Plan } from '@slipway/model';

/** Go's words for troubles that have a better hint than "read the output". */
const patterns: readonly { readonly pattern: RegExp; failure(match: RegExpExecArray, plan: Plan): Failure }[] = [
  { pattern: /no space left on device/, failure: (_match, plan) => ({ code: 'DISK_FULL', path: plan.root }) },
  {
    pattern: /(?:inconsistent vendoring|cannot find module providing package .*: import lookup disabled by -mod=vendor|-mod=vendor.*|cannot find package "\." in:\s+\S*vendor\S*)/,
    failure: (match, plan) => ({ code: 'VENDOR_MISSING', root: plan.root, fact: match[0].split('\n')[0]! }),
  },
  {
    pattern: /errors parsing (?:\S*\/)?(go\.(?:mod|work)):\s*(.*)/,
    failure: (match) => ({ code: 'BAD_GO_MOD', file: match[1]!, fact: match[2]! }),
  },
  { pattern: /open (\S+): (permission denied|read-only file system)/, failure: (match) => ({ code: 'NOT_WRITABLE', path: match[1]!, fact: match[2]! }) },
];

/** What a program's failure is called: a trouble with a known remedy, or simply that it failed. */
export function failureOfOutput(step: ExecStep, plan: Plan, result: CommandResult): Failure {
  for (const { pattern, failure } of patterns) {
    const match = pattern.exec(result.output);
    if (match !== null) return failure(match, plan);
  }
  return { code: 'COMMAND_FAILED', command: step.title, exit: result.exit ?? result.signal ?? 'an unknown end' };
}
