import { isAbsolute } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Environment } from '@slipway/model';
import { compareGoVersions } from './version.ts';
import type { GoFinder } from './port.ts';

export interface GoRig {
  readonly finder: GoFinder;
  /** Its PATH has a Go of at least 1.21. */
  readonly env: Environment;
}

/** The contract for every finder. */
export function goFinderContract(name: string, rig: () => GoRig): void {
  describe(`${name} as a GoFinder`, () => {
    test('finds a sufficiently new Go', async () => {
      const { finder, env } = rig();
      const toolchain = await finder.findGo({
        requirement: { version: '1.21', exact: false, from: 'go.mod' },
        variables: {},
        env,
        root: '/',
      });
      expect(isAbsolute(toolchain.command) && isAbsolute(toolchain.goroot)).toBe(true);
      expect(compareGoVersions(toolchain.version, '1.21')).toBeGreaterThan(0);
    });

    test('lists its platforms, sorted', async () => {
      const { finder, env } = rig();
      const toolchain = await finder.findGo({ requirement: undefined, variables: {}, env, root: '/' });
      const platforms = await finder.listPlatforms({ toolchain, env });
      expect(platforms).toContain('linux/amd64');
      expect(platforms).toContain('windows/amd64');
      expect(platforms).toEqual(platforms.toSorted());
    });
  });
}
