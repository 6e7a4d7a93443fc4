import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { unless } from '../src/machine-programs.ts';
import { expectNamed, whyNotObserved } from '../src/observe/test-observed.ts';
import { type FixtureName, repo } from '../src/repo-rig.ts';

const fixtures = join(import.meta.dirname, '../fixtures');
const names = readdirSync(fixtures).filter((name) => statSync(join(fixtures, name)).isDirectory());

const ownInVendor = [
  { path: /\/vendor\/shape\.example\//, why: 'a package of the tree in vendor makes Go fail, and no other bytes' },
];

describe('files that Go reads of a fixture are in its keys', unless(whyNotObserved), () => {
  for (const name of names)
    test(`${name}`, async () => {
      await using tree = repo(name as FixtureName);
      await expectNamed(tree, { stays: ownInVendor });
    });
});
