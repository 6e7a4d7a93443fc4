import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FailureError } from '@slipway/model';
import { status as grpcStatus } from '../remote-cache/status.ts';
import {
  DirectorySchema,
  ExecuteOperationMetadataSchema,
  ExecutionStage_Value as Stage,
  type Init,
  TreeSchema,
  encode,
} from '../reapi/index.ts';
import { input, shellAction, unwatched } from './contract.ts';
import { type Said, type ScriptedCluster, ended, scriptedCluster } from './fixtures/scripted-cluster.ts';

/** Makes each action different. */
let salt = 0;
const action = (more: Parameters<typeof shellAction>[1] = {}) =>
  shellAction('true', { salt: String((salt += 1)), ...more });

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'no failure';
  } catch (error) {
    if (error instanceof FailureError) return error.failures[0]!.code;
    throw error;
  }
}

describe('a cluster that breaks the rules', () => {
  let cluster: ScriptedCluster;
  beforeAll(async () => void (cluster = await scriptedCluster()));
  afterAll(() => cluster[Symbol.asyncDispose]());

  const answering = async (...said: readonly Said[]): Promise<string> => {
    cluster.script = async function* () {
      yield* said;
    };
    const remote = cluster.open();
    try {
      return await codeOf(remote.execute(action(), unwatched));
    } finally {
      await remote.close();
    }
  };
  const METADATA = `type.googleapis.com/${ExecuteOperationMetadataSchema.typeName}`;
  const stage = (at: Stage, name = 'operation'): Said => ({
    name,
    metadata: { typeUrl: METADATA, value: encode(ExecuteOperationMetadataSchema)({ stage: at }) },
  });
  /** The result of an action that wrote a text. */
  const making = (text: string) => ({
    result: { outputFiles: [{ path: 'o', digest: cluster.keep(Buffer.from(text)) }] },
  });

  test('an end without a result is a refusal', async () => {
    expect(await answering(ended({}))).toBe('REMOTE_REFUSED');
  });

  test('an end that is not a message of the protocol is a refusal', async () => {
    const { result } = ended({});
    const value = { ...(result!.value as { typeUrl: string }), value: Buffer.from([0xff, 0xff, 0xff]) };
    expect(await answering({ name: 'o', done: true, result: { case: 'response', value } })).toBe('REMOTE_REFUSED');
  });

  test('a stage that is not a message of the protocol is ignored', async () => {
    const odd = { name: 'operation', metadata: { typeUrl: METADATA, value: Buffer.from([0xff]) } };
    expect(await answering(odd, ended(making('made')))).toBe('no failure');
  });
  const directory = (tree: Buffer): Said =>
    ended({ result: { outputDirectories: [{ path: 'o', treeDigest: cluster.keep(tree) }] } });

  test('a directory that is not a message of the protocol is refused', async () => {
    expect(await answering(directory(Buffer.from([0xff, 0xff, 0xff])))).toBe('REMOTE_OUTPUT');
  });

  test('a directory with too many directories, deep or wide, is refused', async () => {
    const children: Init<typeof DirectorySchema>[] = [{}];
    let below = cluster.keep(encode(DirectorySchema)({}));
    for (let depth = 0; depth < 20_000; depth++) {
      const each = { directories: [{ name: 'd', digest: below }] };
      children.push(each);
      below = cluster.keep(encode(DirectorySchema)(each));
    }
    const root = { directories: [{ name: 'd', digest: below }] };
    expect(await answering(directory(encode(TreeSchema)({ root, children })))).toBe('REMOTE_OUTPUT');
    const files = Array.from({ length: 2000 }, (_, at) => ({ name: `f${at}`, digest: below }));
    const leaf = { files };
    const digest = cluster.keep(encode(DirectorySchema)(leaf));
    const twigs = Array.from({ length: 2000 }, (_, at) => ({ name: `d${at}`, digest }));
    const wide = encode(TreeSchema)({ root: { directories: twigs }, children: [leaf] });
    expect(await answering(directory(wide))).toBe('REMOTE_OUTPUT');
  });

  test('an action that a server reports as queued again and again is given up after the usual time', async () => {
    cluster.script = async function* () {
      for (let i = 0; i < 100; i++) {
        yield stage(Stage.QUEUED);
        await sleep(100);
      }
    };
    const remote = cluster.open({ queueSeconds: 1 });
    const began = performance.now();
    expect(await codeOf(remote.execute(action(), unwatched))).toBe('REMOTE_QUEUE');
    expect(performance.now() - began).toBeLessThan(8000);
    await remote.close();
  });

  test('a server that restarted and does not know an action gets it again, and a server that knows it gets time', async () => {
    const calls: boolean[] = [];
    cluster.script = async function* ({ waits }) {
      calls.push(waits);
      // The action starts, and its stream breaks. The server does not know it, and starts it again.
      if (calls.length === 1) yield stage(Stage.EXECUTING);
      else if (calls.length === 2) throw { code: grpcStatus.NOT_FOUND, details: 'no such operation' };
      else if (calls.length === 3) yield stage(Stage.EXECUTING, 'another');
      else return yield ended(making('after a restart'));
      throw { code: grpcStatus.UNAVAILABLE, details: 'it went away' };
    };
    const remote = cluster.open();
    const { exitCode } = await remote.execute(action(), unwatched);
    expect([exitCode, calls]).toEqual([0, [false, true, false, true]]);
    await remote.close();
  });

  test('the client splits a question about more than ten thousand inputs', async () => {
    cluster.script = async function* () {
      yield ended(making('made'));
    };
    const files = Object.fromEntries(
      Array.from({ length: 20_500 }, (_, at) => [`in/${at % 100}/${at}`, input(`${at}`)]),
    );
    cluster.asked.length = 0;
    const remote = cluster.open();
    expect((await remote.execute(action({ files }), unwatched)).traffic.blobsUp).toBeGreaterThan(20_500);
    expect(Math.max(...cluster.asked)).toBeLessThanOrEqual(10_000);
    expect(cluster.asked.reduce((sum, count) => sum + count)).toBeGreaterThan(20_500);
    await remote.close();
  });

  test('an output that reports an excessive size is not fetched', async () => {
    const remote = cluster.open();
    const to = join(tmpdir(), `slipway-large-${process.pid}`);
    const large = { digest: hash('sha256', 'large'), size: 2 ** 50 };
    await expect(remote.fetch(large, to)).rejects.toThrow('REMOTE_OUTPUT');
    expect(existsSync(to)).toBe(false);
    await remote.close();
  });

  test('an input that was removed, or became a pipe or a directory, is a failure at once', async () => {
    const place = mkdtempSync(join(tmpdir(), 'slipway-inputs-'));
    const pipe = join(place, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const remote = cluster.open();
    for (const from of [join(place, 'gone'), pipe, place])
      for (const size of [4, 3_000_000]) {
        const digest = hash('sha256', `${from} ${size}`);
        const files = { in: { from, digest, size, executable: false } };
        expect(await codeOf(remote.execute(action({ files }), unwatched))).toBe('UNREADABLE');
      }
    await remote.close();
    rmSync(place, { recursive: true });
  });

  test('a server that never answered gets less time than one that answered before', async () => {
    const remote = cluster.open({ executors: ['grpc://127.0.0.1:1'] });
    let waited = 0;
    const count = setInterval(() => (waited += 100), 100);
    expect(await codeOf(remote.execute(action(), unwatched))).toBe('REMOTE_UNREACHABLE');
    clearInterval(count);
    expect(waited).toBeLessThan(5000);
    await remote.close();
  });
});
