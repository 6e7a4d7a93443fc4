import { type Target, findTarget, findVariable, flags, nearest, profiles, targets, variables } from '@slipway/catalog';
import { type Command, FailureError, type Tree, exitCodes } from '@slipway/model';
import { type Answer, answer } from '../answer.ts';
import type { Asking } from '../services.ts';

/** All targets, or those named. Works outside of any tree too; inside one its commands are listed. */
export async function help({ args, tree }: Asking): Promise<Answer> {
  const known = await tree().catch((): undefined => undefined);
  const commands = known?.commands.filter((command) => command.kind !== 'test') ?? [];
  if (args.length > 0) return answer(args.flatMap((name) => helpOf(name, commands)));
  return answer([
    ...usage,
    '',
    'Targets:',
    ...targets.flatMap((target) => [
      '',
      ...targetHelp(
        target,
        wrap(target.variables, 100).map((line) => `      ${line}`),
      ),
    ]),
    '',
    ...commandsHelp(known),
    'Variables:',
    ...variableRows(variables.map(({ name }) => name)).map((row) => `    ${row}`),
    '',
    ...profilesHelp,
    '',
    ...flagsHelp,
    '',
    ...exitHelp,
  ]);
}

const usage = [
  'slipway [-C DIR] TARGET… [VAR=value…] [flags]',
  '',
  'Builds Kubernetes-style Go monorepos in place. Without a target: all. Variables are given after the target or in the',
  'environment; the command line wins. A command of the tree is a target by its name: slipway kubectl.',
];

function helpOf(name: string, commands: readonly Command[]): string[] {
  const target = findTarget(name);
  if (target !== undefined)
    return targetHelp(
      target,
      variableRows(target.variables).map((row) => `      ${row}`),
    );
  const command = commands.find((candidate) => candidate.name === name);
  if (command !== undefined)
    return [name, `    Build ${command.target}, as all WHAT=${command.target} does.`, `    Example: slipway ${name}`];
  const known = [...targets.map((row) => row.name), ...commands.map((each) => each.name)];
  throw new FailureError({ code: 'UNKNOWN_TARGET', word: name, nearest: nearest(name, known) });
}

/** `variableLines`: by name where all targets are listed, with what they do where one is asked for. */
const targetHelp = (target: Target, variableLines: readonly string[]): string[] => [
  target.arguments === undefined ? target.name : `${target.name} ${target.arguments}`,
  `    ${target.summary}`,
  ...variableLines,
  `    Example: ${target.example}`,
];

function variableRows(names: readonly string[]): string[] {
  const width = Math.max(0, ...names.map((name) => name.length));
  return names.flatMap((name) => {
    const variable = findVariable(name);
    if (variable === undefined) return [];
    return [
      `${name.padEnd(width)}  ${variable.effect}${variable.default === '' ? '' : ` (default: ${variable.default})`}`,
    ];
  });
}

function commandsHelp(tree: Tree | undefined): string[] {
  if (tree === undefined) return [];
  const names = [
    ...new Set(tree.commands.filter((command) => command.kind !== 'test').map((command) => command.name)),
  ].sort();
  return [
    `Commands of this tree (known from ${tree.source}), each a target:`,
    ...wrap(names, 100).map((line) => `    ${line}`),
    '',
  ];
}

function wrap(words: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

const profilesHelp = [
  'Profiles:',
  ...Object.entries(profiles).map(([name, promise]) => `    ${name.padEnd(8)} ${promise}`),
];

const flagsHelp = [
  'Flags:',
  ...flags.map((flag) => {
    const value = 'value' in flag ? ` ${flag.value}` : '';
    const names = `${'short' in flag ? `-${flag.short}, ` : '    '}--${flag.name}${value}`;
    return `    ${names.padEnd(26)} ${flag.summary}`;
  }),
];

const exitHelp = [
  'Exit codes:',
  `    ${Object.entries(exitCodes)
    .map(([name, code]) => `${code} ${name}`)
    .join(', ')}`,
];
