import { type Failure, unreachable } from '@slipway/model';

/** The parts that `slipway new` and the Nx generators create. */
export const newParts = ['component', 'staging'] as const;
export type NewPart = (typeof newParts)[number];

/**
 * A checkout for both callers: slipway uses the disk, Nx its tree of pending changes. Paths are relative to its root.
 */
export interface Checkout {
  read(path: string): string | undefined;
  exists(path: string): boolean;
  /** Paths of all files below a directory; empty if it does not exist. */
  filesBelow(dir: string): readonly string[];
}

export interface NewFile {
  readonly path: string;
  readonly text: string;
}

export type NewFiles =
  | { readonly ok: true; readonly files: readonly NewFile[] }
  | { readonly ok: false; readonly failure: Failure };

/** This part of a template's path is removed in its copy. */
const marker = '_templates/';

/** Valid as a command, a directory, a Go import path, a DNS label and a project. */
const goodName = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const longest = 63;
/** Directories with a special meaning in Go. */
const reserved = ['internal', 'vendor', 'testdata', 'main'];

/**
 * The files of a new component or staging module. The last one is the file with its row. `taken` lists names in use:
 * commands and targets.
 */
export function newFiles(part: NewPart, name: string, checkout: Checkout, taken: readonly string[]): NewFiles {
  const usage = (fact: string, hint: string): NewFiles => ({ ok: false, failure: { code: 'BAD_USAGE', fact, hint } });
  if (!goodName.test(name) || name.length > longest || reserved.includes(name))
    return usage(
      `${name === '' ? 'nothing' : name} is no name for a ${part}: small letters, digits and single dashes, a letter first, at most ${longest}; not ${reserved.join(', ')}`,
      `slipway new ${part} kube-example`,
    );
  const directory = `${top(part)}/${marker}`;
  const templates = checkout.filesBelow(directory);
  const row = rowFile(part, name, checkout);
  if (templates.length === 0 || row === undefined)
    return {
      ok: false,
      failure: {
        code: 'UNSUPPORTED_TREE',
        fact: `new makes parts of slipway's own repository; this tree has no ${templates.length === 0 ? directory : rowPlace(part)}`,
        hint: 'slipway -C CHECKOUT new …',
      },
    };
  const files = templates.map((path) => ({
    path: filledIn(path.replace(marker, ''), name),
    text: filledIn(checkout.read(path) ?? '', name),
  }));
  const place = files.map(({ path }) => path.slice(0, path.indexOf(`/${name}/`) + name.length + 1))[0]!;
  if (checkout.exists(place)) return usage(`${place} is there already`, 'take another name');
  if (taken.includes(name)) return usage(`${name} means something else here already`, 'take another name');
  return { ok: true, files: [...files, row] };
}

const top = (part: NewPart): string => (part === 'component' ? 'components' : 'staging');

const rowPlace = (part: NewPart): string =>
  part === 'component' ? 'list of components in slipway.config.ts' : 'block of modules in go.work';

/** Fills in the name: `kube-example` becomes `Example` for a Go name, `kubeexample` for a package. */
function filledIn(text: string, name: string): string {
  const words = name.split('-');
  const short = words.length > 1 && words[0] === 'kube' ? words.slice(1) : words;
  const title = short.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
  return text.replaceAll('__name__', name).replaceAll('__Name__', title).replaceAll('__package__', words.join(''));
}

function rowFile(part: NewPart, name: string, checkout: Checkout): NewFile | undefined {
  switch (part) {
    case 'component':
      return withRow(
        checkout,
        'slipway.config.ts',
        /^const components\b.*\[\n(?<rows>[^]*?)^\];$/m,
        (rows) => `${rows}  { name: '${name}', sets: ['server'] },\n`,
      );
    case 'staging': {
      const [first] = checkout.filesBelow(`staging/${marker}`);
      const dir = filledIn(first?.replace(marker, '').replace(/__name__.*/, '__name__') ?? '', name);
      return withRow(checkout, 'go.work', /^use \(\n(?<rows>[^]*?)^\)$/m, (rows) =>
        [...rows.split('\n').filter(Boolean), `\t./${dir}`].sort().join('\n').concat('\n'),
      );
    }
    default:
      return unreachable(part);
  }
}

function withRow(
  checkout: Checkout,
  path: string,
  block: RegExp,
  change: (rows: string) => string,
): NewFile | undefined {
  const text = checkout.read(path);
  const found = text === undefined ? null : block.exec(text);
  const rows = found?.groups?.['rows'];
  if (text === undefined || found === null || rows === undefined) return undefined;
  const start = found.index + found[0].indexOf(rows);
  return { path, text: text.slice(0, start) + change(rows) + text.slice(start + rows.length) };
}
