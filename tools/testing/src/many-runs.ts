import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { packagedPart } from './packaged-slipway.ts';
import type { MeasuredRun } from './run-server.ts';

/*
 * A process that runs the packaged command line again and again, as its arguments come, a JSON array a line: starting Node and loading
 * slipway takes longer than most of what it is asked. It writes a line of JSON for each.
 */
const { run } = (await import(pathToFileURL(packagedPart(process.argv[2]!, 'run')).href)) as {
  run(argv: readonly string[]): Promise<number>;
};

const answer = process.stdout.write.bind(process.stdout);
const said = { stdout: '', stderr: '' };
for (const name of ['stdout', 'stderr'] as const)
  process[name].write = (text: string | Uint8Array) => {
    said[name] += typeof text === 'string' ? text : Buffer.from(text).toString();
    return true;
  };

for await (const line of createInterface({ input: process.stdin })) {
  Object.assign(said, { stdout: '', stderr: '' });
  const before = process.cpuUsage();
  const exit = await run(JSON.parse(line) as string[]);
  const { user, system } = process.cpuUsage(before);
  const usage = { seconds: (user + system) / 1e6, mebibytes: process.resourceUsage().maxRSS / 1024 };
  for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners('error');
  answer(`${JSON.stringify({ exit, ...said, usage } satisfies MeasuredRun)}\n`);
}
