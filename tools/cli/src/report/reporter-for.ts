import { checkKind, showsAll } from '@slipway/catalog';
import type { Environment } from '@slipway/model';
import type { CommandLine } from '../parse-arguments.ts';
import { paintFor } from './color.ts';
import { goReporter } from './go.ts';
import { withHeartbeat } from './heartbeat.ts';
import { jsonReporter } from './json.ts';
import { plainReporter } from './plain.ts';
import { printer, standardError, standardOutput } from './printer.ts';
import type { Reporter } from './reporter.ts';
import type { Usual } from './run-state.ts';
import { waitReporter } from './wait.ts';

/** The reporter that the command line selects. */
export async function reporterFor(line: CommandLine, environment: Environment, usual: Usual): Promise<Reporter> {
  if (line.goOutput) return goReporter({ output: standardOutput, errors: standardError }, line);
  if (line.json) return jsonReporter(standardOutput);
  const speaksForItself = line.words[0] === 'run' || line.words[0] === 'shell';
  if (speaksForItself && !line.explain) return waitReporter(standardError);
  const { stream } = speaksForItself ? standardError : standardOutput;
  const paint = paintFor({ choice: line.color, environment, isTerminal: stream.isTTY });
  const { silent, quiet } = line;
  const { SILENT: hides } = checkKind(line.words[0] ?? '') === undefined ? {} : line.variables;
  const options = {
    ...line,
    allOfTests: showsAll(line.variables),
    verbose: line.verbose || hides === 'false',
    hidesOutput: hides === 'true',
  };
  const isWatched = stream.isTTY && environment['CI'] === undefined && environment['TERM'] !== 'dumb';
  if (
    !silent &&
    !line.explain &&
    !speaksForItself &&
    (line.progress === 'tui' || (isWatched && line.progress !== 'plain'))
  ) {
    const { liveReporter } = await import('./live.ts');
    return liveReporter(stream, { ...options, paint, usual });
  }
  const output = printer(stream, paint);
  const plain = plainReporter(output, options);
  return silent || quiet ? plain : withHeartbeat(plain, { output, errors: standardError, usual });
}
