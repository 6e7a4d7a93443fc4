import type { OutputFiles } from '../files/port.ts';
import { cyclonedx, spdx } from './formats.ts';
import { type LinkedBinary, readLinked } from './linked.ts';
import type { BillWriter } from './port.ts';

const formats = { spdx, cyclonedx } as const;

export const realBillWriter = (files: OutputFiles): BillWriter => ({
  async write(to, { format, ...bill }) {
    const binaries: LinkedBinary[] = [];
    for (const binary of bill.binaries) binaries.push(await readLinked(binary));
    await files.writeFileWhole(to, `${JSON.stringify(formats[format]({ ...bill, binaries }), undefined, 1)}\n`);
  },
});
