import { readFileSync } from 'node:fs';
import { type Includes, noIncludes, readIncludes } from './includes.ts';
import type { NativeOptions } from './port.ts';

export interface KnownIncludes {
  of(path: string, isGo: boolean): Includes;
  save(): void;
}

/** By content, because many packages read the same headers. */
export function openIncludes({ index, memo }: Pick<NativeOptions, 'index' | 'memo'>): KnownIncludes {
  const kept = memo.get(INCLUDES);
  const known = new Map<string, Includes>(kept === undefined ? [] : (JSON.parse(kept) as [string, Includes][]));
  const used = new Map<string, Includes>();
  let isNew = false;
  return {
    of(path, isGo) {
      const key = `${index.digest(path)}${isGo ? ' go' : ''}`;
      const found = known.get(key) ?? used.get(key);
      isNew ||= found === undefined;
      const includes = found ?? includesIn(path, isGo);
      used.set(key, includes);
      return includes;
    },
    save() {
      if (isNew) memo.set(INCLUDES, JSON.stringify([...known, ...used].slice(-MOST_KNOWN)));
    },
  };
}

const INCLUDES = 'includes 2';
const MOST_KNOWN = 20_000;

/** An object or archive in a flag is read directly and includes nothing. */
function includesIn(path: string, isGo: boolean): Includes {
  if (/\.(?:[oa]|so|dylib|lib|syso|lds?)$/.test(path)) return noIncludes;
  try {
    return readIncludes(readFileSync(path, 'latin1'), isGo);
  } catch {
    return noIncludes;
  }
}
