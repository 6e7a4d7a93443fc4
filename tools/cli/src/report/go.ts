import { goLines, testEvents } from '../tests/go-output.ts';
import type { Printer } from './printer.ts';
import type { Reporter } from './reporter.ts';

/** Prints the packages in the format of `go test` as they end, known ones too, for programs such as gotestsum. */
export function goReporter(
  { output, errors }: { output: Printer; errors: Printer },
  { json }: { readonly json: boolean },
): Reporter {
  let failed = false;
  return {
    emit: (event) => {
      if (event.kind === 'package-tested') {
        failed ||= event.result.is === 'fail';
        if (json) for (const each of testEvents(event, new Date())) output.json(each);
        else output.write(`${goLines(event)}\n`);
      }
      // Go's output that belongs to no package.
      if (event.kind === 'step-finished' && event.failure !== undefined && event.failure.code !== 'TESTS_FAILED')
        errors.write(`${event.output.trimEnd()}\n`);
      if (event.kind === 'run-finished' && failed && !json) output.write('FAIL\n');
    },
    [Symbol.dispose]() {},
  };
}
