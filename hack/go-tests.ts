// Runs the Go tests of one module through slipway, which runs again only what changed:  node hack/go-tests.ts DIR REPORT
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { scriptArguments } from './lib/arguments.ts';
import { repositoryRoot } from './lib/check.ts';
import { readTestedPackages, reportText } from './lib/test-report.ts';

/** Time limit of one package's tests; Go then prints where each of them waits. Go's own limit is ten minutes. */
const LIMIT = 'KUBE_TIMEOUT=-timeout=3m';

const [dir = '.', report = ''] = scriptArguments('node hack/go-tests.ts DIR REPORT', {}, 2).positionals;
// These have their own target, which builds the programs they start.
const without = `-//${dir}/test/integration/...`;
const { status, stdout, error } = spawnSync(
  process.execPath,
  [join('tools', 'cli', 'src', 'main.ts'), 'test', `//${dir}/...`, without, LIMIT, '--json'],
  { cwd: repositoryRoot, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] },
);
if (error) throw error;
const { records, shown } = readTestedPackages(stdout.split('\n'));
mkdirSync(dirname(join(repositoryRoot, report)), { recursive: true });
writeFileSync(join(repositoryRoot, report), reportText(records));
process.stdout.write(shown);
process.exitCode = status ?? 1;
