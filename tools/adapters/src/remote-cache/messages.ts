import protobuf from 'protobufjs/light.js';

/*
 * The messages we use of the Remote Execution API v2 (build.bazel.remote.execution.v2), google.bytestream and google.rpc.Status,
 * by their public field numbers. Fields we neither set nor read are left out; a decoder skips them.
 */

type Field = readonly [type: string, id: number, rule?: 'repeated'];

const fields = {
  Digest: { hash: ['string', 1], sizeBytes: ['int64', 2] },
  Status: { code: ['int32', 1], message: ['string', 2] },
  OutputFile: { path: ['string', 1], digest: ['Digest', 2], isExecutable: ['bool', 4] },
  ActionResult: { outputFiles: ['OutputFile', 2, 'repeated'], exitCode: ['int32', 4], stdoutRaw: ['bytes', 5] },
  GetActionResultRequest: { instanceName: ['string', 1], actionDigest: ['Digest', 2], inlineStdout: ['bool', 3] },
  UpdateActionResultRequest: {
    instanceName: ['string', 1],
    actionDigest: ['Digest', 2],
    actionResult: ['ActionResult', 3],
  },
  FindMissingBlobsRequest: { instanceName: ['string', 1], blobDigests: ['Digest', 2, 'repeated'] },
  FindMissingBlobsResponse: { missingBlobDigests: ['Digest', 2, 'repeated'] },
  BlobUpdate: { digest: ['Digest', 1], data: ['bytes', 2] },
  BatchUpdateBlobsRequest: { instanceName: ['string', 1], requests: ['BlobUpdate', 2, 'repeated'] },
  BlobUpdated: { digest: ['Digest', 1], status: ['Status', 2] },
  BatchUpdateBlobsResponse: { responses: ['BlobUpdated', 1, 'repeated'] },
  BatchReadBlobsRequest: { instanceName: ['string', 1], digests: ['Digest', 2, 'repeated'] },
  BlobRead: { digest: ['Digest', 1], data: ['bytes', 2], status: ['Status', 3] },
  BatchReadBlobsResponse: { responses: ['BlobRead', 1, 'repeated'] },
  ReadRequest: { resourceName: ['string', 1], readOffset: ['int64', 2], readLimit: ['int64', 3] },
  ReadResponse: { data: ['bytes', 10] },
  WriteRequest: {
    resourceName: ['string', 1],
    writeOffset: ['int64', 2],
    finishWrite: ['bool', 3],
    data: ['bytes', 10],
  },
  WriteResponse: { committedSize: ['int64', 1] },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Field>>>>;

export type MessageName = keyof typeof fields;

interface Values {
  string: string;
  int64: number;
  int32: number;
  bool: boolean;
  bytes: Uint8Array;
}

type ValueOf<F extends Field> = F extends readonly [infer T, number, 'repeated']
  ? readonly TypeOf<T>[]
  : F extends readonly [infer T, number]
    ? TypeOf<T>
    : never;
type TypeOf<T> = T extends keyof Values ? Values[T] : T extends MessageName ? Message<T> : never;

/** What is not set has proto3's default, and is undefined here; a list is then empty. */
export type Message<N extends MessageName> = {
  readonly [K in keyof (typeof fields)[N]]?: (typeof fields)[N][K] extends Field
    ? ValueOf<(typeof fields)[N][K]>
    : never;
};

const root = protobuf.Root.fromJSON({
  nested: Object.fromEntries(
    Object.entries(fields).map(([name, message]) => [
      name,
      {
        fields: Object.fromEntries(
          Object.entries(message as Record<string, Field>).map(([field, [type, id, rule]]) => [
            field,
            { type, id, ...(rule === undefined ? {} : { rule }) },
          ]),
        ),
      },
    ]),
  ),
});

export const encode =
  <N extends MessageName>(name: N) =>
  (message: Message<N>): Buffer =>
    Buffer.from(root.lookupType(name).encode(message).finish());

/** Throws what protobufjs throws for bytes that are no such message. */
export const decode =
  <N extends MessageName>(name: N) =>
  (bytes: Buffer): Message<N> => {
    const type = root.lookupType(name);
    return type.toObject(type.decode(bytes), { longs: Number, enums: Number }) as Message<N>;
  };
