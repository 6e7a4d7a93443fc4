const KiB = 2 ** 10;
const MiB = 2 ** 20;
const GiB = 2 ** 30;

/**
 * Limits for all input from outside: bytes, counts and times. Code that reads foreign data takes its limits from here
 * and nowhere else, and refuses larger input before it reads it. For comparison: a release of Kubernetes has 40 files
 * and 3 GB, its largest archive 30 thousand members.
 */
export const limits = {
  /** A file that describes a tree: modules, versions, scripts, lists. */
  source: { bytes: 64 * MiB },
  /** A published set, in a directory or at a URL. */
  set: { files: 2000, bytes: 32 * GiB },
  /** SHA256SUMS and SHA512SUMS, with one line for each file. */
  sums: { bytes: MiB },
  /** JSON of any kind. Each kind also limits its number of values, because values need more memory than bytes. */
  json: { depth: 100 },
  /** Provenance and other single statements. */
  statement: { bytes: 4 * MiB, values: 200_000 },
  /** Bills of materials. */
  sbom: { bytes: 24 * MiB, values: 1_000_000 },
  /** A signature contains the data that it signs. */
  signature: { bytes: 8 * MiB, values: 10_000 },
  key: { bytes: 64 * KiB },
  /** Platforms that a provenance may list for a rebuild. */
  platforms: { count: 100 },
  archive: {
    bytes: 32 * GiB,
    /** Reading this many takes about a second and 100 MB of memory. */
    members: 50_000,
    /** Names, targets and extended headers of all members together. They are kept in memory. */
    headers: 16 * MiB,
    /** One extended header. */
    header: MiB,
    /** Unpacked bytes for each packed byte. The first bytes may exceed it. */
    ratio: 100,
    free: 64 * MiB,
    /** Power of two: the window of a zstd decoder. */
    window: 26,
  },
  /** An image in a file or in a directory. */
  image: { text: 4 * MiB, values: 100_000, layers: 127 },
  /**
   * Sections of a binary, their names, Go's build info, and the size of one read. All headers and tables are smaller.
   */
  binary: { bytes: GiB, sections: 4096, name: 256, info: MiB, read: 16 * MiB },
  /** Entries of a directory that `compare` looks into. */
  tree: { entries: 200_000 },
  /** Texts that `compare` shows line by line. It compares longer ones as bytes. */
  text: { bytes: 4 * MiB, values: 100_000 },
  /** HTTP servers: the time to the first answer, and the lowest speed of the content after that. */
  http: { answerSeconds: 30, graceSeconds: 30, bytesPerSecond: 8 * KiB, error: 64 * KiB },
  registry: { manifest: 4 * MiB, manifests: 1000, values: 100_000, token: MiB, blob: 32 * GiB },
  /** A downloaded Go: the zip, and the unpacked files. */
  toolchain: { zip: GiB, unpacked: 2 * GiB, files: 100_000 },
  /** A cache on the network: a message, a record, the files in a record and the bytes of one file. */
  cache: { message: 64 * MiB, record: 2 * MiB, files: 10_000, content: 8 * GiB, list: 3 * MiB, listed: 20_000 },
  /** Data that Go gives its cache program. A line holds a body in base64, and Node's strings have a maximum length. */
  goCache: { body: 380 * MiB },
  /** The output of a program that slipway runs: git, Go, a compiler. */
  output: { bytes: 200_000_000 },
} as const;
