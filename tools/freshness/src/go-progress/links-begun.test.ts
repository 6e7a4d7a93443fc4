import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryMemo } from '@slipway/adapters';
import type { Step } from '@slipway/model';
import { expect, test, vi } from 'vitest';
import type { Identity } from '../up-to-date/identity.ts';
import { UNTOLD } from '../up-to-date/watch-go.ts';
import { followGo } from './follow-go.ts';
import { linksBegun } from './links-begun.ts';

/** Copies Go's scratch directory when Go starts the compiler or the linker for a command. */
const TOOL = `#!/bin/sh
case "$1 $2" in
  *' -V=full') ;;
  */compile' '*) rm -rf "$SEEN/compile"; cp -r "$GOTMPDIR" "$SEEN/compile" ;;
  */link' '*) cp -r "$GOTMPDIR" "$SEEN/link" ;;
esac
exec "$@"
`;

test.each([['build'], ['test', '-c']])('go %s writes a file before it links, which shows that it does', (...words) => {
  const dir = mkdtempSync(join(tmpdir(), 'slipway-links-'));
  try {
    const [seen, scratch] = ['seen', 'scratch'].map((name) => join(dir, name)) as [string, string];
    for (const each of [seen, scratch]) mkdirSync(each);
    const sources = { 'a.go': 'package main\n\nfunc main() {}\n', 'a_test.go': 'package main\n' };
    const files = { ...sources, 'go.mod': 'module a.example/a\n', tool: TOOL };
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

test('a call for which Go prints no names has only links left once Go began all of them', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'slipway-links-'));
  const begin = (name: string): void => {
    mkdirSync(join(scratch, 'go-build1', name), { recursive: true });
    writeFileSync(join(scratch, 'go-build1', name, 'importcfg.link'), '');
  };
  const build = { platform: 'linux/amd64', cgo: false, flags: ['test', '-c'] };
  const identities = ['a', 'b'].map((name) => ({
    action: { inputs: [{ kind: 'go-closure', importPath: name, build }] },
    closure: { root: name, packages: [{ importPath: name, imports: [] }] },
    outputs: [join(scratch, name)],
  })) as unknown as readonly Identity[];
  const step = { kind: 'exec', place: 'host', id: 'a' } as unknown as Step;
  let told = false;
  const onlyLinksLeft = (): void => void (told = true);
  vi.useFakeTimers();
  const following = followGo({
    ...{ step, identities, onlyLinksLeft, scratch, watch: UNTOLD, memo: memoryMemo(), goroot: '/nowhere' },
    emit() {},
  });
  try {
    begin('b001');
    vi.advanceTimersByTime(1000);
    expect(told).toBe(false);
    begin('b002');
    vi.advanceTimersByTime(1000);
    expect(told).toBe(true);
  } finally {
    following.end(true);
    vi.useRealTimers();
    rmSync(scratch, { recursive: true });
  }
});
