#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { cacheDirectory } from '@slipway/adapters/cache-directory';
import type { Environment } from '@slipway/model';

const argv = process.argv.slice(2);
const environment = process.env as Environment;
// From source, slipway also caches Node's stripped TypeScript, which is half of the start time. A dry run writes
// nothing, not even that.
if (!argv.some((word) => /^(--dry-run|-[a-zA-Z]*n)$/.test(word))) {
  let caches = cacheDirectory(environment);
  if (caches !== undefined && !existsSync(caches))
    caches = (await import('@slipway/adapters/make-cache-directory')).makeCacheDirectory(environment);
  // Node runs the code in this cache. Its default directory is below TMPDIR, where everybody may write. The few modules
  // loaded before this line are compiled each time.
  if (caches !== undefined) enableCompileCache(join(caches, 'node'));
}
const { firstLook } = await import('./no-op.ts');
const { line, answer: known } = firstLook(argv, environment);
// Nothing had to be done, even if nobody reads the output.
if (known !== undefined) process.stdout.on('error', () => undefined);
const reported =
  known?.tests === undefined || (await (await import('./tests/report-known.ts')).reportKnown(known, environment));
if (known !== undefined && reported) (await import('./report/printer.ts')).standardOutput.write(known.said);
else process.exitCode = await (await import('./run.ts')).run(argv, line);
