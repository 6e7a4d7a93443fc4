import { openDisk } from '@slipway/facts';
import { expect, test } from 'vitest';
import { settingsOf } from './command-inputs.ts';

test('a Makefile that slipway reads, and the scripts it sees, affect every command', () => {
  const copied = { file: 'Makefile', files: ['Makefile', 'hack/build.sh'], directories: [], empty: [] };
  const tree = {
    ...{ root: '/tree', source: 'conventions' as const, modules: [], workFile: undefined, withoutCgo: 'make build' },
    makefiles: [{ asked: 'make build', goal: 'build', copied }],
  };
  const settings = settingsOf(tree, openDisk());
  expect(settings).toEqual(expect.arrayContaining(['Makefile', 'hack/build.sh']));
  expect(settings).not.toContain('make build');
});
