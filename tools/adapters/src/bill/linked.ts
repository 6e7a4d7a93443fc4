import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readBinary } from '../binary/index.ts';
import type { GoModuleVersion } from '../binary/binary-file.ts';
import type { BilledBinary } from './port.ts';

/** A module as it was linked. */
export interface LinkedModule {
  readonly path: string;
  /** Empty for a module of the tree itself. */
  readonly version: string;
  /** Package URL: `pkg:golang/github.com/spf13/cobra@v1.7.0`. */
  readonly url: string;
}

export interface LinkedBinary extends BilledBinary {
  readonly sha256: string;
  readonly modules: readonly LinkedModule[];
}

/** What was linked into a binary; Go's standard library is a module of its own. Of what Go did not link nothing is known. */
export async function readLinked(binary: BilledBinary): Promise<LinkedBinary> {
  const { goBuildInfo } = await readBinary(binary.file);
  if (goBuildInfo === undefined) return { ...binary, sha256: await sha256Of(binary.file), modules: [] };
  const { main, modules, goVersion } = goBuildInfo;
  const library = { path: 'stdlib', version: goVersion.replace(/^go/, '').split(' ')[0]!, sum: '' };
  const linked = [library, ...(main === undefined ? [] : [main]), ...modules].map(asLinked);
  return { ...binary, sha256: await sha256Of(binary.file), modules: linked };
}

/** What replaced a module is what was linked; one on disk has no version. */
function asLinked(module: GoModuleVersion): LinkedModule {
  const { path, version } = module.replace ?? module;
  const known = version === '(devel)' || /^[./]/.test(path) ? '' : version;
  const name = /^[./]/.test(path) ? module.path : path;
  return { path: name, version: known, url: `pkg:golang/${encoded(name)}${known === '' ? '' : `@${encoded(known)}`}` };
}

const encoded = (text: string): string => text.split('/').map(encodeURIComponent).join('/');

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece as Buffer);
  return hash.digest('hex');
}
