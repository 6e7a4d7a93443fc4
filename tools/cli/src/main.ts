#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { cacheDirectory } from '@slipway/adapters/cache-directory';
import type { Environment } from '@slipway/model';

const argv = process.argv.slice(2);
const environment = process.env as Environment;
// From source it also keeps what became of TypeScript: half of a start's time. A dry run writes nothing, not even that.
if (!argv.some((word) => /^(--dry-run|-[a-zA-Z]*n)$/.test(word))) {
  let caches = cacheDirectory(environment);
  if (caches !== undefined && !existsSync(caches))
    caches = (await import('@slipway/adapters/make-cache-directory')).makeCacheDirectory(environment);
  // What it holds is run. By itself Node has it below TMPDIR, where everybody may write. What is loaded before it is compiled each
  // time: nearly nothing.
  if (caches !== undefined) enableCompileCache(join(caches, 'node'));
}
const { firstLook } = await import('./no-op.ts');
const { line, answer: known } = firstLook(argv, environment);
// Nothing had to be done, whether or not anybody reads it.
if (known !== undefined) process.stdout.on('error', () => undefined);
const reported =
  known?.tests === undefined || (await (await import('./tests/report-known.ts')).reportKnown(known, environment));
if (known !== undefined && reported) (await import('./report/printer.ts')).standardOutput.write(known.said);
else process.exitCode = await (await import('./run.ts')).run(argv, line);
