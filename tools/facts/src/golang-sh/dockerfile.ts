import type { ImageConfig } from '@slipway/model';

/** The result of a Dockerfile for its context, as far as slipway can compute it without an engine. */
export type Built =
  | {
      readonly ok: true;
      readonly base: string;
      /** In their order. Each becomes a layer. */
      readonly files: readonly ImageFile[];
      readonly config: ImageConfig;
    }
  | { readonly ok: false; readonly fact: string };

/** A file of the context: a binary by name, or a file or directory of the tree. */
export type ContextFile =
  | { readonly binary: string }
  | {
      /** Relative to the root. */
      readonly tree: string;
      readonly directory: boolean;
    };

/** Its path, relative to the root of the image. */
export type ImageFile = ContextFile & { readonly path: string; readonly capabilities?: readonly number[] };

interface Stage {
  readonly from: string;
  readonly name: string | undefined;
  readonly files: ImageFile[];
  config: ImageConfig;
}

export interface Building {
  readonly text: string;
  readonly args: Readonly<Record<string, string>>;
  /** By name in the context. */
  readonly context: Readonly<Record<string, ContextFile>>;
}

/** The kernel's numbers. */
const capabilityNumbers: Readonly<Record<string, number>> = {
  cap_net_bind_service: 10,
  cap_net_admin: 12,
  cap_net_raw: 13,
};

/**
 * Supports the instructions that images of a release use: FROM, ARG, COPY, `RUN setcap`, ENV, WORKDIR, CMD, ENTRYPOINT.
 * All others need an engine and are refused, because an image without them would differ.
 */
export function readDockerfile({ text, args, context }: Building): Built {
  const stages: Stage[] = [];
  const values: Record<string, string> = { ...args };
  for (const line of logicalLines(text)) {
    const [word = '', ...rest] = line.split(/\s+/);
    const words = rest.map((each) => substitute(each, values));
    const stage = stages.at(-1);
    const instruction = word.toUpperCase();
    if (instruction === 'ARG') {
      const [name = '', value] = words.join(' ').split('=');
      if (value !== undefined) values[name] ??= value;
      continue;
    }
    if (instruction === 'FROM') {
      const [from = '', as, name] = words.filter((each) => !each.startsWith('--'));
      stages.push({ from: unquoted(from), name: as?.toLowerCase() === 'as' ? name : undefined, files: [], config: {} });
      continue;
    }
    if (stage === undefined) return { ok: false, fact: `${line} stands before FROM` };
    const problem = apply(instruction, words, { stage, stages, context, rest: line.slice(word.length).trim() });
    if (problem !== undefined) return { ok: false, fact: problem };
  }
  const last = stages.at(-1);
  if (last === undefined) return { ok: false, fact: 'it has no FROM' };
  return { ok: true, base: last.from, files: last.files, config: last.config };
}

interface Applying {
  readonly stage: Stage;
  readonly stages: readonly Stage[];
  readonly context: Building['context'];
  readonly rest: string;
}

/** The instruction that slipway cannot apply; undefined on success. */
function apply(instruction: string, words: readonly string[], applying: Applying): string | undefined {
  const { stage, rest } = applying;
  switch (instruction) {
    case 'COPY':
      return copy(words, applying);
    case 'ENTRYPOINT':
    case 'CMD': {
      const list = listOf(rest);
      if (list === undefined) return `${instruction} ${rest} is not a list`;
      stage.config = { ...stage.config, [instruction === 'CMD' ? 'cmd' : 'entrypoint']: list };
      return undefined;
    }
    case 'WORKDIR':
      if (!rest.startsWith('/')) return `WORKDIR ${rest} is not absolute`;
      stage.config = { ...stage.config, workingDir: rest };
      return undefined;
    case 'ENV': {
      const match = /^(\w+)=(?:"((?:[^"\\$]|\\[^"\\$])*)"|([^\s"'\\$]*))$/.exec(rest);
      if (match === null) return `ENV ${rest} is more than one plain value`;
      const [, name, quoted, bare] = match;
      stage.config = { ...stage.config, env: [...(stage.config.env ?? []), `${name}=${quoted ?? bare}`] };
      return undefined;
    }
    case 'RUN':
      return setCapabilities(words, applying);
    default:
      return `${instruction} needs an engine`;
  }
}

function setCapabilities(
  [program, what = '', path = '', ...more]: readonly string[],
  { stage, rest }: Applying,
): string | undefined {
  const match = /^([a-z_,]+)=\+ep$/.exec(what);
  const numbers = match?.[1]!.split(',').map((name) => capabilityNumbers[name]);
  const at = stage.files.findIndex((file) => `/${file.path}` === path);
  if (program !== 'setcap' || more.length > 0 || numbers === undefined || numbers.includes(undefined) || at < 0)
    return `RUN ${rest} needs an engine`;
  stage.files[at] = { ...stage.files[at]!, capabilities: numbers as number[] };
  return undefined;
}

function copy(words: readonly string[], { stage, stages, context }: Applying): string | undefined {
  const paths = words.filter((word) => !word.startsWith('--'));
  const [source = '', to = ''] = paths;
  const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
  if (paths.length !== 2 || words.some((word) => word.startsWith('--') && !word.startsWith('--from=')))
    return `COPY ${words.join(' ')} needs an engine`;
  const into = to.replace(/^\//, '');
  const placed = into.endsWith('/') ? `${into}${source.slice(source.lastIndexOf('/') + 1)}` : into;
  if (from === undefined) {
    const file = context[source];
    if (file === undefined)
      return `COPY ${source}: neither a binary nor a file of the tree is called so in its context`;
    // The content of a directory is copied, not the directory itself.
    const path = 'directory' in file && file.directory ? into.replace(/\/$/, '') : placed;
    stage.files.push({ ...file, path });
    return undefined;
  }
  const other = stages.find((each, i) => each.name === from || String(i) === from);
  const file = other?.files.find((each) => `/${each.path}` === source);
  if (file === undefined) return `COPY --from=${from} ${source}: that stage has no such binary`;
  stage.files.push({ ...file, path: placed });
  return undefined;
}

function listOf(json: string): string[] | undefined {
  try {
    const list: unknown = JSON.parse(json);
    return Array.isArray(list) && list.every((word) => typeof word === 'string') ? list : undefined;
  } catch {
    return undefined;
  }
}

/** Without comments, and with continued lines joined. */
const logicalLines = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
    .replaceAll(/\\\s*\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

const substitute = (word: string, values: Readonly<Record<string, string>>): string =>
  word.replaceAll(
    /\$\{(\w+)\}|\$(\w+)/g,
    (all, braced: string | undefined, bare: string | undefined) => values[braced ?? bare ?? ''] ?? all,
  );

const unquoted = (word: string): string => word.replace(/^"(.*)"$/, '$1');
