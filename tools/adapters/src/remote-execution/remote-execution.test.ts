import { setTimeout as sleep } from 'node:timers/promises';
import { contractScripts, remoteExecutionContract } from './contract.ts';
import { type FakeRun, fakeRemoteExecution } from './fake.ts';

const runs: Record<string, (files: Map<string, string>) => FakeRun | Promise<FakeRun>> = {
  [contractScripts.copy]: (files) => ({
    stdout: 'said\n',
    stderr: 'complained\n',
    outputs: { o: files.get('w/in/a')! },
  }),
  [contractScripts.fail]: () => ({ exitCode: 3, stderr: 'bad\n' }),
  [contractScripts.missing]: () => ({}),
  [contractScripts.folder]: () => ({ outputs: { 'o/x': '1\n', 'o/below/y': '2\n' } }),
  [contractScripts.late]: () => new Promise(() => {}),
  [contractScripts.twice]: async () => (await sleep(10), { outputs: { o: `${performance.now()}` } }),
};

remoteExecutionContract('a fake', async () => {
  const remote = fakeRemoteExecution(({ arguments: [, , script], files }) =>
    runs[script!]!(new Map([...files].map(([path, { from }]) => [path, String(from)]))),
  );
  return { remote, salt: '', platform: {} };
});
