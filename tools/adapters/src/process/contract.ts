import { describe, expect, test } from 'vitest';
import { FailureError } from '@slipway/model';
import type { CommandRunner } from './port.ts';

/** The contract for every runner. `sh` on PATH runs `exit 3`, `echo out; echo err >&2`, or nothing. */
export function commandRunnerContract(name: string, runner: () => CommandRunner): void {
  const request = { cwd: '/', env: { PATH: '/usr/bin:/bin' } };

  describe(`${name} as a CommandRunner`, () => {
    test('returns the exit code', async () => {
      const result = await runner().run({ ...request, argv: ['sh', '-c', 'exit 3'] });
      expect(result).toMatchObject({ exit: 3, signal: undefined });
    });

    test('returns both outputs, separately and together', async () => {
      const result = await runner().run({ ...request, argv: ['sh', '-c', 'echo out; sleep 0.1; echo err >&2'] });
      expect(result).toMatchObject({ exit: 0, stdout: 'out\n', stderr: 'err\n', output: 'out\nerr\n' });
    });

    test('passes each line on as it arrives if somebody takes it, also the last one without an end', async () => {
      const lines: string[] = [];
      const argv = ['sh', '-c', 'echo out; echo; printf last; echo err >&2'];
      const result = await runner().run({ ...request, argv, onLine: (line) => lines.push(line) });
      expect(lines).toEqual(['out', '', 'last']);
      expect(result).toMatchObject({ exit: 0, stdout: '', stderr: 'err\n', output: 'err\n' });
    });

    test('leaves lines of the standard error that somebody takes out of the output', async () => {
      const taken: string[] = [];
      const argv = ['sh', '-c', 'echo out; echo go >&2; sleep 0.1; echo err >&2'];
      const take = (line: string): boolean => line === 'go' && taken.push(line) > 0;
      const result = await runner().run({ ...request, argv, take });
      expect(taken).toEqual(['go']);
      expect(result).toMatchObject({ exit: 0, stdout: 'out\n', stderr: 'err\n', output: 'out\nerr\n' });
    });

    test('names the missing tool', async () => {
      await expect(runner().run({ ...request, argv: ['no-such-tool', 'x'] })).rejects.toMatchObject({
        failures: [{ code: 'TOOL_MISSING', tool: 'no-such-tool' }],
      });
    });

    test('starts nothing after the signal', async () => {
      const run = runner().run({ ...request, argv: ['sh', '-c', 'exit 3'], signal: AbortSignal.abort('SIGINT') });
      await expect(run).rejects.toThrow(FailureError);
      await expect(run).rejects.toMatchObject({ failures: [{ code: 'INTERRUPTED', signal: 'SIGINT' }] });
    });
  });
}
