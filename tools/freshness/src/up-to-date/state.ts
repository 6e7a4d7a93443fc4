import { readFileSync } from 'node:fs';
import { type OutputFiles, type Seal, sealed, unsealed } from '@slipway/adapters';
import { placeOf } from '@slipway/model';
import type { KeyParts } from './key.ts';

/** The outputs of an action when it last ran or was restored. */
export interface OutputState {
  readonly key: string;
  /** The digest of the outputs: see `contentOf`. */
  readonly digest: string;
  /** The scope in the restored record; undefined for this machine's own. */
  readonly scope?: string | undefined;
  /** The place of the key's parts, for the next explanation. */
  readonly parts: string;
}

/** The state of a published file when it was written. */
export interface PublishedState {
  /** sha256, hex, of its content. */
  readonly digest: string;
  /** Stamp of the copy, which changes with every write. */
  readonly stamp: string;
}

/** The records of one tree: its actions by id, and published files by path relative to its root. */
export interface OutputStates {
  /** The directory of the records. */
  readonly directory: string;
  get(output: string): OutputState | undefined;
  /** Keeps `parts`, so that the next run can say which part of the key changed. */
  set(output: string, state: Omit<OutputState, 'parts'>, parts: KeyParts | undefined): void;
  /** The key parts of an output; undefined if not kept. */
  partsOf(output: string): KeyParts | undefined;
  /** The record of a published file. */
  published(path: string): PublishedState | undefined;
  setPublished(path: string, state: PublishedState): void;
  /** Sets of files that actions with this static key read, newest first. */
  observed(key: string): readonly (readonly string[])[];
  setObserved(key: string, sets: readonly (readonly string[])[]): void;
  save(): Promise<void>;
}

interface StateFile {
  readonly version: 3;
  readonly outputs: Record<string, OutputState>;
  readonly published: Record<string, PublishedState>;
  readonly observed: Record<string, readonly (readonly string[])[]>;
}

/** Maximum number of keys with sets. Kubernetes has a thousand packages with tests. */
const MOST_OBSERVED = 4000;

export interface StatesOptions {
  readonly files: OutputFiles;
  /** Checks who wrote the records. */
  readonly seal: Seal;
  /** Reports whether records of a scope are trusted; others count as unknown. */
  readonly believes?: ((scope: string | undefined) => boolean) | undefined;
}

/**
 * Reads the records of a directory. Unreadable and foreign records count as unknown, and their outputs are made again.
 */
export function openStates(directory: string, { files, seal, believes = () => true }: StatesOptions): OutputStates {
  const path = `${directory}/outputs.json`;
  const found = read<StateFile>(path, 'states', seal);
  const kept = found?.version === 3 ? found : undefined;
  const outputs = new Map(Object.entries(kept?.outputs ?? {}));
  const published = new Map(Object.entries(kept?.published ?? {}));
  const observed = new Map(Object.entries(kept?.observed ?? {}));
  const newParts = new Map<string, KeyParts>();
  return {
    directory,
    get(output) {
      const state = outputs.get(output);
      return state !== undefined && believes(state.scope) ? state : undefined;
    },
    set(output, state, parts) {
      const file = `${directory}/parts/${placeOf(output)}.json`;
      outputs.set(output, { ...state, parts: file });
      if (parts !== undefined) newParts.set(file, parts);
    },
    partsOf(output) {
      const file = outputs.get(output)?.parts;
      return file === undefined ? undefined : (newParts.get(file) ?? read<KeyParts>(file, 'parts', seal));
    },
    published: (output) => published.get(output),
    setPublished: (output, state) => void published.set(output, state),
    observed(key) {
      const sets = observed.get(key) ?? [];
      if (sets.length > 0) this.setObserved(key, sets);
      return sets;
    },
    setObserved(key, sets) {
      // The newest are last.
      observed.delete(key);
      observed.set(key, sets);
    },
    async save() {
      for (const [file, parts] of newParts)
        await files.writeFileWhole(file, sealed(seal, 'parts', JSON.stringify(parts)));
      newParts.clear();
      const text: StateFile = {
        version: 3,
        outputs: Object.fromEntries(outputs),
        published: Object.fromEntries(published),
        observed: Object.fromEntries([...observed].slice(-MOST_OBSERVED)),
      };
      await files.writeFileWhole(path, sealed(seal, 'states', JSON.stringify(text)));
    },
  };
}

function read<T>(path: string, what: string, seal: Seal): T | undefined {
  try {
    const text = unsealed(seal, what, readFileSync(path, 'utf8'));
    return text === undefined ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}
