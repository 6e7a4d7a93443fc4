import { join } from 'node:path/posix';
import type { FakeOutputFiles } from '../files/fake.ts';
import type { Registry } from './port.ts';

/** Has every image, and accepts every push. */
export const fakeRegistry = (files: FakeOutputFiles): Registry => ({
  async pull({ image, platforms, to }) {
    const path = join(to, 'index.json');
    const text = [image, ...platforms].join(' ');
    const present = files.entries.get(path);
    if (present !== undefined && 'text' in present && present.text === text) return 'same';
    files.entries.set(path, { text });
    return 'pulled';
  },
  push: async () => ({ is: 'pushed', documents: 0, isDescribed: true }),
});
