import { readFile } from 'node:fs/promises';
import type { OutputFiles } from '../files/port.ts';
import { cyclonedx, spdx } from './formats.ts';
import { type LinkedBinary, ofOthers, readLinked, readModules } from './linked.ts';
import type { BillWriter, LinkedModule } from './port.ts';

const formats = { spdx, cyclonedx } as const;

export const realBillWriter = (files: OutputFiles): BillWriter => ({
  async write(to, { format, ...bill }) {
    const binaries: LinkedBinary[] = [];
    for (const binary of bill.binaries) binaries.push(await readLinked(binary));
    await files.writeFileWhole(to, `${JSON.stringify(formats[format]({ ...bill, binaries }), undefined, 1)}\n`);
  },
  async modules({ binaries, sums }) {
    const texts = await Promise.all(sums.map((path) => readFile(path, 'utf8').catch(() => '')));
    const linked: LinkedModule[] = [];
    for (const file of binaries) linked.push(...(await readModules(file)));
    return ofOthers(linked, texts);
  },
});
