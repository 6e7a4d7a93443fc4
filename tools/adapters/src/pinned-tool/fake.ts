import type { PinnedToolRequest, PinnedTools } from './port.ts';

export interface FakePinnedTools extends PinnedTools {
  /** The installed packages, in order. */
  readonly installed: readonly string[];
}

/** Has the programs of these packages. Others exist after their installation. */
export function fakePinnedTools(present: readonly string[] = []): FakePinnedTools {
  const installed: string[] = [];
  const pathOf = ({ pinnedTool }: PinnedToolRequest): string =>
    `/wheels/${pinnedTool.name}-${pinnedTool.version}/${pinnedTool.program}`;
  return {
    installed,
    find: (request) => ([...present, ...installed].includes(request.pinnedTool.name) ? pathOf(request) : undefined),
    command: ({ pinnedTool }) => `python3 -m pip install ${pinnedTool.name}==${pinnedTool.version}`,
    async install(request) {
      installed.push(request.pinnedTool.name);
      return pathOf(request);
    },
  };
}
