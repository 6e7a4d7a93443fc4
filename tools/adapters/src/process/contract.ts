import { describe, expect, test } from 'vitest';
import { FailureError } from '@slipway/model';
import type { CommandRunner } from './port.ts';

/** What holds for every runner. `sh` on PATH is told `exit 3`, `echo out; echo err >&2`, or does nothing. */
export function commandRunnerContract(name: string, runner: () => CommandRunner): void {
  const request = { cwd: '/', env: { PATH: '/usr/bin:/bin' } };

  describe(`${name} as a CommandRunner`, () => {
    test('gives the exit code', async () => {
      const result = await runner().run({ ...request, argv: ['sh', '-c', 'exit 3'] });
      expect(result).toMatchObject({ exit: 3, signal: undefined });
    });

    test('gives both outputs, apart and together', async () => {
      const result = await runner().run({ ...request, argv: ['sh', '-c', 'echo out; sleep 0.1; echo err >&2'] });
      expect(result).toMatchObject({ exit: 0, stdout: 'out\n', stderr: 'err\n', output: 'out\nerr\n' });
    });

    test('hands over each line as it comes where somebody takes them, the last one without an end too', async () => {
      const lines: string[] = [];
      const argv = ['sh', '-c', 'echo out; echo; printf last; echo err >&2'];
      const result = await runner().run({ ...request, argv, onLine: (line) => lines.push(line) });
      expect(lines).toEqual(['out', '', 'last']);
      expect(result).toMatchObject({ exit: 0, stdout: '', stderr: 'err\n', output: 'err\n' });
    });

    test('a line of the standard error that is taken is not among the output', async () => {
      const taken: string[] = [];
      const argv = ['sh', '-c', 'echo out; echo go >&2; sleep 0.1; echo err >&2'];
      const take = (line: string): boolean => line === 'go' && taken.push(line) > 0;
      const result = await runner().run({ ...request, argv, take });
      expect(taken).toEqual(['go']);
      expect(result).toMatchObject({ exit: 0, stdout: 'out\n', stderr: 'err\n', output: 'out\nerr\n' });
    });

    test('says which tool is missing', async () => {
      await expect(runner().run({ ...request, argv: ['no-such-tool', 'x'] })).rejects.toMatchObject({
        failures: [{ code: 'TOOL_MISSING', tool: 'no-such-tool' }],
      });
    });

    test('starts nothing once the signal was raised', async () => {
      const run = runner().run({ ...request, argv: ['sh', '-c', 'exit 3'], signal: AbortSignal.abort('SIGINT') });
      await expect(run).rejects.toThrow(FailureError);
      await expect(run).rejects.toMatchObject({ failures: [{ code: 'INTERRUPTED', signal: 'SIGINT' }] });
    });
  });
}
