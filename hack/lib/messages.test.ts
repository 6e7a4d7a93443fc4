import { expect, test } from 'vitest';
import { repositoryRoot } from './check.ts';
import { messages } from './messages.ts';
import { openTree } from './tree.ts';

const made = 'tools/adapters/src/reapi/status_pb.ts';

test('a message that was changed by hand, or whose .proto file is gone, is reported', async () => {
  const tree = openTree(repositoryRoot);
  await messages(tree);
  expect(tree.changes()).toEqual([]);
  const text = tree.read(made);
  tree.write(made, text.replace('code = 1', 'code = 9'));
  tree.write('tools/adapters/src/reapi/gone_pb.ts', '');
  await messages(tree);
  expect(tree.read(made)).toBe(text);
  expect(tree.changes()).toEqual([]);
});
