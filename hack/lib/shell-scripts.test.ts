import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { unless, whyWithout } from '@slipway/testing';
import { repositoryRoot } from './check.ts';
import { openTree } from './tree.ts';

const scripts = openTree(repositoryRoot)
  .list()
  .filter((path) => path.endsWith('.sh') && !path.includes('/fixtures/'));

test('shellcheck has no findings in our shell scripts', unless(whyWithout('shellcheck')), () => {
  expect(scripts).toContain('tools/facts/src/golang-sh/release-probe.sh');
  const { status, stdout, stderr } = spawnSync('shellcheck', scripts, { cwd: repositoryRoot, encoding: 'utf8' });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
});
