import type { FakeOutputFiles } from '../files/fake.ts';
import type { SbomWriter } from '../sbom/port.ts';
import type { ImageWriter } from '../oci/port.ts';
import type { ArchiveWriter } from './port.ts';

/** Archives in memory, each as the list of its members. */
export const fakeArchiveWriter = (files: FakeOutputFiles): ArchiveWriter => ({
  compressor: (format) => format,
  async write(to, { entries }) {
    files.entries.set(to, { text: entries.map(({ path }) => `${path}\n`).join('') });
  },
  async compress(from, to) {
    files.entries.set(to, { text: `${from} compressed` });
  },
  digest: async (path, algorithm) => `${algorithm} of ${path}`,
  removeFormer: async () => [],
  [Symbol.asyncDispose]: async () => {},
});

export const fakeImageWriter = (files: FakeOutputFiles): ImageWriter => ({
  async write(to, { names }) {
    files.entries.set(to, { text: names.map((name) => `${name}\n`).join('') });
  },
  describe: async ({ images }) => ({
    digest: `sha256:${'0'.repeat(64)}`,
    manifests: images.map(({ name }) => `sha256 of ${name}`),
  }),
});

export const fakeSbomWriter = (files: FakeOutputFiles): SbomWriter => ({
  async write(to, { format, binaries }) {
    files.entries.set(to, { text: [format, ...binaries.map(({ name }) => name)].join('\n') });
  },
  modules: async () => [],
  standardLibrary: async () => undefined,
});
