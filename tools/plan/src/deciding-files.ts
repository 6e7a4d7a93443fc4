import { join } from 'node:path/posix';
import type { Facts } from '@slipway/model';

type Deciding = Pick<Facts, 'tree' | 'toolchain'> & { readonly machine: Pick<Facts['machine'], 'platform'> };

/**
 * Files that decide for every command, by a name without a place: what says which modules are linked, and Go itself, as two of one
 * version may differ (patched by a distribution). Keys, provenances and the answers of `graph inputs` and `affected` are made of
 * this one list. Not all of them need exist.
 */
export function decidingFiles({ tree, toolchain, machine }: Deciding): Readonly<Record<string, string>> {
  const tools = ['compile', 'link', 'asm', 'cgo', 'cover'].map(
    (name) => `pkg/tool/${machine.platform.replace('/', '_')}/${name}`,
  );
  return {
    ...moduleFiles(tree),
    'go/bin/go': toolchain.command,
    ...Object.fromEntries(tools.map((path) => [`go/${path}`, join(toolchain.goroot, path)])),
  };
}

/** `go test` vets what it tests. */
export const vetFile = ({ toolchain, machine }: Omit<Deciding, 'tree'>): Readonly<Record<string, string>> => {
  const path = `pkg/tool/${machine.platform.replace('/', '_')}/vet`;
  return { [`go/${path}`]: join(toolchain.goroot, path) };
};

export function moduleFiles({
  modules,
  workFile,
}: Pick<Facts['tree'], 'modules' | 'workFile'>): Readonly<Record<string, string>> {
  const files = [
    'vendor/modules.txt',
    ...modules.flatMap(({ dir }) => ['go.mod', 'go.sum'].map((name) => join(dir, name))),
  ];
  const ofWork = workFile === undefined ? [] : ['', '.sum'].map((end) => [`go.work${end}`, `${workFile}${end}`]);
  return Object.fromEntries([...files.map((file) => [file, file]), ...ofWork]);
}
