// Runs every hack/verify-*.ts, or those named: node hack/verify.ts [NAME…] [--except=NAME…]
import { parseArgs } from 'node:util';
import { runScripts } from './lib/run-scripts.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { except: { type: 'string', multiple: true, default: [] } },
});
await runScripts({ kind: 'verify', only: positionals, except: values.except });
