import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { repositoryRoot } from './check.ts';

const text = (file: string): string => readFileSync(join(repositoryRoot, file), 'utf8');

test('the newest entry of the changelog is the version that is packed', () => {
  const { version } = JSON.parse(text('tools/cli/package.json')) as { version: string };
  expect(/^## (\d+\.\d+\.\d+)/m.exec(text('CHANGELOG.md'))?.[1]).toBe(version);
});
