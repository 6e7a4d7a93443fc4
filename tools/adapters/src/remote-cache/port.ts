/** Content by sha256 (hex) and size, as a cache names it. */
export interface Blob {
  readonly digest: string;
  readonly size: number;
}

/** A file of a result. */
export interface CachedFile extends Blob {
  readonly path: string;
  readonly executable: boolean;
}

/** What a cache keeps under an action's digest. */
export interface CachedResult {
  readonly files: readonly CachedFile[];
  /** A few bytes of the writer's own, kept beside the files. */
  readonly note: Buffer;
}

/** Something is wrong with the cache: it does not answer in time, refuses, or sends what is not what it should be. */
export class RemoteCacheError extends Error {
  /** Whether there is no use in asking again: of a refusal or a wrong byte the next call may be spared. */
  readonly fatal: boolean;
  /** As gRPC counts them; none where it is no word of the server. */
  readonly code: number | undefined;

  constructor(message: string, fatal: boolean, code?: number) {
    super(message);
    this.code = code;
    this.name = 'RemoteCacheError';
    this.fatal = fatal;
  }
}

/** The cache half of the Remote Execution API v2. Every call throws RemoteCacheError; contents are checked on both ways. */
export interface RemoteCache {
  /** Undefined: the cache does not have it. */
  result(action: string): Promise<CachedResult | undefined>;
  /** The files must be there before. */
  putResult(action: string, result: CachedResult): Promise<void>;
  /** Those the cache does not have. */
  missing(blobs: readonly Blob[]): Promise<readonly Blob[]>;
  /** Small ones, together; undefined in the place of one that is not there. */
  read(blobs: readonly Blob[]): Promise<readonly (Buffer | undefined)[]>;
  /** Small ones, together. */
  write(contents: readonly Buffer[]): Promise<void>;
  /** Any size, into a new file; throws when other bytes come, and for the disk's own trouble. */
  download(blob: Blob, to: string): Promise<void>;
  /** Any size, of a file or all of its bytes; throws when they are not what they were said to be. */
  upload(blob: Blob, from: string | Buffer): Promise<void>;
  /** Milliseconds of waiting that nothing made up for. */
  readonly lost: number;
  /** Bytes of contents until now, of those that are under way, too. */
  readonly moved: { readonly read: number; readonly written: number };
  close(): void;
}

/** Who we are for a server, and how we know it. */
export interface RemoteConnection {
  /** Sent with every call: `authorization: Bearer …`. */
  readonly headers: Readonly<Record<string, string>>;
  /** PEM of who may sign the server's certificate; without it, those the machine trusts. */
  readonly authority?: Buffer | undefined;
  /** Shown to a server that asks for a certificate; both PEM. */
  readonly identity?: { readonly certificate: Buffer; readonly key: Buffer } | undefined;
}

export interface RemoteCacheOptions extends RemoteConnection {
  /** `grpc://host:port` or, with TLS, `grpcs://host:port`; what follows as path is the instance name. */
  readonly url: string;
  /** Milliseconds that may be lost by waiting, and with them a twentieth of the time since the beginning. */
  readonly latencyBudget: number;
  /** How fast content would be made without the cache: what comes slower is not worth waiting for. */
  readonly bytesPerSecond: number;
}
