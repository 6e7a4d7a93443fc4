/** Content by sha256 (hex) and size, as a cache identifies it. */
export interface Blob {
  readonly digest: string;
  readonly size: number;
}

/** A file of a result. */
export interface CachedFile extends Blob {
  readonly path: string;
  readonly executable: boolean;
}

/** A cached result, by the action's digest. */
export interface CachedResult {
  readonly files: readonly CachedFile[];
  /** A few bytes for the writer's own use, stored beside the files. */
  readonly note: Buffer;
}

/** An error of the cache: no answer in time, a refusal, or wrong content. */
export class RemoteCacheError extends Error {
  /** A retry is pointless, for example after a refusal or a wrong byte. */
  readonly fatal: boolean;
  /** gRPC's code; undefined if the error is not from the server. */
  readonly code: number | undefined;

  constructor(message: string, fatal: boolean, code?: number) {
    super(message);
    this.code = code;
    this.name = 'RemoteCacheError';
    this.fatal = fatal;
  }
}

/**
 * The cache part of the Remote Execution API v2. Every call throws RemoteCacheError. Contents are checked in both
 * directions.
 */
export interface RemoteCache {
  /** Undefined: not in the cache. */
  result(action: string): Promise<CachedResult | undefined>;
  /** The files must be uploaded first. */
  putResult(action: string, result: CachedResult): Promise<void>;
  /** The contents that the cache lacks. */
  missing(blobs: readonly Blob[]): Promise<readonly Blob[]>;
  /** Small contents in one call; undefined for each missing one. */
  read(blobs: readonly Blob[]): Promise<readonly (Buffer | undefined)[]>;
  /** Small contents in one call. */
  write(contents: readonly Buffer[]): Promise<void>;
  /** Content of any size, into a new file. Throws for wrong content and for disk errors. */
  download(blob: Blob, to: string): Promise<void>;
  /** Content of any size, from a file or from memory. Throws if it does not match its digest. */
  upload(blob: Blob, from: string | Buffer): Promise<void>;
  /** Milliseconds of waiting that no received content made up for. */
  readonly lost: number;
  /** Bytes transferred so far, including unfinished ones. */
  readonly moved: { readonly read: number; readonly written: number };
  close(): void;
}

/** Credentials for a server, and how to verify the server. */
export interface RemoteConnection {
  /** Headers of every call: `authorization: Bearer …`. */
  readonly headers: Readonly<Record<string, string>>;
  /** PEM of the trusted signers of the server's certificate; by default the machine's. */
  readonly authority?: Buffer | undefined;
  /** The client certificate and key, both PEM. */
  readonly identity?: { readonly certificate: Buffer; readonly key: Buffer } | undefined;
}

export interface RemoteCacheOptions extends RemoteConnection {
  /** `grpc://host:port` or, with TLS, `grpcs://host:port`. The path is the instance name. */
  readonly url: string;
  /** Milliseconds of waiting that may be lost, in addition to a twentieth of the elapsed time. */
  readonly latencyBudget: number;
  /** How fast content would be made without the cache. A slower transfer is not worth waiting for. */
  readonly bytesPerSecond: number;
}
