import type { ShippedImage } from '@slipway/model';

/** What a Dockerfile makes of the files of its context, as far as that can be done without an engine. */
export type Built =
  | ({ readonly ok: true } & Pick<ShippedImage, 'base' | 'files' | 'config'>)
  | { readonly ok: false; readonly fact: string };

interface Stage {
  readonly from: string;
  readonly name: string | undefined;
  readonly files: ShippedImage['files'][number][];
  entrypoint?: string[];
}

export interface Building {
  readonly text: string;
  readonly args: Readonly<Record<string, string>>;
  /** Names of binaries, by their name in the context. */
  readonly context: Readonly<Record<string, string>>;
}

/** As the kernel numbers them. */
const capabilityNumbers: Readonly<Record<string, number>> = {
  cap_net_bind_service: 10,
  cap_net_admin: 12,
  cap_net_raw: 13,
};

/**
 * Reads the few instructions server images are made of: FROM, ARG, COPY of binaries, `RUN setcap`, ENTRYPOINT. Anything else in
 * the last stage needs an engine, and is said so: an image without it would be another one.
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
      stages.push({ from: unquoted(from), name: as?.toLowerCase() === 'as' ? name : undefined, files: [] });
      continue;
    }
    if (stage === undefined) return { ok: false, fact: `${line} stands before FROM` };
    const problem = apply(instruction, words, { stage, stages, context, rest: line.slice(word.length).trim() });
    if (problem !== undefined) return { ok: false, fact: problem };
  }
  const last = stages.at(-1);
  if (last === undefined) return { ok: false, fact: 'it has no FROM' };
  return {
    ok: true,
    base: last.from,
    files: last.files,
    config: last.entrypoint === undefined ? {} : { entrypoint: last.entrypoint },
  };
}

interface Applying {
  readonly stage: Stage;
  readonly stages: readonly Stage[];
  readonly context: Building['context'];
  readonly rest: string;
}

/** What cannot be done; undefined when it was. */
function apply(instruction: string, words: readonly string[], applying: Applying): string | undefined {
  const { stage, rest } = applying;
  switch (instruction) {
    case 'COPY':
      return copy(words, applying);
    case 'ENTRYPOINT':
      try {
        stage.entrypoint = JSON.parse(rest) as string[];
        return undefined;
      } catch {
        return `ENTRYPOINT ${rest} is no list`;
      }
    case 'RUN': {
      const [program, what = '', path = ''] = words;
      const match = /^([a-z_,]+)=\+ep$/.exec(what);
      const numbers = match?.[1]!.split(',').map((name) => capabilityNumbers[name]);
      const at = stage.files.findIndex((file) => `/${file.path}` === path);
      if (program !== 'setcap' || words.length !== 3 || numbers === undefined || numbers.includes(undefined) || at < 0)
        return `RUN ${rest} needs an engine`;
      stage.files[at] = { ...stage.files[at]!, capabilities: numbers as number[] };
      return undefined;
    }
    default:
      return `${instruction} needs an engine`;
  }
}

function copy(words: readonly string[], { stage, stages, context }: Applying): string | undefined {
  const paths = words.filter((word) => !word.startsWith('--'));
  const [source = '', to = ''] = paths;
  const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
  const path = (to.endsWith('/') ? `${to}${source.slice(source.lastIndexOf('/') + 1)}` : to).replace(/^\//, '');
  if (paths.length !== 2 || words.some((word) => word.startsWith('--') && !word.startsWith('--from=')))
    return `COPY ${words.join(' ')} needs an engine`;
  if (from === undefined) {
    const binary = context[source];
    if (binary === undefined) return `COPY ${source}: no binary of that name is in its context`;
    stage.files.push({ path, binary });
    return undefined;
  }
  const other = stages.find((each, i) => each.name === from || String(i) === from);
  const file = other?.files.find((each) => `/${each.path}` === source);
  if (file === undefined) return `COPY --from=${from} ${source}: that stage has no such binary`;
  stage.files.push({ ...file, path });
  return undefined;
}

/** Without comments, continued lines joined. */
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
