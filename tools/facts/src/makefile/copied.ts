import { join, posix } from 'node:path';
import type { Copied } from '@slipway/model';
import type { Disk, Rooted } from '../disk.ts';

const makefiles = ['GNUmakefile', 'makefile', 'Makefile'];
/** Directories of scripts, with everything below. */
const scriptDirectories = ['hack', 'script', 'scripts', 'build', 'make', 'release'];
const SCRIPT_DEPTH = 4;
const passedOver = ['_bin', '_output', 'bin', 'node_modules', 'testdata', 'vendor'];
const readByMake =
  /^(?:GNUm|M|m)akefile(?:$|\.)|\.(?:awk|bash|env|jq|mak|make|mk|sed|sh)$|^\.?[\w-]*version(?:\.txt)?$/i;
const modules = /^go\.(?:mod|work)$/;
const program = /^[^.]+$/;

/** Makefiles, scripts, and their inputs. */
export const isMakeText = (name: string): boolean => readByMake.test(name);

/** The Makefile of a directory, by make's rule. */
export const makefileIn = ({ root, disk }: Rooted, dir: string): string | undefined =>
  makefiles.map((name) => posix.join(dir, name)).find((path) => disk.isFile(join(root, path)));

/** Makefiles and scripts with their includes, and the directories of commands. */
export function copied(tree: Rooted, file: string, commands: readonly string[], moduleDirs: readonly string[]): Copied {
  const { root, disk } = tree;
  const flat = ['.', ...moduleDirs.filter((dir) => !dir.startsWith('..')), posix.dirname(file)];
  const files = new Set([
    ...flat.flatMap((dir) => namesIn(disk, root, dir, (name) => isMakeText(name) || modules.test(name))),
    ...[...new Set(flat)].flatMap((dir) =>
      scriptDirectories.flatMap((name) => below(tree, posix.join(dir, name), SCRIPT_DEPTH)),
    ),
  ]);
  for (const path of files) for (const included of includedBy(tree, path)) files.add(included);
  const named = [...flat, ...commands].flatMap((dir) => namesIn(disk, root, dir, (name) => !/[\s'"]/.test(name)));
  const empty = [...new Set(named)].filter((path) => !files.has(path)).sort();
  return { file, files: [...files].sort(), directories: [...commands], empty };
}

const namesIn = (disk: Disk, root: string, dir: string, wanted: (name: string) => boolean): string[] =>
  disk
    .listDirectory(join(root, dir))
    .files.filter(wanted)
    .map((name) => posix.join(dir, name));

function below(tree: Rooted, dir: string, depth: number): string[] {
  const { files, directories } = tree.disk.listDirectory(join(tree.root, dir));
  const own = files.filter((name) => isMakeText(name) || program.test(name)).map((name) => `${dir}/${name}`);
  if (depth === 1) return own;
  const inner = directories.filter((name) => !passedOver.includes(name));
  return [...own, ...inner.flatMap((name) => below(tree, `${dir}/${name}`, depth - 1))];
}

/** `include $(ROOT)/tests/Makefile`: variables before the path stand for the root or the directory of the Makefile. */
function includedBy({ root, disk }: Rooted, path: string): string[] {
  if (!/makefile|\.(?:mk|mak|make)$/i.test(path)) return [];
  const lines = (disk.readText(join(root, path)) ?? '').matchAll(/^[-s]?include[ \t]+(.+)$/gm);
  const words = [...lines]
    .flatMap(([, text]) => text!.split(/\s+/))
    .map((word) => word.replace(/^\$[({]\w+[)}]\//, ''));
  return words
    .filter((word) => /^[\w./-]+$/.test(word))
    .flatMap((word) => [posix.normalize(word), posix.join(posix.dirname(path), word)])
    .filter((word) => !word.startsWith('..') && !posix.isAbsolute(word) && disk.isFile(join(root, word)));
}
