import { join } from 'node:path';
import type { CommandResult } from '@slipway/adapters';
import type { Environment } from '@slipway/model';
import type { CheckOfTree, CheckedTree, TreeProblem } from './port.ts';

/** As many as a call's arguments may hold in any tree. */
const AT_ONCE = 2000;

/** Words of a call are limited. */
export function inPieces(paths: readonly string[]): string[][] {
  const count = Math.ceil(paths.length / AT_ONCE);
  return Array.from({ length: count }, (_, i) => paths.slice(i * AT_ONCE, (i + 1) * AT_ONCE));
}

/** A program's complaint about a file. */
export const complaint = (path: string, { exit, signal, output }: CommandResult): TreeProblem[] =>
  exit === 0 ? [] : [{ path, what: output.trim() || `the program ended with ${exit ?? signal}` }];

export const gofmt: CheckOfTree = async (tree) => {
  const problems: TreeProblem[] = [];
  for (const files of inPieces(tree.files(/\.go$/))) {
    const { exit, stderr } = await tree.run(['gofmt', '-l', '-w', ...files]);
    // `a.go:3:1: expected declaration`
    if (exit !== 0) problems.push({ path: '.', what: stderr.trim() });
  }
  return problems;
};

/** Go of any version writes; what it writes is looked at in the view. */
export const goMod: CheckOfTree = async (tree) => {
  const problems: TreeProblem[] = [];
  for (const dir of tree.modules) {
    const tidy = (env: Environment) =>
      tree.run(['go', 'mod', 'tidy'], { in: dir, env: { GOFLAGS: '-mod=mod', GOWORK: 'off', ...env } });
    // A pass that used no network is kept: most often all modules are here.
    const offline = await tidy({ GOPROXY: 'off' });
    problems.push(...complaint(join(dir, 'go.mod'), offline.exit === 0 ? offline : await tidy({})));
  }
  return problems;
};

export const goWork: CheckOfTree = async (tree) =>
  complaint('go.work', await tree.run(['go', 'list', '-m'], { env: { GOFLAGS: '-mod=readonly' } }));

/** Go compares modules.txt with go.mod, and finds each import; what nobody lists is found here. */
export const vendor: CheckOfTree = async (tree) => {
  const listed = packagesOf(tree.read('vendor/modules.txt') ?? '');
  const missing = listed
    .filter((path) => !tree.exists(`vendor/${path}`))
    .map((path) => ({ path: 'vendor/modules.txt', what: `it lists ${path}, which is not in vendor/` }));
  const modules = tree.exists('go.work') ? tree.modules : ['.'];
  const all = ['go', 'list', '-mod=vendor', '-deps', '-test', ...modules.map((dir) => `./${join(dir, '...')}`)];
  const { exit, stderr } = await tree.run(all, { env: { GOFLAGS: '' } });
  return [...missing, ...(exit === 0 ? [] : [{ path: 'vendor', what: stderr.trim() }])];
};

/** A line of its own for each package, below that of its module. */
const packagesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

/**
 * The cheapest that Go has which looks at types of packages and of their tests: vet with one analyzer. Other platforms are looked at as
 * they are built: without cgo.
 */
export const typecheck: CheckOfTree = async (tree) => {
  const problems: TreeProblem[] = [];
  for (const platform of tree.platforms)
    for (const dir of tree.modules) {
      const ended = await tree.run(['go', 'vet', '-nilfunc', './...'], { in: dir, env: goEnvironment(tree, platform) });
      problems.push(...complaint(`${dir} on ${platform}`, ended));
    }
  return problems;
};

function goEnvironment({ host }: CheckedTree, platform: string): Record<string, string> {
  const [GOOS = '', GOARCH = ''] = platform.split('/');
  return { GOOS, GOARCH, ...(platform === host ? {} : { CGO_ENABLED: '0' }) };
}
