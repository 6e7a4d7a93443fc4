import type { CommandResult } from '@slipway/adapters';
import {
  type Action,
  type Call,
  type ExecStep,
  FailureError,
  type Place,
  type Plan,
  type Ran,
  callIn,
  wordsAfter,
} from '@slipway/model';
import { failureOfOutput } from '../failure-of-output.ts';
import type { Running } from '../perform/performing.ts';

/** The call of a step in a place, for these actions. Go's flags come after its subcommand, the requested words last. */
export function callFor(step: ExecStep, place: Place, { actions, flags }: Running): Call {
  const call = callIn(step, place);
  const [program, subcommand, ...rest] = call.argv;
  const words = wordsAfter(actions, step);
  return {
    ...call,
    argv: flags.length === 0 ? [...call.argv, ...words] : [program!, subcommand!, ...flags, ...rest, ...words],
  };
}

/** The result of a failed program, with the actions that passed. */
export function failed(step: ExecStep, plan: Plan, result: CommandResult, passed: readonly Action[]): Ran {
  return { output: result.output, passed, failure: new FailureError(failureOfOutput(step, plan, result)) };
}
