import { expect } from 'vitest';
import { type Failure, type FailureCode, exitCodes, failureExit } from '@slipway/model';
import type { Ended } from './slipway-process.ts';

export interface ExpectedFailure {
  /** In the message. */
  readonly says?: string | RegExp;
  readonly hint?: string | RegExp;
  /** How many messages there are; usually one. */
  readonly messages?: number;
}

const messagePattern = /^slipway: ([\s\S]*?) \[([A-Z_]+)\]\n  hint: (.+)$/gm;

/**
 * Checks that the run ended with that failure: its exit code, on standard error only the message with the code and a
 * hint, and no stack trace anywhere.
 */
export function expectFailure(
  ended: Ended,
  code: FailureCode,
  { says, hint, messages = 1 }: ExpectedFailure = {},
): void {
  const told = [...ended.stderr.matchAll(messagePattern)];
  const exit = exitCodes[failureExit({ code } as Failure)];
  expect({ exit: ended.exit, codes: told.map((match) => match[2]), ...(told.length === 0 ? ended : {}) }).toEqual({
    exit,
    codes: Array.from({ length: messages }, () => code),
  });
  expect(ended.stderr.trimEnd()).toBe(told.map((match) => match[0]).join('\n'));
  expect(ended.stdout + ended.stderr).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
  if (says !== undefined) expect(told.map((match) => match[1]).join('\n')).toMatch(says);
  if (hint !== undefined) expect(told.map((match) => match[3]).join('\n')).toMatch(hint);
}

/** The run went well and complained about nothing. */
export function expectDone(ended: Ended): void {
  const { exit, stdout, stderr } = ended;
  // The complaint first: a log that is cut keeps its beginning.
  expect({ exit, stderr }, `exit ${exit}\n${stderr}${stdout}`).toEqual({ exit: 0, stderr: '' });
}
