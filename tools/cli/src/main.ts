#!/usr/bin/env node
import { enableCompileCache } from 'node:module';

const argv = process.argv.slice(2);
// From source it also keeps what became of TypeScript: half of a start's time. A dry run writes nothing, not even that.
if (!argv.some((word) => /^(--dry-run|-[a-zA-Z]*n)$/.test(word))) enableCompileCache();
const { quickAnswer } = await import('./no-op.ts');
const said = quickAnswer(argv, process.env as Record<string, string>);
// Nothing had to be done, whether or not anybody reads it.
if (said !== undefined) process.stdout.on('error', () => undefined).write(said);
else process.exitCode = await (await import('./run.ts')).run(argv);
