// How much of tools/ its own tests run, as a table and as pages:  npm run coverage [-- PACKAGE…]
import { join } from 'node:path';
import { $ } from 'zx';
import { scriptArguments } from './lib/arguments.ts';
import { repositoryRoot } from './lib/check.ts';

const { positionals: packages } = scriptArguments('npm run coverage [-- PACKAGE…]', {});
const places = packages.length === 0 ? ['tools'] : packages.map((name) => `tools/${name}/`);
const pages = '_output/coverage';
// End-to-end tests run slipway as a separate process, which coverage does not see.
const tests = ['--exclude', '**/e2e/**'];
const counted = places.flatMap((place) => ['--coverage.include', join(place, '**/src/**/*.ts')]);
const left = ['**/*.test.ts', '**/contract.ts', '**/fixtures/**', '**/*_pb.ts', 'tools/testing/**', 'tools/bench/**'];
const options = [
  ...['--coverage.enabled', '--coverage.provider', 'v8', '--coverage.reportsDirectory', pages],
  ...['--coverage.reporter', 'text', '--coverage.reporter', 'html', '--coverage.reportOnFailure'],
  ...left.flatMap((pattern) => ['--coverage.exclude', pattern]),
];

const vitest = join(repositoryRoot, 'node_modules', 'vitest', 'vitest.mjs');
const run = $({ cwd: repositoryRoot, stdio: 'inherit', nothrow: true });
const { exitCode } =
  await run`${process.execPath} ${vitest} run --config hack/vitest.config.ts ${tests} ${counted} ${options} ${places}`;
console.log(`what no test runs is shown in ${pages}/index.html`);
process.exitCode = exitCode ?? 1;
