import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type FakeRemoteExecution, type FakeRun, type RemoteAction, fakeRemoteExecution } from '@slipway/adapters';

/** A cluster whose one worker is a directory of this machine: an action has its files there, its environment, and nothing else. */
export const localWorker = (): FakeRemoteExecution => fakeRemoteExecution(runHere);

async function runHere(action: RemoteAction): Promise<FakeRun> {
  const root = mkdtempSync(join(tmpdir(), 'slipway-worker-'));
  try {
    for (const directory of [...action.directories, action.workingDirectory])
      mkdirSync(join(root, directory), { recursive: true });
    for (const [path, { from }] of action.files) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), typeof from === 'string' ? readFileSync(from) : from);
    }
    for (const [path, target] of action.links) symlinkSync(target, join(root, path));
    const cwd = join(root, action.workingDirectory);
    for (const path of action.outputPaths) mkdirSync(dirname(join(cwd, path)), { recursive: true });
    const ended = await ran(action, cwd);
    const made = action.outputPaths.filter((path) => statSync(join(cwd, path), { throwIfNoEntry: false })?.isFile());
    return { ...ended, outputs: Object.fromEntries(made.map((path) => [path, readFileSync(join(cwd, path))])) };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const ran = ({ arguments: [program, ...args], environment }: RemoteAction, cwd: string): Promise<FakeRun> =>
  new Promise((resolve) =>
    execFile(program!, args, { cwd, env: environment, maxBuffer: 2 ** 26 }, (error, stdout, stderr) =>
      resolve({ exitCode: error === null ? 0 : Number(error.code), stdout, stderr }),
    ),
  );
