import { type ExecStep, HOLES, type Ran, goBuildOf } from '@slipway/model';
import { placeOf } from '../places/index.ts';
import type { Performing, Running } from './performing.ts';

interface Failed {
  readonly step: ExecStep;
  readonly running: Running;
  /** The result of the call for all of them. */
  readonly first: Ran;
}

/**
 * Go builds nothing if one package of a call cannot be loaded (a missing import, a syntax error). With -k slipway calls
 * Go again without those packages. Undefined if no second call is useful.
 */
export async function runLoadable({ step, running, first }: Failed, performing: Performing): Promise<Ran | undefined> {
  const { keepGoing, signal } = performing;
  const go = goBuildOf(step);
  const isNothing = first.failure !== undefined && first.passed.length === 0;
  if (
    step.place === 'remote' ||
    !keepGoing ||
    !isNothing ||
    signal.aborted ||
    go === undefined ||
    running.actions.length < 2
  )
    return undefined;
  const [subcommand, ...flags] = go.flags;
  if (subcommand === 'test' || subcommand === 'vet') return undefined;
  const words = running.actions.flatMap((action) => action.words);
  const { output } = await placeOf(step).run(
    {
      ...step,
      argv: [HOLES.go, 'list', '-e', '-f={{if not .Incomplete}}{{.ImportPath}}{{end}}', ...flags],
      last: words,
    },
    { actions: [], flags: [] },
    performing,
  );
  const loadable = new Set(output.split('\n'));
  const actions = running.actions.filter((action) => action.words.every((word) => loadable.has(word)));
  if (actions.length === 0 || actions.length === running.actions.length) return undefined;
  const second = await placeOf(step).run(step, { ...running, actions }, performing);
  return {
    ...{ output: `${first.output}${second.output}`, passed: second.passed },
    failure: first.failure,
  };
}
