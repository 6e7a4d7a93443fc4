import { readFile } from 'node:fs/promises';
import type { OutputFiles } from '../files/port.ts';
import { cyclonedx, spdx } from './formats.ts';
import { readLicense } from './licenses.ts';
import { type LinkedBinary, ofOthers, readLinked, readModules } from './linked.ts';
import type { BillWriter, LinkedModule } from './port.ts';

const formats = { spdx, cyclonedx } as const;

export const realBillWriter = (files: OutputFiles): BillWriter => ({
  async write(to, { format, vendor, ...bill }) {
    const binaries: LinkedBinary[] = [];
    for (const binary of bill.binaries) {
      const linked = await readLinked(binary);
      binaries.push({ ...linked, modules: await licensed(linked.modules, vendor) });
    }
    await files.writeFileWhole(to, `${JSON.stringify(formats[format]({ ...bill, binaries }), undefined, 1)}\n`);
  },
  async modules({ binaries, sums }) {
    const texts = await Promise.all(sums.map((path) => readFile(path, 'utf8').catch(() => '')));
    const linked: LinkedModule[] = [];
    for (const file of binaries) linked.push(...(await readModules(file)));
    return ofOthers(linked, texts);
  },
});

async function licensed(modules: readonly LinkedModule[], vendor: string | undefined): Promise<LinkedModule[]> {
  if (vendor === undefined) return [...modules];
  return Promise.all(
    modules.map(async (module) => {
      const license = module.version === '' ? undefined : await readLicense(vendor, module.path);
      return license === undefined ? module : { ...module, license };
    }),
  );
}
