import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sha256 } from './contract.ts';
import { openStore } from './open-store.ts';

const KILLS = 30;
const AT_ONCE = 3;
const KEYS = 6;
const MIB = 2 ** 20;

let base: string;
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'slipway-crash-'));
});
afterAll(() => rm(base, { recursive: true, force: true }));

/**
 * Adds, finds, takes and prunes in a loop. Every key has its own file and two shared ones. Every third key prints at
 * once.
 */
const worker = (module: string) => `
  import { openStore } from ${JSON.stringify(join(import.meta.dirname, module))};
  const [base, seed] = process.argv.slice(-2);
  const store = openStore({ directory: base + '/store', maxBytes: ${22 * MIB} });
  let random = Number(seed);
  const next = (below) => (random = (random * 1103515245 + 12345) % 2147483648) % below;
  const { createHash } = await import('node:crypto');
  let told = false;
  const ready = () => told || ((told = true), console.log('ready'));
  if (seed % 3 === 0) ready();
  for (;;) {
    const name = 'own-' + next(${KEYS});
    const key = createHash('sha256').update(name).digest('hex');
    await store.exclusively([key], async () => {
      const record = await store.find(key);
      if (record === undefined || next(3) === 0) {
        await store.add({ key, parts: {} }, [name, 'shared', 'small'].map((name) => ({ name, path: base + '/in/' + name })));
      }
      for (const file of record?.files ?? []) {
        await store.take(file, base + '/out-' + seed + '/' + file.name);
        ready();
      }
    });
    if (next(10) === 0) await store.prune({ maxBytes: ${18 * MIB} });
  }`;

test(`${KILLS} kill -9 at random instants leave no wrong file under a final name`, async () => {
  const contents = new Map([
    ['shared', Buffer.alloc(5 * MIB, 'shared')],
    ['small', Buffer.from('small')],
  ]);
  for (let i = 0; i < KEYS; i++) contents.set(`own-${i}`, Buffer.alloc(3 * MIB + i, `${i}`));
  await mkdir(join(base, 'in'));
  for (const [name, content] of contents) await writeFile(join(base, 'in', name), content);

  let kills = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (kills < KILLS) {
        const seed = ++kills;
        const child = spawn(process.execPath, ['--input-type=module', '-e', worker('open-store.ts'), base, `${seed}`], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        await killAtRandom(child, seed);
      }
    }),
  );

  const isRight = async (directory: string, name: string): Promise<boolean> =>
    contents.get(name)!.equals(await readFile(join(directory, name)));
  const outs = (await readdir(base)).filter((name) => name.startsWith('out-')).map((name) => join(base, name));
  const taken = (
    await Promise.all(
      outs.map(async (out) =>
        (await readdir(out)).filter((name) => !name.startsWith('.')).map((name) => ({ out, name })),
      ),
    )
  ).flat();
  expect(taken.length).toBeGreaterThan(KILLS / 2);
  for (const { out, name } of taken) expect(await isRight(out, name), `${out}/${name}`).toBe(true);

  const later = Date.now() + 3 * 86_400_000;
  const store = openStore({ directory: join(base, 'store'), maxBytes: 2 ** 30, now: () => later });
  // A record may name a file that a pruning removed when the adder was killed, but never a wrong file.
  const { wrong } = await store.verify();
  expect(wrong.filter(({ path, why }) => path.includes('/cas/') || !why.includes('missing'))).toEqual([]);
  let found = 0;
  for (let i = 0; i < KEYS; i++) {
    const record = await store.find(sha256(`own-${i}`));
    for (const file of record?.files ?? []) {
      found++;
      expect(await store.take(file, join(outs[0]!, file.name))).toBe(true);
      expect(await isRight(outs[0]!, file.name)).toBe(true);
    }
    const added = await store.add({ key: sha256(`own-${i}`), parts: {} }, [
      { name: 'x', path: join(base, 'in', `own-${i}`) },
    ]);
    expect(added.why).toBe('');
  }
  expect(found).toBeGreaterThan(0);
  expect((await readdir(outs[0]!)).filter((name) => name.startsWith('.'))).toEqual([]);
  await store.prune({ maxBytes: 2 ** 30 });
  expect(await readdir(join(base, 'store/v1/tmp'))).toEqual([]);
});

async function killAtRandom(child: ChildProcess, seed: number): Promise<void> {
  const exit = once(child, 'exit');
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  expect(line.toString()).toBe('ready\n');
  await sleep((seed * 7919) % 200);
  child.kill('SIGKILL');
  expect(await exit).toEqual([null, 'SIGKILL']);
}
