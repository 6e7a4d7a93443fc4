import { expect, test } from 'vitest';
import { CheckedRepo } from '../src/checked-repo.ts';
import { unless, whyWithout } from '../src/machine-programs.ts';

const good = {
  'slipway.config.ts':
    "export default { sets: { server: { targets: ['cmd/x'], platforms: ['linux/amd64', 'windows/amd64'] } } };\n",
  '.gitignore': '_output/\nmade/\n',
  'go.mod': 'module c.example\n\ngo 1.24\n',
  'a.go': '// Copyright 2024 A\n\npackage c\n\nfunc F() int { return 1 }\n',
  'a_windows.go': '// Copyright 2024 A\n\npackage c\n\nvar windows int = 1\n',
  'hack/boilerplate/boilerplate.go.txt': '// Copyright YEAR A\n',
  'cmd/x/main.go': '// Copyright 2024 A\n\npackage main\n\nimport "c.example"\n\nfunc main() { c.F() }\n',
  'cmd/x/.import-restrictions': 'rules:\n  - selectorRegexp: "c[.]example"\n    allowedPrefixes: ["c.example"]\n',
  'a.yaml': 'a: 1\n',
  'a.json': '{}\n',
};

/** Each is found by the check of its name, and by no other. */
const bad: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  gofmt: { 'a.go': good['a.go'].replace('{ return', '{return') },
  'go-mod': { 'go.mod': `${good['go.mod']}\nrequire c.example/none v1.0.0\n\nreplace c.example/none => ./none\n` },
  boilerplate: { 'a.go': good['a.go'].replace('A', 'B') },
  'import-restrictions': {
    'cmd/x/.import-restrictions': good['cmd/x/.import-restrictions'].replace('["c.example"]', '[]'),
  },
  yaml: { 'a.yaml': 'a: [1\n' },
  json: { 'a.json': '{,}\n' },
  typecheck: { 'a_windows.go': good['a_windows.go'].replace('int = 1', 'int = ""') },
};

test(
  'checks of slipway run in a tree without scripts: each finds what is wrong, update mends what it can, and nothing runs twice',
  unless(whyWithout('strace')),
  async () => {
    await using tree = new CheckedRepo({ ...good, 'none/go.mod': 'module c.example/none\n', 'made/bad.json': '{,}' });
    const first = await tree.check();
    const names = ['go-mod', 'gofmt', 'import-restrictions', 'boilerplate', 'json', 'typecheck', 'yaml'].sort();
    expect(
      first.ran.filter((name) => name !== 'shellcheck'),
      first.stdout + first.stderr,
    ).toEqual(names);
    expect((await tree.check()).ran).toEqual([]);
    expect((await tree.slipway(['verify', '-n'])).stdout).toContain('note      go-work: the tree has no go.work\n');
    for (const [name, files] of Object.entries(bad)) {
      tree.write(files);
      const { failed, stdout } = await tree.check(['verify', `WHAT=${name}`]);
      expect(failed, stdout).toEqual([name]);
      expect(tree.git('status', '--porcelain').split('\n')).toHaveLength(1);
      tree.write(Object.fromEntries(Object.keys(files).map((path) => [path, good[path as keyof typeof good]])));
    }
    expect((await tree.check()).ran).toEqual([]);
    tree.write({ ...bad['gofmt'], ...bad['go-mod'] });
    const mended = await tree.check(['update']);
    expect(mended.checks['gofmt']?.output, mended.stderr).toBe('wrote a.go\n');
    expect(tree.read('a.go')).toBe(good['a.go']);
    expect(tree.read('go.mod')).not.toContain('require');
    expect((await tree.check(['verify', 'WHAT=gofmt go-mod'])).failed).toEqual([]);
  },
);
