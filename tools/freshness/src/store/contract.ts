import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Store } from './port.ts';

export interface StoreRig {
  readonly store: Store;
  /** A directory for test files. */
  readonly dir: string;
  write(path: string, text: string): Promise<void>;
  readIfExists(path: string): Promise<string | undefined>;
  /** Changes a byte of the stored file with that digest. */
  damage(digest: string): Promise<void>;
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const [KEY, OTHER] = [sha256('key'), sha256('other')];

/** The contract of stores on disk and in memory. */
export function storeContract(name: string, rig: () => Promise<StoreRig>): void {
  describe(`${name} as Store`, () => {
    test('an added entry can be found and taken', async () => {
      const { store, dir, write, readIfExists } = await rig();
      await write(`${dir}/a`, 'text of a');
      await write(`${dir}/b`, 'text of b');
      expect(await store.find(KEY)).toBeUndefined();
      const files = [
        { name: 'bin/a', path: `${dir}/a` },
        { name: 'b', path: `${dir}/b` },
      ];
      const added = await store.add({ key: KEY, parts: { go: 'go1.20' } }, files);
      expect(added).toMatchObject({
        added: true,
        why: '',
        files: [{ name: 'bin/a', digest: sha256('text of a'), size: 9 }, { name: 'b' }],
      });
      const record = await store.find(KEY);
      expect(record).toMatchObject({
        key: KEY,
        parts: { go: 'go1.20' },
        files: added.files,
        writer: expect.stringContaining('@'),
      });
      expect(await store.take(record!.files[0]!, `${dir}/deep/er/a`)).toBe(true);
      expect(await readIfExists(`${dir}/deep/er/a`)).toBe('text of a');
    });

    test('a later write to an input or an output does not change the store', async () => {
      const { store, dir, write, readIfExists } = await rig();
      await write(`${dir}/a`, 'right');
      const {
        files: [file],
      } = await store.add({ key: KEY, parts: {} }, [{ name: 'a', path: `${dir}/a` }]);
      await write(`${dir}/a`, 'wrong');
      expect(await store.take(file!, `${dir}/b`)).toBe(true);
      await write(`${dir}/b`, 'wrong');
      expect(await store.take(file!, `${dir}/c`)).toBe(true);
      expect(await readIfExists(`${dir}/c`)).toBe('right');
    });

    test('a later record of the same key replaces the earlier one', async () => {
      const { store, dir, write } = await rig();
      for (const text of ['one', 'two']) {
        await write(`${dir}/a`, text);
        await store.add({ key: KEY, parts: { text } }, [{ name: 'a', path: `${dir}/a` }]);
      }
      expect(await store.find(KEY)).toMatchObject({ parts: { text: 'two' }, files: [{ digest: sha256('two') }] });
    });

    test('damaged bytes are not taken, then missing, and replaced when added again', async () => {
      const { store, dir, write, damage, readIfExists } = await rig();
      const add = () => store.add({ key: KEY, parts: {} }, [{ name: 'a', path: `${dir}/a` }]);
      await write(`${dir}/a`, 'right');
      const {
        files: [file],
      } = await add();
      await damage(file!.digest);
      await write(`${dir}/to`, 'before');
      expect(await store.take(file!, `${dir}/to`)).toBe(false);
      expect(await readIfExists(`${dir}/to`)).toBe('before');
      expect(await store.find(KEY)).toBeUndefined();
      await add();
      expect(await store.take(file!, `${dir}/to`)).toBe(true);
      expect(await readIfExists(`${dir}/to`)).toBe('right');
      await damage(file!.digest);
      await add();
      expect(await store.take(file!, `${dir}/to`)).toBe(true);
    });

    test('an entry that cannot be added is refused with the reason, and leaves no record', async () => {
      const { store, dir, write } = await rig();
      await write(`${dir}/a`, 'text');
      const record = { key: KEY, parts: {} };
      const missing = await store.add(record, [
        { name: 'a', path: `${dir}/a` },
        { name: 'b', path: `${dir}/b` },
      ]);
      expect(missing).toMatchObject({ added: false, why: expect.stringContaining(`${dir}/b`), files: [] });
      const other = await store.add(record, [{ name: 'a', path: `${dir}/a`, digest: OTHER }]);
      expect(other).toMatchObject({ added: false, why: expect.stringContaining(`${dir}/a`), files: [] });
      expect(await store.find(KEY)).toBeUndefined();
      expect((await store.add(record, [{ name: 'a', path: `${dir}/a`, digest: sha256('text') }])).added).toBe(true);
    });

    test('a malformed key or digest throws', async () => {
      const { store, dir } = await rig();
      for (const key of ['', '../../etc/passwd', KEY.toUpperCase(), `${KEY}0`, `${KEY}\n`]) {
        const work = [
          async () => store.find(key),
          async () => store.add({ key, parts: {} }, []),
          async () => store.exclusively([key], async () => {}),
          async () => store.take({ name: 'a', digest: key, size: 0, mode: 0o644 }, `${dir}/a`),
        ];
        for (const one of work) await expect(one()).rejects.toThrow(TypeError);
      }
    });

    test('exclusively runs one at a time for each key, for any order of keys, and forwards failures', async () => {
      const { store } = await rig();
      let log = '';
      const work = async (): Promise<void> => {
        log += '(';
        await new Promise((resolve) => setTimeout(resolve, 20));
        log += ')';
      };
      await Promise.all([
        store.exclusively([KEY, OTHER], work),
        store.exclusively([OTHER, KEY], work),
        store.exclusively([OTHER, OTHER], work),
      ]);
      expect(log).toBe('()()()');
      await expect(store.exclusively([KEY], () => Promise.reject(new Error('of the work')))).rejects.toThrow(
        'of the work',
      );
      expect(await store.exclusively([KEY], async () => 'result')).toBe('result');
    });
  });
}
