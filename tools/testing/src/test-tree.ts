import { WatchedRepo } from './watched-repo.ts';

const bad = 'if strings.Contains(text, "bad") { t.Fatal(text) }';

/** A package of one test that gets `text` by these lines, and fails where it says `bad`. */
function reader(name: string, lines: string, imports: readonly string[] = []): Record<string, string> {
  const all = [...new Set(['strings', 'testing', ...imports])].map((each) => `\t"${each}"`).join('\n');
  return {
    [`${name}/${name}.go`]: `package ${name}\n`,
    [`${name}/${name}_test.go`]: `package ${name}\n\nimport (\n${all}\n)\n\nfunc TestIt(t *testing.T) {\n\tvar text string\n\t${lines}\n\t${bad}\n}\n`,
  };
}

const readFile = (path: string): string =>
  `b, err := os.ReadFile(${path})\n\tif err != nil { t.Fatal(err) }\n\ttext = string(b)`;

/** A module whose packages each read something else, in a tree of its own; `name` is that of its directory. */
export function testTree(name = 'tree'): WatchedRepo {
  return new WatchedRepo('empty', name).write(testFiles);
}

export const testFiles: Readonly<Record<string, string>> = {
  '.gitignore': '/_output/\n',
  'go.mod': 'module t.example/m\n\ngo 1.24\n',
  'lib/lib.go': 'package lib\n\nfunc Text() string { return "good" }\n',
  ...reader('uses', 'text = lib.Text()', ['t.example/m/lib']),
  ...reader('data', readFile('"testdata/in"'), ['os']),
  'data/testdata/in': 'good\n',
  'data/testdata/unread': 'good\n',
  ...reader(
    'embeds',
    'for _, name := range []string{"one"} { b, _ := files.ReadFile("files/" + name); text += string(b) }',
  ),
  'embeds/embeds.go': 'package embeds\n\nimport "embed"\n\n//go:embed files\nvar files embed.FS\n',
  'embeds/files/one': 'good\n',
  ...reader('lists', 'all, _ := os.ReadDir("dir")\n\tfor _, each := range all { text += each.Name() }', ['os']),
  'lists/dir/one': '',
  ...reader('absent', 'if _, err := os.Stat("maybe"); err == nil { text = "bad" }', ['os']),
  ...reader('variable', 'text = os.Getenv("USER")', ['os']),
  ...reader(
    'caller',
    `_, file, _, _ := runtime.Caller(0)\n\t${readFile('filepath.Join(filepath.Dir(file), "../shared/in")')}`,
    ['os', 'path/filepath', 'runtime'],
  ),
  'shared/in': 'good\n',
  ...reader('moves', `t.Chdir("sub")\n\t${readFile('"in"')}`, ['os']),
  'moves/sub/in': 'good\n',
  ...reader('home', 'b, _ := os.ReadFile(filepath.Join(os.Getenv("HOME"), ".conf"))\n\ttext = string(b)', [
    'os',
    'path/filepath',
  ]),
  ...reader('mode', 'if i, _ := os.Stat("run"); i.Mode()&0o100 == 0 { text = "bad" }', ['os']),
  'mode/run': '#!/bin/sh\n',
  ...reader('linked', 'if l, _ := os.Readlink("link"); l != "one" { text = "bad: " + l }\n\tos.Stat("link")', ['os']),
  'linked/one': 'good\n',
  'linked/two': 'good\n',
  // A helper process, as many tests of os/exec have it: it reads, and nobody notes that.
  ...reader(
    'helper',
    `if os.Getenv("HELPER") == "yes" {
		b, _ := os.ReadFile("testdata/in")
		os.Stdout.Write(b)
		os.Exit(3)
	}
	c := exec.Command(os.Args[0], "-test.run=TestIt")
	c.Env = append(os.Environ(), "HELPER=yes")
	b, _ := c.Output()
	text = string(b)`,
    ['os', 'os/exec'],
  ),
  'helper/testdata/in': 'good\n',
  // TestMain reads before Go's testing package notes anything.
  'before/before_test.go': `package before

import (
	"os"
	"strings"
	"testing"
)

func TestMain(m *testing.M) {
	b, _ := os.ReadFile("testdata/in")
	if strings.Contains(string(b), "bad") {
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func TestIt(t *testing.T) {}
`,
  'before/testdata/in': 'good\n',
  // So does the value of a variable.
  'initial/initial_test.go': `package initial

import (
	"os"
	"strings"
	"testing"
)

var text, _ = os.ReadFile("testdata/in")

func TestIt(t *testing.T) {
	if strings.Contains(string(text), "bad") {
		t.Fatal("bad")
	}
}
`,
  'initial/testdata/in': 'good\n',
};

/** Packages of the tree that have tests. */
export const tested: readonly string[] = Object.keys(testFiles)
  .filter((path) => path.endsWith('_test.go'))
  .map((path) => path.slice(0, path.indexOf('/')))
  .sort();
