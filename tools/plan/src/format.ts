import {
  type ArchiveEntry,
  type ExecStep,
  type GenerateStep,
  type Place,
  type Places,
  type Plan,
  type Step,
  callIn,
  counted,
  pathAt,
  unreachable,
  wordsAfter,
} from '@slipway/model';

/**
 * The plan as text: a header line, then for each step a number, its title, and lines for a shell. List, order,
 * commands, environment and outputs are exact.
 */
export function formatPlan(plan: Plan): string {
  const number = new Map(plan.steps.map((step, index) => [step.id as string, index + 1]));
  const header = `plan ${plan.targets.join(' ')} · ${plan.flow} · profile ${plan.profile}${plan.gitVersion === '' ? '' : ` · ${plan.gitVersion}`} · ${counted(plan.steps.length, 'step')}`;
  const steps = plan.steps.flatMap((step) => [
    formatHead(step, number),
    ...formatBody(step, plan.places).map((line) => `       ${line}`),
  ]);
  return [header, ...steps, ...plan.notes.map((note) => `note      ${note.what}: ${note.why}`)].join('\n');
}

function formatHead(step: Step, number: ReadonlyMap<string, number>): string {
  const list = (word: string, ids: readonly string[]): string =>
    ids.length === 0 ? '' : `   ${word} ${ids.map((id) => number.get(id)).join(' ')}`;
  const place = step.kind === 'exec' && step.place === 'remote' ? '   on the cluster' : '';
  return `${String(number.get(step.id)).padStart(4)}  ${step.title}${place}${list('needs', step.needs)}${list('after', step.after)}`;
}

function formatBody(step: Step, places: Places): string[] {
  switch (step.kind) {
    case 'exec':
      return [formatExec(step, places), ...fetched(step, places)];
    case 'generate':
      return [
        ...(step.copies.length === 0 ? [] : [`copy ${step.copies.length} files to ${quote(step.scratch)}`]),
        formatExec(step, places),
        ...step.equal.map(({ made, known }) => `cmp ${quote(made)} ${quote(known)}`),
        `mv ${step.files.length === 1 ? `${quote(step.files[0]!.from)} ${quote(step.files[0]!.to)}` : `${step.files.length} files of ${quote(step.scratch)} into the tree`}`,
      ];
    case 'copy':
      return step.files.map(({ from, to }) => `cp ${quote(from)} ${quote(to)}`);
    case 'symlink':
      return [`ln -sfn ${quote(step.target)} ${quote(step.link)}`];
    case 'write':
      return [`write ${quote(step.path)} (${step.text.length} characters)`];
    case 'remove':
      return [`rm -rf ${step.paths.map(quote).join(' ')}${step.lock?.stays ? `   # but ${step.lock.path}` : ''}`];
    case 'archive':
      return [`write ${quote(step.to)} of ${step.entries.length} members, time ${step.time}`];
    case 'compress':
      return [`${step.to.endsWith('.zst') ? 'zstd' : 'gzip'} < ${quote(step.from)} > ${quote(step.to)}`];
    case 'image':
      return [
        `write ${quote(step.to)}: ${step.names.join(', ')} from ${step.base ?? 'scratch'}, ${step.layers.flatMap(layerWords).join(', ')}`,
      ];
    case 'checksum':
      return [`${step.algorithm}sum of ${step.files.length} files > ${quote(step.to)}`];
    case 'pull':
      return [`pull ${step.image} for ${step.platforms.join(', ')} to ${quote(step.to)}`];
    case 'push':
      return [
        ...step.images.map(({ archive, name }) => `push ${quote(archive)} to ${name}`),
        `push an index of ${step.images.map(({ platform }) => platform).join(', ')} to ${step.name}`,
      ];
    case 'load':
      return [`docker load --input ${quote(step.archive)}`];
    case 'sbom':
      return [`write ${quote(step.to)}: what is linked into ${step.binaries.length} binaries (${step.format})`];
    case 'provenance':
      return [`write ${quote(step.to)}: how ${step.files.length} files were made`];
    case 'engine':
      return [`docker version: ${step.platform}`];
    case 'base-image':
      return step.pull === undefined
        ? [`${step.packages.join(' ')} and Go ${step.goVersion} of ${quote(step.goroot)}`]
        : [`docker pull ${quote(step.pull)} && docker tag ${quote(step.pull)} ${quote(step.reference)}`];
    case 'build-image':
      return [
        ...step.files.map(({ from, to }) => `cp ${quote(from)} ${quote(to)}`),
        `docker build -t ${quote(step.reference)} ${quote(step.context)}`,
      ];
    case 'data-container':
      return [`docker create --name ${step.name} -v ${step.volume}:${step.path} ${step.image}`];
    case 'container': {
      const mounts = step.mounts.map(({ from, to }) => `-v ${quote(`${from}:${to}`)}`);
      return [`docker run -i --rm --name ${step.name} --user ${step.user} ${mounts.join(' ')} ${step.image} cat`];
    }
    case 'list':
      return [`find ${quote(step.from === '' ? '.' : step.from)}, without ${step.exclude.join(' ')}`];
    case 'sync':
      return [`${step.senders.join(', else ')} to ${step.container}:${step.to}, without ${step.exclude.join(' ')}`];
    case 'copy-out':
      return [`from ${step.container}:${step.from}: ${[...step.directories, ...step.names].map(quote).join(' ')}`];
    case 'sweep': {
      const filters = Object.entries(step.labels).map(([name, value]) => `--filter label=${name}=${value}`);
      return [`remove ${step.what.join(', ')} ${filters.join(' ')}`];
    }
    default:
      return unreachable(step);
  }
}

/** `cd DIR && env -u GOBIN GOOS=linux … go build …`: the equivalent shell command. */
export function formatExec(step: ExecStep | GenerateStep, places: Places): string {
  const place = placeOfStep(step, places);
  const call = callIn(step, place);
  const words = step.kind === 'exec' ? wordsAfter(step.actions ?? [], step) : [];
  const unset = call.unset.flatMap((name) => ['-u', name]);
  const env = Object.entries(call.env).map(([name, value]) => `${name}=${quote(value)}`);
  return [
    ...(place.container === undefined ? [] : [`docker exec -u ${place.container.user} ${place.container.name}`]),
    `cd ${quote(call.cwd)} &&`,
    ...(unset.length + env.length > 0 ? ['env', ...unset, ...env] : []),
    ...[...call.argv, ...words].map(quote),
  ].join(' ');
}

const placeOfStep = (step: ExecStep | GenerateStep, places: Places): Place =>
  (step.kind === 'exec' ? places[step.place] : undefined) ?? places.host;

/** Outputs of a container are copied to this machine. */
function fetched(step: ExecStep, places: Places): string[] {
  const place = placeOfStep(step, places);
  const { container } = place;
  if (container === undefined) return [];
  return step.outputs.map((output) => `docker cp ${container.name}:${pathAt(output, places, place)} ${quote(output)}`);
}

/** Quotes a word for a POSIX shell, only if needed. */
export const quote = (word: string): string =>
  /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** For a whole directory, only its first file is printed. */
function layerWords(layer: readonly ArchiveEntry[]): string[] {
  const [first, ...others] = layer.flatMap((entry) => ('file' in entry ? [entry] : []));
  if (first === undefined) return [];
  return [`${first.file} at /${first.path}`, ...(others.length === 0 ? [] : [`${others.length} more with it`])];
}
