import { hash } from 'node:crypto';
import type { CachedFile, RemoteCache } from '@slipway/adapters';
import { limits } from '@slipway/model';
import { type Scope, isSigned, scopeToWrite, scopesToRead, signatureOf } from '../store/scopes.ts';
import type { SharedCacheSettings } from '../store/shared-cache-settings.ts';
import { type GoResult, parseResult } from './local-go-cache.ts';

/**
 * Go's results on the network: a result for each action, and for each name a list of the actions that its last build
 * needed.
 */
export interface GoRecords {
  result(actionId: string): Promise<GoResult | undefined>;
  /** The content must be stored first. */
  putResult(actionId: string, result: GoResult): Promise<void>;
  /** In the order in which the build needed them. */
  list(name: string): Promise<ReadonlyMap<string, GoResult>>;
  putList(name: string, needed: ReadonlyMap<string, GoResult>): Promise<void>;
}

export type GoScopes = Pick<SharedCacheSettings, 'scope' | 'signer' | 'trusted'>;

/** Bytes of Ed25519. */
const SIGNATURE = 64;

export function goRecords(remote: RemoteCache, settings: GoScopes): GoRecords {
  const { signer } = settings;
  // A writer that signs reads only signed scopes.
  const scopes = scopesToRead(settings, signer !== undefined);
  const put = (id: string, files: readonly CachedFile[], note: Buffer): Promise<void> =>
    remote.putResult(actionOf(scopeToWrite(settings), id), { files, note });
  return {
    async result(actionId) {
      const read = async (scope: Scope): Promise<GoResult | undefined> => {
        const answer = await remote.result(actionOf(scope.name, actionId));
        return answer && readNote(answer.note, actionId, scope);
      };
      const found = await Promise.all(scopes.map(read));
      return found.find((result) => result !== undefined);
    },
    putResult(actionId, result) {
      const note = Buffer.from(JSON.stringify({ ...result, actionId }));
      const file = { ...result, path: 'content', executable: false };
      return put(actionId, [file], Buffer.concat([signatureOf(note, signer), note]));
    },
    async list(name) {
      const all = new Map<string, GoResult>();
      for (const scope of scopes) {
        const answer = await remote.result(actionOf(scope.name, `list ${name}`));
        const blob = answer?.files[0];
        if (answer === undefined || blob === undefined || blob.size > limits.cache.list) continue;
        const [text] = await remote.read([blob]);
        if (text === undefined || !isSigned(text, scope, answer.note)) continue;
        for (const [actionId, result] of parseList(text)) if (!all.has(actionId)) all.set(actionId, result);
      }
      return all;
    },
    async putList(name, needed) {
      const lines = [...needed]
        .slice(0, limits.cache.listed)
        .map(([actionId, result]) => `${actionId} ${formatResult(result)}`);
      const text = Buffer.from(lines.join('\n'));
      if (text.length > limits.cache.list) return;
      await remote.write([text]);
      const file = { path: 'list', digest: hash('sha256', text), size: text.length, executable: false };
      await put(`list ${name}`, [file], signatureOf(text, signer));
    },
  };
}

const actionOf = (scope: string, id: string): string => hash('sha256', `slipway go 1\n${scope}\n${id}`);

const formatResult = ({ outputId, digest, size, time }: GoResult): string =>
  JSON.stringify({ outputId, digest, size, time });

function* parseList(text: Buffer): Generator<[string, GoResult]> {
  for (const line of text.toString().split('\n').slice(0, limits.cache.listed)) {
    // The action becomes a file name, so its form is checked.
    const [, actionId, said = ''] = /^([0-9a-f]{2,128}) (.*)$/.exec(line) ?? [];
    const result = parseResult(said);
    if (actionId !== undefined && result !== undefined) yield [actionId, result];
  }
}

/** A note contains its action, so that a signed note is valid for no other action. */
function readNote(note: Buffer, actionId: string, scope: Scope): GoResult | undefined {
  const text = scope.signer === undefined ? note : note.subarray(SIGNATURE);
  if (!isSigned(text, scope, note.subarray(0, SIGNATURE))) return undefined;
  const result = parseResult(text.toString());
  return result !== undefined && (JSON.parse(text.toString()) as { actionId?: unknown }).actionId === actionId
    ? result
    : undefined;
}
