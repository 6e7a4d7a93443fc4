// Runs every hack/verify-*.ts, or those named: node hack/verify.ts [NAME…] [--except=NAME…]
import { scriptArguments } from './lib/arguments.ts';
import { runScripts } from './lib/run-scripts.ts';

const { values, positionals } = scriptArguments('node hack/verify.ts [NAME…] [--except=NAME…]', {
  except: { type: 'string', multiple: true, default: [] },
});
await runScripts({ kind: 'verify', only: positionals, except: values.except });
