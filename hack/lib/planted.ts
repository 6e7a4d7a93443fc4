import { Problems, type Check } from './check.ts';
import { memoryTree } from './tree.ts';

/** The findings of a check in a tree of these files, one a line; for tests that plant a violation. */
export async function problemsOf(check: Check, files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  try {
    await check(memoryTree(files));
    return [];
  } catch (error) {
    if (error instanceof Problems) return error.message.split('\n');
    throw error;
  }
}
