const KiB = 2 ** 10;
const MiB = 2 ** 20;
const GiB = 2 ** 30;

/**
 * How much may come from outside, of everything that does: in bytes, in number, in time. Who reads what others made takes his limits
 * from here and from nowhere else, and refuses what is beyond them before it is read. For comparison: a release of Kubernetes has
 * 40 files and 3 GB, its largest archive 30 thousand members.
 */
export const limits = {
  /** A file of a tree that says what the tree is: modules, versions, scripts, lists. */
  source: { bytes: 64 * MiB },
  /** A published set, in a directory or at an address. */
  set: { files: 2000, bytes: 32 * GiB },
  /** SHA256SUMS and SHA512SUMS: a line for each file. */
  sums: { bytes: MiB },
  /** JSON of any kind; each kind says how many values it may have, as values take more memory than bytes. */
  json: { depth: 100 },
  /** Provenance, and what stands alone. */
  statement: { bytes: 4 * MiB, values: 200_000 },
  /** Bills of materials. */
  sbom: { bytes: 24 * MiB, values: 1_000_000 },
  /** A signature has what it signs in it. */
  signature: { bytes: 8 * MiB, values: 10_000 },
  key: { bytes: 64 * KiB },
  /** What a provenance may have built again. */
  platforms: { count: 100 },
  archive: {
    bytes: 32 * GiB,
    /** As many are read in about a second, and take 100 MB of memory. */
    members: 50_000,
    /** Of names, targets and extended headers, of all members together: they are kept in memory. */
    headers: 16 * MiB,
    /** Of one extended header. */
    header: MiB,
    /** How many bytes may come of each that was read; the first ones may be as repetitive as they like. */
    ratio: 100,
    free: 64 * MiB,
    /** Power of two: what a decoder of zstd keeps of the bytes before. */
    window: 26,
  },
  /** An image in a file or in a directory. */
  image: { text: 4 * MiB, values: 100_000, layers: 127 },
  /** Sections of a binary, the name of one, what Go says in it, and what is read of it at once: no header or table is larger. */
  binary: { bytes: GiB, sections: 4096, name: 256, info: MiB, read: 16 * MiB },
  /** Entries of a directory that `compare` looks into. */
  tree: { entries: 200_000 },
  /** Texts that `compare` shows by line; longer ones are compared as bytes. */
  text: { bytes: 4 * MiB, values: 100_000 },
  /** Servers of HTTP: how long one may be silent before it answers, and how slow its content may come after that. */
  http: { answerSeconds: 30, graceSeconds: 30, bytesPerSecond: 8 * KiB, error: 64 * KiB },
  registry: { manifest: 4 * MiB, manifests: 1000, values: 100_000, token: MiB, blob: 32 * GiB },
  /** A Go that is downloaded: as a zip, and unpacked. */
  toolchain: { zip: GiB, unpacked: 2 * GiB, files: 100_000 },
  /** A cache on the network: a message, a record, the files it names and the bytes of one. */
  cache: { message: 64 * MiB, record: 2 * MiB, files: 10_000, content: 8 * GiB, list: 3 * MiB, listed: 20_000 },
  /** What Go gives its cache: a line is a body in base64, and Node has no longer texts. */
  goCache: { body: 380 * MiB },
  /** What a program we run prints: git, Go, a compiler. */
  output: { bytes: 200_000_000 },
} as const;
