import { describe, expect, test } from 'vitest';
import type { Environment, PinnedTool } from '@slipway/model';
import type { PinnedTools } from './port.ts';

export interface PinnedToolRig {
  readonly pinnedTools: PinnedTools;
  /** A tool that can be installed, and is not. */
  readonly pinnedTool: PinnedTool;
  readonly env: Environment;
}

/** The contract for every keeper of wheels. */
export function pinnedToolsContract(name: string, rig: () => Promise<PinnedToolRig>): void {
  describe(`${name} as PinnedTools`, () => {
    test('a program is found after its installation, and a second installation changes nothing', async () => {
      const { pinnedTools, pinnedTool, env } = await rig();
      expect(pinnedTools.find({ pinnedTool, env })).toBeUndefined();
      const path = await pinnedTools.install({ pinnedTool, env });
      expect(path).toMatch(new RegExp(`/${pinnedTool.name}-${pinnedTool.version}/${pinnedTool.program}$`));
      expect(pinnedTools.find({ pinnedTool, env })).toBe(path);
      expect(await pinnedTools.install({ pinnedTool, env })).toBe(path);
    });

    test('another version is another program', async () => {
      const { pinnedTools, pinnedTool, env } = await rig();
      await pinnedTools.install({ pinnedTool, env });
      expect(pinnedTools.find({ pinnedTool: { ...pinnedTool, name: 'another' }, env })).toBeUndefined();
    });

    test('the user gets the command to type', async () => {
      const { pinnedTools, pinnedTool, env } = await rig();
      expect(pinnedTools.command({ pinnedTool, env })).toMatch(
        new RegExp(`^python3 -m pip install .*${pinnedTool.name}==${pinnedTool.version}$`),
      );
    });
  });
}
