import { join } from 'node:path/posix';
import type { Facts } from '@slipway/model';

type Deciding = Pick<Facts, 'tree' | 'toolchain'> & { readonly machine: Pick<Facts['machine'], 'platform'> };

/**
 * Files that affect every command, by a name without a place: the files that select modules, and Go itself, because two
 * builds of one Go version may differ (patches of a distribution). Keys, provenances, `graph inputs` and `affected` all
 * use this list. Some of the files may not exist.
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

/** `go test` runs vet on the packages that it tests. */
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
