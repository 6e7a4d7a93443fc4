import { readFileSync, readdirSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type PartFile,
  type Package,
  type Program,
  type TreeModel,
  constraints,
  packageId,
  part,
  someOf,
} from './model.ts';
import type { Session } from './session.ts';

/** Changes the tree and returns a description; undefined if the change is not possible now. */
type Mutation = (session: Session) => string | undefined;

/** Every kind of edit, each with how often it comes. */
export const mutations: Readonly<Record<string, { readonly weight: number; readonly mutate: Mutation }>> = {
  body: {
    weight: 6,
    mutate: (session) =>
      editSource(session, 'body', (one, { random }) => ({ body: random.below(1000) + (one.body === 0 ? 1 : 0) })),
  },
  'body and lines': {
    weight: 2,
    mutate: (session) =>
      editSource(session, 'body and lines', (one, { random }) => ({ body: random.below(1000), above: one.above + 1 })),
  },
  'comment above': {
    weight: 2,
    mutate: (session) =>
      editSource(session, 'comment above', (one) => ({ above: one.above === 0 ? 2 : one.above - 1 })),
  },
  'comment appended': {
    weight: 3,
    mutate: (session) => editSource(session, 'comment below', (one) => ({ below: one.below + 1 })),
  },
  constant: { weight: 3, mutate: changeConstant },
  'file added': { weight: 3, mutate: addFile },
  'file removed': { weight: 2, mutate: removeFile },
  'file renamed': { weight: 2, mutate: renameFile },
  'constraint toggled': { weight: 3, mutate: toggleConstraint },
  'import added': { weight: 2, mutate: addImport },
  'import removed': { weight: 2, mutate: removeImport },
  'package added': { weight: 1, mutate: addPackage },
  'package renamed': { weight: 2, mutate: renamePackage },
  'asset edited': { weight: 3, mutate: editAsset },
  'native code': { weight: 2, mutate: editNative },
  'something else': { weight: 1, mutate: editOther },
  touch: { weight: 1, mutate: touch },
  branch: { weight: 4, mutate: (session) => `to the branch ${session.switchBranch()}` },
  commit: { weight: 1, mutate: ({ tree }) => (tree.commit('more'), 'committed') },
  tag: { weight: 1, mutate: tag },
  output: { weight: 5, mutate: damageOutput },
  memory: { weight: 1, mutate: damageMemory },
  variable: { weight: 2, mutate: changeVariable },
  'go line': { weight: 1, mutate: changeGoLine },
  break: { weight: 1, mutate: (session) => breakPackage(session) },
};

const total = Object.values(mutations).reduce((sum, { weight }) => sum + weight, 0);

/** One mutation at random, rarely two or three; what does not compile is mended first. Says what was done. */
export function mutate(session: Session): string {
  const { random } = session;
  const done: string[] = [];
  if (session.model.broken !== undefined) done.push(mend(session));
  for (let count = random.chance(0.8) ? 1 : 1 + random.below(3); count > 0; count--) done.push(mutateOnce(session));
  return done.join(', ');
}

function mutateOnce(session: Session): string {
  for (;;) {
    let at = session.random.below(total);
    const { mutate: chosen } = Object.values(mutations).find(({ weight }) => (at -= weight) < 0)!;
    const done = chosen(session);
    if (done !== undefined) return done;
  }
}

type Owner = Package | Program;

const owners = ({ packages, programs }: TreeModel): Owner[] => [...packages, ...programs];

/** The tree with one package or program changed. */
function withOwner(model: TreeModel, owner: Owner, change: object): TreeModel {
  const changed = <T extends Owner>(list: readonly T[]): T[] =>
    list.map((one) => ((one as Owner) === owner ? { ...one, ...change } : one));
  return { ...model, packages: changed(model.packages), programs: changed(model.programs) };
}

function editSource(session: Session, what: string, edit: (one: Owner, session: Session) => object): string {
  const owner = session.random.pick(owners(session.model));
  session.write(withOwner(session.model, owner, edit(owner, session)));
  return `${what} of ${owner.dir}`;
}

function changeConstant(session: Session): string {
  const owner = session.random.pick(session.model.packages);
  session.write(withOwner(session.model, owner, { constant: owner.constant + 1 }));
  return `constant of ${owner.dir}`;
}

/** Names that count everywhere, on one platform only, or not at all. */
const fileEndings = ['.go', '.go', '_linux.go', '_windows.go', '_test.go'];

function newName(owner: Owner, { random }: Session): string {
  const taken = owner.files.map((file) => file.name);
  for (let number = 1; ; number++) {
    const name = `part${number}${'kind' in owner && owner.kind === 'test' ? '_test.go' : random.pick(fileEndings)}`;
    if (!taken.includes(name)) return name;
  }
}

function addFile(session: Session): string {
  const { random, model } = session;
  const owner = random.pick(owners(model));
  const file = part(newName(owner, session), random.chance(0.6) ? '' : random.pick(constraints), random);
  session.write(withOwner(model, owner, { files: [...owner.files, file] }));
  return `${owner.dir}/${file.name} added${file.constraint && ` (${file.constraint})`}`;
}

