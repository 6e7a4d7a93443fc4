import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

// In a process of its own: vitest imports in its own way.
const script = `import { registerHooks } from 'node:module';
  const loaded = [];
  registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
  await import('${new URL('./no-op.ts', import.meta.url).href}');
  console.log(loaded.join('\\n'));`;

test('the look that finds nothing changed loads none of the modules of Node that are slow to load', () => {
  const report = `const before = new Set(process.moduleLoadList);
    await import('${new URL('./no-op.ts', import.meta.url).href}');
    console.log(process.moduleLoadList.filter((name) => !before.has(name)).join('\\n'));`;
  const said = execFileSync(process.execPath, ['--input-type=module', '--eval', report], { encoding: 'utf8' });
  expect(said).toContain('NativeModule zlib');
  expect(said.split('\n').filter((name) => /^NativeModule (?:crypto|child_process)$/.test(name))).toEqual([]);
});

test('the look that finds nothing changed loads no adapters but those it calls: what it loads is all that it costs', () => {
  const said = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
  const loaded = said.trim().split('\n');
  const whole = ['adapters', 'facts', 'freshness', 'plan', 'run'].map((name) => `/${name}/src/index.ts`);
  expect(loaded.filter((url) => whole.some((index) => url.endsWith(index)))).toEqual([]);
  const libraries = loaded.flatMap((url) => /node_modules\/((?!@slipway)[^/]+)/.exec(url)?.[1] ?? []);
  expect(libraries).toEqual(['leven']);
});
