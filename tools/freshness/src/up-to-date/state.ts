import { readFileSync } from 'node:fs';
import { type OutputFiles, type Seal, sealed, unsealed } from '@slipway/adapters';
import { placeOf } from '@slipway/model';
import type { KeyParts } from './key.ts';

/** What the outputs of an action were when it was last run or restored. */
export interface OutputState {
  readonly key: string;
  /** Of the outputs: see `contentOf`. */
  readonly digest: string;
  /** Where what was restored came from, as its record has it; undefined for what was made here. */
  readonly scope?: string | undefined;
  /** Where the parts of the key are kept, for explaining the next one. */
  readonly parts: string;
}

/** What a published file was when it was put there. */
export interface PublishedState {
  /** sha256, hex, of what was copied. */
  readonly digest: string;
  /** Of the copy: changes with every write to it. */
  readonly stamp: string;
}

/** What is known of the actions of one tree by their ids, and of published files by path relative to its root. */
export interface OutputStates {
  /** Where they are kept. */
  readonly directory: string;
  get(output: string): OutputState | undefined;
  /** Without parts the next key cannot be explained. */
  set(output: string, state: Omit<OutputState, 'parts'>, parts: KeyParts | undefined): void;
  /** Of the key the output was made under; undefined when not kept. */
  partsOf(output: string): KeyParts | undefined;
  /** What was noted of a published file. */
  published(path: string): PublishedState | undefined;
  setPublished(path: string, state: PublishedState): void;
  /** Sets of files that actions with this static key read, the newest first. */
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

/** Keys whose sets are remembered; Kubernetes has a thousand packages with tests. */
const MOST_OBSERVED = 4000;

export interface StatesOptions {
  readonly files: OutputFiles;
  /** Of who may have written them. */
  readonly seal: Seal;
  /** Of what came from elsewhere; what is not believed is unknown. */
  readonly believes?: ((scope: string | undefined) => boolean) | undefined;
}

/** Reads the states of a directory; whatever cannot be read, or somebody else wrote, is unknown, and then made again. */
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
      // The newest are the last.
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
