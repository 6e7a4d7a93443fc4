import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { linksBegun } from './links-begun.ts';

/** Copies Go's scratch directory when Go starts the compiler or the linker for a command. */
const TOOL = `#!/bin/sh
case "$1 $2" in
  *' -V=full') ;;
  */compile' '*' -p main '* | */compile' '*) rm -rf "$SEEN/compile"; cp -r "$GOTMPDIR" "$SEEN/compile" ;;
  */link' '*) cp -r "$GOTMPDIR" "$SEEN/link" ;;
esac
exec "$@"
`;

test.each([['build'], ['test', '-c']])('go %s tells that it links by a file that it writes before', (...words) => {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-links-'));
  try {
    const [seen, scratch] = ['seen', 'scratch'].map((name) => join(dir, name)) as [string, string];
    for (const each of [seen, scratch]) mkdirSync(each);
    const files = { 'go.mod': 'module a.example/a\n', 'a.go': 'package main\n\nfunc main() {}\n', tool: TOOL };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text, { mode: 0o755 });
    const env = { ...process.env, GOTMPDIR: scratch, SEEN: seen, GOFLAGS: '', GOWORK: 'off', GOTOOLCHAIN: 'local' };
    execFileSync('go', [...words, `-toolexec=${join(dir, 'tool')}`, '-o', join(dir, 'out'), '.'], { cwd: dir, env });
    expect(existsSync(join(seen, 'compile'))).toBe(true);
    expect(linksBegun(join(seen, 'compile'))).toBe(0);
    expect(linksBegun(join(seen, 'link'))).toBe(1);
    expect(linksBegun(undefined)).toBe(0);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
});
