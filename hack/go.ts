// Runs go test or go vet for one module:  node hack/go.ts test DIR REPORT  |  node hack/go.ts vet DIR
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { scriptArguments } from './lib/arguments.ts';
import { repositoryRoot } from './lib/check.ts';
import { environmentWith, findGo } from './lib/go-command.ts';
import { readGoTestEvents, reportText } from './lib/test-report.ts';

/** Of one package's tests; Go then says where each of them waits. By itself it waits ten minutes. */
const LIMIT = '-timeout=3m';

const usage = 'node hack/go.ts test DIR REPORT | node hack/go.ts vet DIR';
const [verb = '', dir = '.', report] = scriptArguments(usage, {}, 3).positionals;
const installation = findGo();
const testing = verb === 'test' && report !== undefined;
const { status, stdout, error } = spawnSync(
  installation.go,
  testing ? ['test', LIMIT, '-json', './...'] : [verb, './...'],
  {
    cwd: join(repositoryRoot, dir),
    encoding: 'utf8',
    env: environmentWith(installation),
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  },
);
if (error) throw error;
if (testing) {
  const { records, shown } = readGoTestEvents(stdout.split('\n'));
  mkdirSync(dirname(join(repositoryRoot, report)), { recursive: true });
  writeFileSync(join(repositoryRoot, report), reportText(records));
  process.stdout.write(shown);
} else process.stdout.write(stdout);
process.exitCode = status ?? 1;
