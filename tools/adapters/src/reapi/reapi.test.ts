import { describe, expect, test } from 'vitest';
import {
  ActionSchema,
  ByteStream,
  ExecuteOperationMetadataSchema,
  ExecuteResponseSchema,
  Execution,
  ExecutionStage_Value,
  OperationSchema,
  Operations,
  TreeSchema,
  decode,
  encode,
  pathOf,
  unpack,
} from './index.ts';

/** The bytes of the same messages from another encoder with the public definitions. */
const bytes = {
  tree: '0a2f0a130a06676f2e6d6f6412070a02616210ac022001120d0a03636d6412060a02636410071a090a016c12042e2e2f781200',
  action:
    '0a060a0261621005120d0a0263641081808080808080103202085a38014a02010252130a110a084f5346616d696c7912056c696e7578',
  operation: [
    '0a046f702f31125a0a4c747970652e676f6f676c65617069732e636f6d2f6275696c642e62617a656c2e72656d6f74652e657865637574696f6e2e',
    '76322e457865637574654f7065726174696f6e4d65746164617461120a080412060a026162100518012a88010a43747970652e676f6f676c656170',
    '69732e636f6d2f6275696c642e62617a656c2e72656d6f74652e657865637574696f6e2e76322e45786563757465526573706f6e736512410a2012',
    '0b0a016f12060a02656610011a0b0a01641a060a026161100220033a026e6f10011a08080412046c61746522110a036c6f67120a0a060a02626210',
    '031001',
  ].join(''),
};

describe('a message has the bytes of the public definitions', () => {
  test('a tree of directories', () => {
    const root = {
      files: [{ name: 'go.mod', digest: { hash: 'ab', sizeBytes: 300n }, isExecutable: true }],
      directories: [{ name: 'cmd', digest: { hash: 'cd', sizeBytes: 7n } }],
      symlinks: [{ name: 'l', target: '../x' }],
    };
    expect(encode(TreeSchema)({ root, children: [{}] }).toString('hex')).toBe(bytes.tree);
  });

  test('an action whose input has more bytes than a double can count', () => {
    const action = encode(ActionSchema)({
      commandDigest: { hash: 'ab', sizeBytes: 5n },
      inputRootDigest: { hash: 'cd', sizeBytes: 2n ** 53n + 1n },
      timeout: { seconds: 90n },
      doNotCache: true,
      salt: Buffer.from([1, 2]),
      platform: { properties: [{ name: 'OSFamily', value: 'linux' }] },
    });
    expect(action.toString('hex')).toBe(bytes.action);
    expect(decode(ActionSchema)(action).inputRootDigest?.sizeBytes).toBe(2n ** 53n + 1n);
  });

  test('an operation that is done, with its metadata and its response', () => {
    const operation = decode(OperationSchema)(Buffer.from(bytes.operation, 'hex'));
    expect(operation).toMatchObject({ name: 'op/1', done: true, result: { case: 'response' } });
    expect(unpack(ExecuteOperationMetadataSchema, operation.metadata)?.stage).toBe(ExecutionStage_Value.COMPLETED);
    const response = operation.result.case === 'response' ? operation.result.value : undefined;
    expect(unpack(ExecuteOperationMetadataSchema, response)).toBeUndefined();
    expect(unpack(ExecuteResponseSchema, response)).toMatchObject({
      cachedResult: true,
      status: { code: 4, message: 'late' },
      result: { exitCode: 3, outputFiles: [{ path: 'o' }], outputDirectories: [{ treeDigest: { hash: 'aa' } }] },
    });
    expect(encode(OperationSchema)(operation).toString('hex')).toBe(bytes.operation);
  });
});

test('a directory with the properties of a file system keeps its bytes, and so its digest, when it is encoded again', () => {
  const withProperties = '12150a0c0a0167200132051a0308a4032a051a0308a403';
  const tree = decode(TreeSchema)(Buffer.from(withProperties, 'hex'));
  expect(encode(TreeSchema)(tree).toString('hex')).toBe(withProperties);
});

test('a decoder ignores unknown fields, and refuses bytes that are not a message', () => {
  const unknown = Buffer.from('a2060161', 'hex');
  const known = decode(ActionSchema)(Buffer.concat([Buffer.from(bytes.action, 'hex'), unknown]));
  expect(known.doNotCache).toBe(true);
  expect(() => decode(ActionSchema)(Buffer.from('0aff', 'hex'))).toThrow('premature EOF');
});

test('a call goes to the path of its service', () => {
  expect([ByteStream.method.read, Execution.method.execute, Operations.method.cancelOperation].map(pathOf)).toEqual([
    '/google.bytestream.ByteStream/Read',
    '/build.bazel.remote.execution.v2.Execution/Execute',
    '/google.longrunning.Operations/CancelOperation',
  ]);
});
