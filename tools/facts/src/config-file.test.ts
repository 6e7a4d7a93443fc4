import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { configProblems, readConfig } from './config-file.ts';
import { writtenTree } from './fixtures/written-tree.ts';
import { openDisk } from './disk.ts';

describe('configProblems', () => {
  test.each<[unknown, string[]]>([
    [{}, []],
    [
      {
        goPackage: 'a/b',
        sets: { client: { targets: ['cmd/x'], platforms: ['linux/amd64'] } },
        aliases: { x: 'a/b/cmd/x' },
        tags: [],
      },
      [],
    ],
    [{ goPackage: undefined }, []],
    [undefined, ['it has no default export: export default { … } satisfies Config']],
    [[], ['its default export is not an object']],
    [() => {}, ['its default export is not an object']],
    [{ goPakage: 'x' }, ['goPakage is not a field; did you mean goPackage?']],
    [{ zzzzzzzzzz: 1 }, [expect.stringMatching(/^zzzzzzzzzz is not a field; there are goPackage, go, sets/)]],
    [{ goPackage: 1 }, ['goPackage is 1, not a text']],
    [{ goPackage: ' ' }, ['goPackage is " ", not a text']],
    [{ static: 'kubectl' }, ['static is "kubectl", not a list of texts']],
    [{ clean: ['a', 2] }, ['clean[1] is 2, not a text']],
    [{ aliases: ['a'] }, ['aliases is a list, not an object of texts']],
    [{ aliases: { a: null } }, ['aliases.a is null, not a text']],
    [{ sets: { sevrer: { targets: [] } } }, ['sets.sevrer is not a field; did you mean server?']],
    [{ sets: { server: ['cmd/x'] } }, ['sets.server is a list, not an object with targets']],
    [{ sets: { server: { platforms: [] } } }, ['sets.server.targets is missing, not a list of texts']],
    [
      { sets: { server: { target: ['x'], targets: [] } } },
      ['sets.server.target is not a field; did you mean targets?'],
    ],
    [
      { sets: { node: { targets: [], platforms: ['linux-amd64'] } } },
      ['sets.node.platforms has "linux-amd64", which is not of the form os/arch'],
    ],
    [
      { cgo: ['linux/amd46', 'linux/amd64'] },
      ['cgo has "linux/amd46", which is no platform of Go; did you mean linux/amd64?'],
    ],
    [{ targets: [{ name: 'x' }] }, ['targets[0].path is missing, not a text']],
    [{ targets: [{ path: 'x', nmae: 'y' }] }, ['targets[0].nmae is not a field; did you mean name?']],
    [{ targets: [{ path: 'x', static: 'y' }] }, ['targets[0].static is "y", not true or false']],
    [{ targets: [{ path: 'x', name: 'a/b' }] }, ['targets[0].name is "a/b", which is no name of a file']],
    [{ release: { images: ['a', { name: 'b', user: '0' }] } }, []],
    [{ release: { images: [1] } }, ['release.images[0] is 1, not an object with name']],
    [
      { release: { images: [{ nam: 'b' }] } },
      ['release.images[0].nam is not a field; did you mean name?', 'release.images[0].name is missing, not a text'],
    ],
    [
      { release: { images: [{ name: 'b', entrypoint: '/b' }] } },
      ['release.images[0].entrypoint is "/b", not a list of texts'],
    ],
    [{ release: { archives: [{ format: 'zpi' }] } }, ['release.archives[0].format is "zpi"; did you mean zip?']],
    [
      { release: { archives: [{ per: 'x', formats: { windows: 'rar' } }] } },
      [
        'release.archives[0].per is "x"; it may be platform, set, command',
        'release.archives[0].formats.windows is "rar"; it may be tar.gz, tar.zst, zip',
      ],
    ],
    [{ goPackage: 1, go: 2 }, ['goPackage is 1, not a text', 'go is 2, not a text']],
  ])('%j', (value, problems) => {
    expect(configProblems(value)).toEqual(problems);
  });
});

describe('readConfig', () => {
  const read = async (text: string): Promise<unknown> => {
    using tree = writtenTree({ 'slipway.config.ts': text, 'package.json': '{ "type": "module" }' });
    return await readConfig({ root: tree.root, disk: openDisk() });
  };

  test('types are stripped, and a type import is not resolved', async () => {
    const text =
      "import type { Config } from 'slipway';\nconst go: string = '1.26.0';\nexport default { go } satisfies Config;\n";
    expect(await read(text)).toEqual({ go: '1.26.0' });
  });

  test('without a file there is no configuration', async () => {
    using tree = writtenTree();
    expect(await readConfig({ root: tree.root, disk: openDisk() })).toBeUndefined();
  });

  test('a changed file is read again', async () => {
    using tree = writtenTree({ 'slipway.config.ts': "export default { go: '1.1' };" });
    expect(await readConfig({ root: tree.root, disk: openDisk() })).toEqual({ go: '1.1' });
    tree.write({ 'slipway.config.ts': "export default { go: '1.2' };" });
    expect(await readConfig({ root: tree.root, disk: openDisk() })).toEqual({ go: '1.2' });
  });

  // In a separate process, because vitest has its own module loader.
  const readAside = (root: string): unknown => {
    const script = `import { openDisk } from '${new URL('./disk.ts', import.meta.url).href}';
      import { readConfig } from '${new URL('./config-file.ts', import.meta.url).href}';
      const disk = openDisk();
      console.log(JSON.stringify([await readConfig({ root: '${root}', disk }), disk.pathsRead()]));`;
    const said = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
    return JSON.parse(said);
  };

  test('imports of the configuration count as read', () => {
    using tree = writtenTree({
      'slipway.config.ts': "import go from './go.ts';\nexport default { go };",
      'go.ts': "export default '1.3';",
    });
    expect(readAside(tree.root)).toEqual([{ go: '1.3' }, expect.arrayContaining([join(tree.root, 'go.ts')])]);
  });

  test('beside a package.json that says commonjs', () => {
    using tree = writtenTree({
      'slipway.config.ts': "const go: string = '1.3';\nexport default { go };",
      'package.json': '{ "type": "commonjs" }',
    });
    expect(readAside(tree.root)).toEqual([{ go: '1.3' }, expect.anything()]);
  });

  test.each([
    ["throw new Error('no luck');\nexport default {};", /BAD_CONFIG.*no luck/],
    ['export default {', /BAD_CONFIG/],
    ["import x from './absent.ts';\nexport default x;", /BAD_CONFIG.*absent/],
    ['export const config = {};', /BAD_CONFIG.*no default export/],
    ['export default { goPakage: 1 };', /BAD_CONFIG.*did you mean goPackage/],
    [
      "export default {\n  cgo: ['linux/amd64',\n    'linux/amd46'],\n};",
      /BAD_CONFIG: slipway\.config\.ts:3: cgo has "linux\/amd46", which is no platform/,
    ],
    ['export default {\n  go: 1,\n};', /BAD_CONFIG: slipway\.config\.ts:2: go is 1/],
  ])('%s', async (text, message) => {
    await expect(read(text)).rejects.toThrow(message);
  });
});
