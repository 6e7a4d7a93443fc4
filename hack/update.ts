// Runs every hack/update-*.ts, or those named: node hack/update.ts [NAME…] [--except=NAME…]
import { scriptArguments } from './lib/arguments.ts';
import { runScripts } from './lib/run-scripts.ts';

const { values, positionals } = scriptArguments('node hack/update.ts [NAME…] [--except=NAME…]', {
  except: { type: 'string', multiple: true, default: [] },
});
await runScripts({ kind: 'update', only: positionals, except: values.except });
