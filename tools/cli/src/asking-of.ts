import type { Environment, Tree } from '@slipway/model';
import type { CommandLine } from './parse-arguments.ts';
import { factsOf, requestOf, treeOf } from './request.ts';
import type { Asking, Services } from './services.ts';

/** The tree is read once, when a target first needs it. */
export function askingOf(line: CommandLine, services: Services): Asking {
  const request = requestOf(line);
  let read: Promise<Tree> | undefined;
  const tree = (): Promise<Tree> => (read ??= treeOf(request, services));
  return {
    line,
    args: [],
    services,
    again: (other) => askingOf({ ...line, ...other }, services),
    tree,
    facts: async (words = [], packaging?: Environment) =>
      factsOf({ ...request, words: [...request.words, ...words], packaging }, await tree(), services),
  };
}
