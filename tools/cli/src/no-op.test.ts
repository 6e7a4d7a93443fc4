import { execFileSync, spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

// In a separate process, because vitest has its own module loader.
const script = `import { registerHooks } from 'node:module';
  const loaded = [];
  registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
  await import('${new URL('./no-op.ts', import.meta.url).href}');
  console.log(loaded.join('\\n'));`;

test('a check that finds no change loads no slow module of Node', () => {
  const report = `const before = new Set(process.moduleLoadList);
    await import('${new URL('./no-op.ts', import.meta.url).href}');
    console.log(process.moduleLoadList.filter((name) => !before.has(name)).join('\\n'));`;
  const said = execFileSync(process.execPath, ['--input-type=module', '--eval', report], { encoding: 'utf8' });
  expect(said).toContain('NativeModule zlib');
  expect(said.split('\n').filter((name) => /^NativeModule (?:crypto|child_process)$/.test(name))).toEqual([]);
});

test('a check that finds no change loads only the adapters it calls, so that it stays fast', () => {
  const said = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
  const loaded = said.trim().split('\n');
  const whole = ['adapters', 'facts', 'freshness', 'plan', 'run'].map((name) => `/${name}/src/index.ts`);
  expect(loaded.filter((url) => whole.some((index) => url.endsWith(index)))).toEqual([]);
  const libraries = loaded.flatMap((url) => /node_modules\/((?!@slipway)[^/]+)/.exec(url)?.[1] ?? []);
  expect(libraries).toEqual(['leven']);
});

test('the arguments are parsed once for the check and for the run after it', () => {
  const counted = `import { registerHooks } from 'node:module';
    const body = /(export function parseArguments\\([^]*?\\{\\n)/;
    registerHooks({ load: (url, context, next) => {
      const loaded = next(url, context);
      if (!url.endsWith('/parse-arguments.ts')) return loaded;
      return { ...loaded, source: String(loaded.source).replace(body, "$1  process.stderr.write('parsed\\\\n');\\n") };
    } });
    process.argv = [process.execPath, 'slipway', 'help', 'targets'];
    await import('${new URL('./main.ts', import.meta.url).href}');`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', counted], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: 'parsed\n' });
  expect(stdout).toContain('quick-release');
});
