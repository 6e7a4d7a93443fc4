import { describe, expect, test } from 'vitest';
import type { Environment, GitFacts } from '@slipway/model';
import type { GitReader } from './port.ts';

export interface GitRig {
  readonly reader: GitReader;
  /** A clean repository with one commit, tagged v1.2.3. `nowhere` is a directory outside of any repository. */
  readonly repository: string;
  readonly nowhere: string;
  readonly env: Environment;
}

/** The contract for every reader. */
export function gitReaderContract(name: string, rig: () => Promise<GitRig>): void {
  const describeArgs = ['--tags', '--match=v*', '--abbrev=14'];

  describe(`${name} as a GitReader`, () => {
    test('reads a clean, tagged commit', async () => {
      const { reader, repository: root, env } = await rig();
      const { tagState: _, ...facts } = await reader.read({ root, env, describeArgs, needStatus: true, outputs: [] });
      expect(facts).toEqual({
        commit: expect.stringMatching(/^[0-9a-f]{40}$/),
        shortCommit: expect.stringMatching(/^[0-9a-f]{7,}$/),
        commitTime: expect.any(Number),
        clean: true,
        branch: expect.stringMatching(/^\w+$/),
        describe: 'v1.2.3',
        nearestTag: 'v1.2.3',
        shallow: false,
      } satisfies GitFacts);
    });

    test('does not read the files unless asked', async () => {
      const { reader, repository: root, env } = await rig();
      const facts = await reader.read({ root, env, describeArgs, needStatus: false, outputs: [] });
      expect(facts).not.toHaveProperty('clean');
      expect(facts).not.toHaveProperty('branch');
    });

    test('returns no origin for a repository without one', async () => {
      const { reader, repository: root, nowhere, env } = await rig();
      expect(await reader.origin({ root, env })).toBeUndefined();
      expect(await reader.origin({ root: nowhere, env })).toBeUndefined();
    });

    test('returns no facts outside of a repository', async () => {
      const { reader, nowhere: root, env } = await rig();
      expect(await reader.read({ root, env, describeArgs, needStatus: true, outputs: [] })).toEqual({ shallow: false });
      expect(await reader.listFiles({ root, env })).toBeUndefined();
    });

    test('reports whether the repository tracks a file', async () => {
      const { reader, repository: root, nowhere, env } = await rig();
      expect(await reader.isTracked({ root, env, path: 'no-such-file' })).toBe(false);
      expect(await reader.isTracked({ root: nowhere, env, path: 'no-such-file' })).toBeUndefined();
    });

    test('lists the files of a repository', async () => {
      const { reader, repository: root, env } = await rig();
      expect(await reader.listFiles({ root, env })).toBeInstanceOf(Array);
    });
  });
}