function pickFile({ random, model }: Session): { owner: Owner; file: PartFile } | undefined {
  const all = owners(model).flatMap((owner) => owner.files.map((file) => ({ owner, file })));
  return all.length === 0 ? undefined : random.pick(all);
}

function removeFile(session: Session): string | undefined {
  const found = pickFile(session);
  if (found === undefined) return undefined;
  const { owner, file } = found;
  session.write(withOwner(session.model, owner, { files: owner.files.filter((one) => one !== file) }));
  return `${owner.dir}/${file.name} removed`;
}

function renameFile(session: Session): string | undefined {
  const found = pickFile(session);
  if (found === undefined) return undefined;
  const { owner, file } = found;
  const name = newName(owner, session);
  session.move(`${owner.dir}/${file.name}`, `${owner.dir}/${name}`);
  session.write(
    withOwner(session.model, owner, { files: owner.files.map((one) => (one === file ? { ...file, name } : one)) }),
  );
  return `${owner.dir}/${file.name} renamed to ${name}`;
}

function toggleConstraint(session: Session): string | undefined {
  const found = pickFile(session);
  if (found === undefined) return undefined;
  const { owner, file } = found;
  const constraint = session.random.pick(constraints.filter((one) => one !== file.constraint));
  session.write(
    withOwner(session.model, owner, {
      files: owner.files.map((one) => (one === file ? { ...file, constraint } : one)),
    }),
  );
  return `constraint of ${owner.dir}/${file.name}: ${constraint || 'none'}`;
}

const idOf = (owner: Owner): string => ('id' in owner ? owner.id : '~');

function addImport(session: Session): string | undefined {
  const { random, model } = session;
  const owner = random.pick(owners(model));
  const staged = 'module' in owner && owner.module === 'words';
  const possible = model.packages.filter(
    (one) => one.id < idOf(owner) && !owner.imports.includes(one.id) && (!staged || one.module === 'words'),
  );
  if (possible.length === 0) return undefined;
  const { id } = random.pick(possible);
  session.write(withOwner(model, owner, { imports: [...owner.imports, id].sort() }));
  return `${owner.dir} imports ${id}`;
}

function removeImport(session: Session): string | undefined {
  const { random, model } = session;
  const possible = owners(model).filter((one) => one.imports.length > 0);
  if (possible.length === 0) return undefined;
  const owner = random.pick(possible);
  const gone = random.pick(owner.imports);
  session.write(withOwner(model, owner, { imports: owner.imports.filter((id) => id !== gone) }));
  return `${owner.dir} no longer imports ${gone}`;
}

function addPackage(session: Session): string | undefined {
  const { random, model } = session;
  if (model.packages.length >= 20) return undefined;
  const id = packageId(model.packages.length);
  const imports = someOf(random, model.packages, 2)
    .map((one) => one.id)
    .sort();
  const one: Package = {
    id,
    module: 'tree',
    dir: `pkg/${id}`,
    constant: 1,
    imports,
    body: random.below(1000),
    above: 0,
    below: 0,
    files: [],
  };
  const user = random.pick(model.programs);
  session.write({
    ...withOwner(model, user, { imports: [...user.imports, id].sort() }),
    packages: [...model.packages, one],
  });
  return `${one.dir} added, ${user.dir} imports it`;
}

function renamePackage(session: Session): string {
  const { random, model } = session;
  const owner = random.pick(model.packages);
  const dir = /-\d+$/.test(owner.dir) ? owner.dir.replace(/-\d+$/, '') : `${owner.dir}-${1 + random.below(3)}`;
  rmSync(session.tree.path(dir), { recursive: true, force: true });
  session.move(owner.dir, dir);
  session.write(withOwner(model, owner, { dir }));
  return `${owner.dir} renamed to ${dir}`;
}

function editAsset(session: Session): string | undefined {
  const { random, model } = session;
  const owner = model.packages.find((one) => one.assets !== undefined);
  if (owner?.assets === undefined) return undefined;
  const extra = Object.keys(owner.assets).filter((path) => !['data/one.txt', 'page.tmpl'].includes(path));
  const kind = random.pick(['add', 'add', 'edit', 'remove'] as const);
  if (kind === 'remove' && extra.length === 0) return undefined;
  const name = `${random.pick(['data', 'data', 'data/deep', 'data/deep/er', 'data/.hidden', '.'])}/${random.pick(['x.txt', 'y.tmpl', '_z.txt', '.w.tmpl'])}`;
  const path = join(
    '.',
    kind === 'remove' ? random.pick(extra) : kind === 'add' ? name : random.pick(Object.keys(owner.assets)),
  );
  const { [path]: before, ...others } = owner.assets;
  const assets = kind === 'remove' ? others : { ...others, [path]: `${before ?? ''}${random.below(10)}` };
  session.write(withOwner(model, owner, { assets }));
  return `asset ${owner.dir}/${path}: ${kind}`;
}

function editNative(session: Session): string | undefined {
  const { random, model } = session;
  const owner = model.packages.find((one) => one.native !== undefined);
  if (owner?.native === undefined) return undefined;
  const where = random.pick(['source', 'header'] as const);
  session.write(withOwner(model, owner, { native: { ...owner.native, [where]: owner.native[where] + 1 } }));
  return `C ${where} of ${owner.dir}`;
}

