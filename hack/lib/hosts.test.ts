import { expect, test } from 'vitest';
import { hosts } from './hosts.ts';
import { problemsOf } from './planted.ts';

test.each<[string, string]>([
  ['a registry', 'https://registry.npmjs.org/x'],
  ['a module proxy', 'GOPROXY=https://proxy.golang.org,direct'],
  ['a machine path', 'see /root/x and more'],
  ['a machine path in quotes', "cd '/home/me/x'"],
])('%s is found', async (_name, text) => {
  expect(await problemsOf(hosts, { 'README.md': `a\n${text}\n` })).toEqual([expect.stringMatching(/^README\.md:2: /)]);
});

test.each<[string, string, string]>([
  ["Go's documented default, where Go is fetched", 'tools/adapters/src/go/proxy.ts', 'proxy.golang.org'],
  ['a relative path', 'README.md', '../work/x tools/root/x example.org/home/me/x'],
  ['a binary file', 'a.bin', '\0registry.npmjs.org'],
])('%s is not reported', async (_name, path, text) => {
  expect(await problemsOf(hosts, { [path]: text })).toEqual([]);
});
