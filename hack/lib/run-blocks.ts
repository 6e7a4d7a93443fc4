/** The shell blocks of a document that are marked `sh run`: a test runs them as they stand. */
export const runBlocks = (markdown: string): string[] =>
  [...markdown.matchAll(/^```sh run\n([\s\S]*?)^```$/gm)].map(([, block]) => block!);
