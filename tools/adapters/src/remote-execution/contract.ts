import { hash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RemoteAction, RemoteExecution, RemoteInput, RemoteStage } from './port.ts';

export interface RemoteExecutionRig {
  readonly remote: RemoteExecution;
  /** Makes the actions of one run of the tests different from those of an earlier run. */
  readonly salt: string;
  readonly platform: Readonly<Record<string, string>>;
}

export const input = (text: string, executable = false): RemoteInput => {
  const from = Buffer.from(text);
  return { from, executable, digest: hash('sha256', from), size: from.length };
};

/** A script of `sh` in the directory `w`, with the files of that directory. */
export const shellAction = (
  script: string,
  { files = {}, ...more }: Partial<Omit<RemoteAction, 'files'>> & { readonly files?: Record<string, RemoteInput> } = {},
): RemoteAction => ({
  files: new Map(Object.entries(files).map(([path, file]) => [`w/${path}`, file])),
  links: new Map(),
  directories: [],
  workingDirectory: 'w',
  arguments: ['/bin/sh', '-c', script],
  environment: { PATH: '/usr/bin:/bin' },
  outputPaths: ['o'],
  platform: {},
  salt: '',
  timeoutSeconds: 600,
  acceptCached: true,
  ...more,
});

export const unwatched = { signal: new AbortController().signal };

/** The scripts of the contract. A fake without a shell does the same. */
export const contractScripts = {
  copy: 'cat in/a > o; echo said; echo complained >&2',
  fail: 'echo bad >&2; exit 3',
  missing: 'true',
  folder: 'mkdir -p o/below; echo 1 > o/x; echo 2 > o/below/y',
  late: 'sleep 600; echo > o',
  twice: 'sleep 1; date +%s%N > o',
} as const;

/** The contract for every cluster. */
export function remoteExecutionContract(name: string, open: () => Promise<RemoteExecutionRig>): void {
  describe(`${name} as RemoteExecution`, () => {
    const act = async (script: keyof typeof contractScripts, more: Parameters<typeof shellAction>[1] = {}) => {
      const { remote, salt, platform } = await open();
      return { remote, action: shellAction(contractScripts[script], { salt, platform, ...more }) };
    };

    test('an action reads its inputs, and its outputs can be fetched', async () => {
      const { remote, action } = await act('copy', { files: { 'in/a': input('hello\n') } });
      expect(await remote.capabilities()).toMatchObject({ digestFunction: 'sha256', execution: true });
      const stages: RemoteStage[] = [];
      const result = await remote.execute(action, { ...unwatched, stage: (stage) => stages.push(stage) });
      expect([result.exitCode, String(result.stdout), String(result.stderr)]).toEqual([0, 'said\n', 'complained\n']);
      expect([result.cached, result.attempts]).toEqual([false, 1]);
      expect([stages[0], stages.at(-1)]).toEqual(['cache', 'completed']);
      const { executable: _, ...output } = result.outputs.get('o')!;
      expect(output).toEqual({ digest: hash('sha256', 'hello\n'), size: 6 });
      const directory = mkdtempSync(join(tmpdir(), 'slipway-remote-'));
      await remote.fetch(output, join(directory, 'o'));
      expect(readFileSync(join(directory, 'o'), 'utf8')).toBe('hello\n');
      await expect(remote.fetch(output, join(directory, 'o'))).rejects.toThrow('EEXIST');
      rmSync(directory, { recursive: true });
      expect(await remote.execute(action, unwatched)).toMatchObject({ cached: true, attempts: 0, exitCode: 0 });
      expect(await remote.execute({ ...action, acceptCached: false }, unwatched)).toMatchObject({ cached: false });
    });

    test('the failure of a program is a result, and is not taken from a cache', async () => {
      const { remote, action } = await act('fail');
      for (const _ of [1, 2])
        expect(await remote.execute(action, unwatched)).toMatchObject({ exitCode: 3, cached: false });
    });

    test('a directory arrives with all its content', async () => {
      const { remote, action } = await act('folder');
      const { outputs, directories } = await remote.execute(action, unwatched);
      expect([...outputs.keys()].sort()).toEqual(['o/below/y', 'o/x']);
      expect(directories).toContain('o');
    });

    test('a missing output is a failure', async () => {
      const { remote, action } = await act('missing');
      await expect(remote.execute(action, unwatched)).rejects.toThrow('REMOTE_OUTPUT: o');
    });

    test('identical parallel actions run once', async () => {
      const { remote, action } = await act('twice');
      const results = await Promise.all([1, 2, 3].map(() => remote.execute(action, unwatched)));
      expect(new Set(results.map(({ outputs }) => outputs.get('o')!.digest)).size).toBe(1);
    });

    test('an action that is given up is interrupted before its start and while it runs', async () => {
      const { remote, action } = await act('late');
      await expect(remote.execute(action, { signal: AbortSignal.abort('SIGINT') })).rejects.toThrow('INTERRUPTED');
      const stop = new AbortController();
      const running = remote.execute(action, { signal: stop.signal });
      setTimeout(() => stop.abort('SIGINT'), 200);
      await expect(running).rejects.toThrow('INTERRUPTED: stopped by SIGINT');
    });

    test('a blob that no action made cannot be fetched', async () => {
      const { remote } = await open();
      const nothing = { digest: hash('sha256', 'nobody made this'), size: 16 };
      await expect(remote.fetch(nothing, join(tmpdir(), 'slipway-nothing'))).rejects.toThrow('REMOTE_OUTPUT');
    });
  });
}
