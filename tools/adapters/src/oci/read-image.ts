import { mkdtempSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FailureError, limits } from '@slipway/model';
import { isRecord, parseStrictJson } from '../manifest/json.ts';
import { readArchive } from '../tar/read-archive.ts';
import type { ReadMember } from '../tar/read-port.ts';
import { RefusedTar } from '../tar/read-tar.ts';

export interface ReadImage {
  /** The role of each blob, by member name: `config`, `layer 1`. */
  readonly roles: ReadonlyMap<string, string>;
  readonly names: readonly string[];
  /** The complete configuration of the image. */
  readonly config: Readonly<Record<string, unknown>>;
  /** From the lowest. */
  readonly layers: readonly { readonly digest: string; readonly members: readonly ReadMember[] }[];
}

interface Descriptor {
  readonly digest: string;
  readonly size: number;
}

const FIXED = ['oci-layout', 'index.json', 'manifest.json'];
const BLOB = /^blobs\/sha256\/([0-9a-f]{64})$/;

const refuse = (fact: string): never => {
  throw new RefusedTar(fact);
};

/**
 * Reads an untrusted image, one tar that is an OCI image layout. Every blob must match its name, the manifests must
 * refer to all blobs and to nothing else, and each layer must be a valid archive. Throws BAD_ARCHIVE.
 */
export async function readImage(path: string, signal?: AbortSignal): Promise<ReadImage> {
  const scratch = mkdtempSync(join(tmpdir(), 'slipway-image-'));
  try {
    return await readLayout(path, scratch, signal);
  } catch (error) {
    if (error instanceof RefusedTar) throw new FailureError({ code: 'BAD_ARCHIVE', path, fact: error.message });
    const inner = error instanceof FailureError ? error.failures[0] : undefined;
    if (inner?.code !== 'BAD_ARCHIVE' || inner.path === path) throw error;
    throw new FailureError({ code: 'BAD_ARCHIVE', path, fact: `a layer: ${inner.fact}` });
  } finally {
    await rm(scratch, { recursive: true });
  }
}

async function readLayout(path: string, scratch: string, signal: AbortSignal | undefined): Promise<ReadImage> {
  const reading = { ...(signal && { signal }) };
  const kept = new Map<string, string>();
  const { members } = await readArchive(path, {
    ...reading,
    keep({ path: name, kind }) {
      if (kind !== 'file') return undefined;
      kept.set(name, join(scratch, String(kept.size)));
      return kept.get(name);
    },
  });
  for (const { path: name, kind, sha256 } of members) {
    const digest = BLOB.exec(name)?.[1];
    if (
      kind === 'directory' ? !['blobs', 'blobs/sha256'].includes(name) : digest === undefined && !FIXED.includes(name)
    )
      refuse(`it is an image with ${JSON.stringify(name)} in it`);
    if (digest !== undefined && digest !== sha256) refuse(`${name} does not match the digest in its name`);
  }
  const sizes = new Map(members.map(({ path: name, size }) => [name, size]));
  const used = new Set<string>();
  const json = async (name: string): Promise<Readonly<Record<string, unknown>>> => {
    const value = await jsonOf(kept.get(name), name, sizes.get(name));
    return isRecord(value) ? value : refuse(`${name} is not a JSON object`);
  };
  const blobName = ({ digest, size }: Descriptor): string => {
    const name = `blobs/${digest.replace(':', '/')}`;
    if (sizes.get(name) !== size) refuse(`${digest} is ${sizes.has(name) ? 'of another size than said' : 'missing'}`);
    used.add(name);
    return name;
  };
  const layout = await json('oci-layout');
  if (layout['imageLayoutVersion'] !== '1.0.0') refuse('it is not an OCI image layout 1.0.0');
  const [first, ...others] = descriptors(await json('index.json'), 'manifests');
  if (first === undefined) return refuse('its index names no image');
  if (others.some(({ digest }) => digest !== first.digest)) refuse('its index names several images');
  const manifest = await json(blobName(first));
  const [config] = descriptors({ config: [manifest['config']] }, 'config');
  const image = await json(blobName(config!));
  const layers = descriptors(manifest, 'layers');
  if (layers.length > limits.image.layers) refuse(`it has ${layers.length} layers`);
  const diffIds = isRecord(image['rootfs']) ? image['rootfs']['diff_ids'] : undefined;
  if (!Array.isArray(diffIds) || diffIds.length !== layers.length) refuse('its config and manifest list other layers');
  const read: ReadImage['layers'][number][] = [];
  // A layer may occur several times, for example an empty one.
  const once = new Map<string, ReturnType<typeof readArchive>>();
  for (const [i, layer] of layers.entries()) {
    const reads = once.get(layer.digest) ?? readArchive(kept.get(blobName(layer))!, { ...reading, root: 'image' });
    once.set(layer.digest, reads);
    const { members: inLayer, sha256 } = await reads;
    if ((diffIds as unknown[])[i] !== `sha256:${sha256}`)
      refuse(`layer ${layer.digest} unpacks to other bytes than its config says`);
    read.push({ digest: layer.digest, members: inLayer });
  }
  const names = await loadedNames(
    await jsonOf(kept.get('manifest.json'), 'manifest.json', sizes.get('manifest.json')),
    {
      config: blobName(config!),
      layers: layers.map(blobName),
    },
  );
  const idle = members.find(({ path: name }) => BLOB.test(name) && !used.has(name));
  if (idle !== undefined) refuse(`${idle.path} is not referenced in it`);
  const roles = new Map([
    [blobName(first), 'manifest'],
    [blobName(config!), 'config'],
    ...layers.map((layer, i) => [blobName(layer), `layer ${i + 1}`] as const),
  ]);
  return { roles, names, config: image, layers: read };
}

async function jsonOf(file: string | undefined, name: string, size = 0): Promise<unknown> {
  if (file === undefined) return refuse(`${name} is missing`);
  if (size > limits.image.text) refuse(`${name} has ${size} bytes, too many for a manifest`);
  const parsed = parseStrictJson(await readFile(file), limits.image);
  return typeof parsed === 'string' ? refuse(`${name}: ${parsed}`) : parsed.value;
}

/** A digest becomes a name, so only sha256 in hex is accepted. */
function descriptors(of: Readonly<Record<string, unknown>>, field: string): Descriptor[] {
  const list = of[field];
  if (!Array.isArray(list)) return refuse(`it does not list its ${field}`);
  return (list as unknown[]).map((each) => {
    const { digest, size, urls } = isRecord(each) ? each : {};
    if (typeof digest !== 'string' || !/^sha256:[0-9a-f]{64}$/.test(digest))
      return refuse(`${JSON.stringify(digest)} is not a sha256 digest`);
    if (!Number.isSafeInteger(size)) return refuse(`${digest} has no size`);
    return urls === undefined
      ? { digest, size: size as number }
      : refuse(`${digest} would have to be fetched from another place`);
  });
}

/** The parts of the tar that engines read must describe the same image. */
function loadedNames(
  loaded: unknown,
  image: { readonly config: string; readonly layers: readonly string[] },
): string[] {
  const [entry, ...more] = Array.isArray(loaded) ? (loaded as unknown[]) : [];
  if (!isRecord(entry) || more.length > 0) return refuse('manifest.json does not name exactly one image');
  if (entry['Config'] !== image.config || JSON.stringify(entry['Layers']) !== JSON.stringify(image.layers))
    return refuse('manifest.json names another image than index.json');
  const names: unknown = entry['RepoTags'];
  return Array.isArray(names) && names.every((name) => typeof name === 'string')
    ? names
    : refuse('manifest.json gives it no names');
}