/** Files that no program is made of. */
function editOther(session: Session): string {
  const { random, model } = session;
  const path = random.pick([
    'README.md',
    'docs/more.md',
    `${random.pick(model.packages).dir}/notes.txt`,
    `${random.pick(model.programs).dir}/testdata/x.go`,
    'pkg/unused/unused.go',
  ]);
  const text = path.endsWith('unused.go')
    ? `package unused\n\nconst N = ${random.below(1000)}\n`
    : `words ${random.below(1000)}\n`;
  session.write({ ...model, others: { ...model.others, [path]: text } });
  return `${path} edited`;
}

function touch(session: Session): string {
  const { random, paths, tree } = session;
  const touched = random.chance(0.5) ? paths : someOf(random, paths, 10);
  const time = random.chance(0.5) ? Date.now() / 1000 : 1_000_000_000 + random.below(1_000_000);
  for (const path of touched) utimesSync(tree.path(path), time, time);
  return `${touched.length} files touched`;
}

function tag({ tree }: Session): string {
  const name = `v1.${tree.git('tag').split('\n').length}.0`;
  tree.commit('tagged', name);
  return `tagged ${name}`;
}

/** A user's changes of built files. */
function damageOutput({ tree, random }: Session): string {
  const below = random.pick(['_output/local/bin', '_output/local/go/bin']);
  const files = readdirSync(tree.path(below), { recursive: true, encoding: 'utf8' })
    .map((name) => join(tree.path(below), name))
    .filter((path) => statSync(path).isFile())
    .sort();
  if (files.length === 0) return removeAll(tree.path(below));
  const path = random.pick(files);
  const said = path.slice(tree.dir.length + 1);
  const damages: Readonly<Record<string, () => void>> = {
    deleted: () => rmSync(path),
    emptied: () => truncateSync(path),
    'cut short': () => truncateSync(path, Math.floor(statSync(path).size / 2)),
    replaced: () => (rmSync(path), writeFileSync(path, 'something else', { mode: 0o755 })),
    'written into': () => writeFileSync(path, flipped(readFileSync(path), random.below(1000))),
    touched: () => utimesSync(path, 1_000_000_000, 1_000_000_000),
    'deleted with its directory': () => rmSync(dirname(path), { recursive: true }),
    'deleted with all others': () =>
      rmSync(tree.path('_output/local', random.pick(['bin', 'go', '.'])), { recursive: true }),
  };
  const name = random.pick(Object.keys(damages));
  damages[name]!();
  return `${said} ${name}`;
}

function removeAll(path: string): string {
  rmSync(path, { recursive: true, force: true });
  return `${path} deleted`;
}

function flipped(bytes: Buffer, at: number): Buffer {
  bytes[at % bytes.length]! ^= 1;
  return bytes;
}

/** Slipway's records of the tree: removed, or changed by somebody else. */
function damageMemory({ tree, random }: Session): string {
  const memory = '_output/local/.slipway';
  if (random.chance(0.3)) return removeAll(tree.path(memory));
  const files = readdirSync(tree.path(memory), { recursive: true, encoding: 'utf8' })
    .map((name) => tree.path(memory, name))
    .filter((path) => statSync(path).isFile())
    .sort();
  const path = random.pick(files);
  const bytes = readFileSync(path);
  if (bytes.length > 0 && random.chance(0.5)) writeFileSync(path, flipped(bytes, random.below(bytes.length)));
  else truncateSync(path, Math.floor(bytes.length / 2));
  return `${path.slice(tree.dir.length + 1)} damaged`;
}

const settings: readonly Record<string, string>[] = [
  {},
  {},
  { GOFLAGS: '-tags=extra' },
  { DBG: '1' },
  { GOLDFLAGS: '-X main.unknown=1' },
];

function changeVariable(session: Session): string {
  session.variables = session.random.pick(settings.filter((one) => one !== session.variables));
  return `variables ${JSON.stringify(session.variables)}`;
}

/** That of a module is never newer than that of one that requires it: Go would ask to change go.mod. */
const goLines = [
  { tree: '1.21', words: '1.21' },
  { tree: '1.22', words: '1.21' },
  { tree: '1.22', words: '1.22' },
  { tree: '1.23', words: '1.21' },
] as const;

function changeGoLine(session: Session): string {
  const { random, model } = session;
  const lines = random.pick(
    goLines.filter(({ tree, words }) => tree !== model.goLines.tree || words !== model.goLines.words),
  );
  session.write({ ...model, goLines: lines });
  return `go lines ${lines.tree} and ${lines.words}`;
}

function breakPackage(session: Session): string | undefined {
  const { model, random } = session;
  if (model.broken !== undefined) return undefined;
  const { id } = random.pick(model.packages);
  session.write({ ...model, broken: id });
  return `${id} does not compile`;
}

function mend(session: Session): string {
  const { broken, ...model } = session.model;
  session.write(model);
  return `${broken} mended`;
}
