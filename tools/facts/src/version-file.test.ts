import { expect, test } from 'vitest';
import { writtenTree } from './fixtures/written-tree.ts';
import { parseVersionFile, readVersionFile } from './version-file.ts';
import { openDisk } from './disk.ts';

test("parseVersionFile reads the scripts' version file", () => {
  const text =
    "KUBE_GIT_COMMIT='abc'\nKUBE_GIT_TREE_STATE=clean\n\n# a comment\nexport KUBE_GIT_VERSION=\"v1.2.3\"\nKUBE_GIT_MAJOR=''\nKUBE_GIT_MINOR=2+\n";
  expect(parseVersionFile(text, 'f')).toEqual({
    KUBE_GIT_COMMIT: 'abc',
    KUBE_GIT_TREE_STATE: 'clean',
    KUBE_GIT_VERSION: 'v1.2.3',
    KUBE_GIT_MAJOR: '',
    KUBE_GIT_MINOR: '2+',
  });
});

test.each(['KUBE_GIT_VERSION=$(git describe)', 'KUBE_GIT_VERSION="$X"', 'rm -rf /', "A='1'; B='2'", "A='1"])(
  '%s is refused',
  (line) => {
    expect(() => parseVersionFile(`A=1\n${line}\n`, 'f')).toThrow(/BAD_VERSION_FILE.*line 2/);
  },
);

test('a relative name refers to the tree, and a missing file is a failure', () => {
  using tree = writtenTree({ 'v.sh': "A='1'\n" });
  const rooted = { root: tree.root, disk: openDisk() };
  expect(readVersionFile(rooted, 'v.sh')).toEqual({ A: '1' });
  expect(readVersionFile(rooted, '')).toBeUndefined();
  expect(readVersionFile(rooted, undefined)).toBeUndefined();
  expect(() => readVersionFile(rooted, 'w.sh')).toThrow(/BAD_VERSION_FILE/);
});
