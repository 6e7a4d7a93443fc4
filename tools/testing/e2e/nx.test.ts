import { execFile } from 'node:child_process';
import { appendFileSync, symlinkSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { WatchedRepo, goBuilds } from '../src/watched-repo.ts';

const repository = resolve(import.meta.dirname, '../../..');
const plugin = resolve(repository, 'tools/nx-plugin/src/plugin.ts');

/** A tree with nothing of Nx but the plugin. */
function nxTree(): WatchedRepo {
  const tree = new WatchedRepo('plain').write({
    'nx.json': JSON.stringify({ plugins: [plugin], neverConnectToCloud: true, analytics: false }),
    'package.json': '{"private": true}',
    '.gitignore': 'node_modules\n.nx\n_output\n',
  });
  symlinkSync(resolve(repository, 'node_modules'), tree.path('node_modules'));
  return tree.init('v1.2.3');
}

async function nx(tree: WatchedRepo, args: readonly string[], env = {}): Promise<string> {
  const argv = [tree.path('node_modules/nx/dist/bin/nx.js'), ...args];
  const options = { cwd: tree.dir, env: { ...tree.env, NX_DAEMON: 'false', NO_COLOR: '1', ...env } };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, argv, options).catch(
    (error: { stdout: string; stderr: string }) => error,
  );
  return `${stdout}${stderr}`;
}

const ran = (output: string): string[] => [...output.matchAll(/^- (\S+)$/gm)].map(([, name]) => name!).sort();
const names = (output: string): string[] => output.trim().split(/[\n,]/).sort();

test('nx affected builds the commands that slipway affected names, in one call of Go for each way of linking', async () => {
  await using tree = nxTree();
  const all = await nx(tree, ['run-many', '-t', 'build']);
  expect(all).toContain('Successfully ran target build');
  const calls = goBuilds(tree.calls());
  expect(calls.map(({ args }) => args.filter((word) => /\/cmd\//.test(word)).length)).toEqual([2]);

  for (const [file, expected] of [
    ['cmd/a/a.go', ['a']],
    ['staging/src/plain.example/words/words.go', ['a', 'b']],
    ['go.mod', ['a', 'b']],
    ['README.md', ['']],
  ] as const) {
    appendFileSync(tree.path(file), '\n// changed\n');
    const { stdout } = await tree.slipway(['affected', '--base', 'HEAD', '--nx']);
    expect([file, names(stdout)]).toEqual([file, expected]);
    for (const daemon of ['false', 'true'])
      expect([
        file,
        daemon,
        ran(await nx(tree, ['affected', '-t', 'build', '--base', 'HEAD'], { NX_DAEMON: daemon })),
      ]).toEqual([file, daemon, expected[0] === '' ? [] : expected]);
    tree.git('checkout', '--quiet', '.');
  }
  await nx(tree, ['daemon', '--stop'], { NX_DAEMON: 'true' });
});

test('a command that does not compile fails with the message of Go, and commands of another call do not', async () => {
  await using tree = nxTree();
  tree.write({ 'cmd/a/broken.go': 'package main\n\nfunc broken() { return 1 }\n' });
  tree.write({
    'slipway.config.ts':
      "export default { sets: { server: { targets: ['cmd/a', 'cmd/b'], platforms: ['linux/amd64'] } }, static: ['b'] };\n",
  });
  const output = await nx(tree, ['run-many', '-t', 'build']);
  expect(output).toMatch(/broken\.go:3/);
  expect(ran(output.slice(output.indexOf('Failed tasks')))).toEqual(['a:build']);
});
