// Runs every hack/update-*.ts, or those named: node hack/update.ts [NAME…] [--except=NAME…]
import { parseArgs } from 'node:util';
import { runScripts } from './lib/run-scripts.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { except: { type: 'string', multiple: true, default: [] } },
});
await runScripts({ kind: 'update', only: positionals, except: values.except });
