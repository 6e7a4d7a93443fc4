import { findVariable, flags, targets, variables } from '@slipway/catalog';
import { FailureError } from '@slipway/model';
import { type Answer, answer } from '../answer.ts';
import type { Asking } from '../services.ts';

/**
 * Prints a shell's script, or (`completion words [VAR]`, which the scripts call) what can be typed: without VAR the
 * targets, commands, variables and flags, with it the values of that variable in this tree.
 */
export async function completion(asking: Asking): Promise<Answer> {
  const [shell, variable] = asking.args;
  if (shell === 'words') return answer(await candidates(asking, variable));
  const script = shell === undefined ? undefined : scripts[shell];
  if (script === undefined) {
    throw new FailureError({
      code: 'BAD_USAGE',
      fact: `completion is for ${Object.keys(scripts).join(', ')}`,
      hint: 'source <(slipway completion bash)',
    });
  }
  return answer(script.split('\n'));
}

async function candidates({ tree }: Asking, variable: string | undefined): Promise<string[]> {
  const known = await tree().catch((): undefined => undefined);
  if (variable === 'WHAT') return known?.commands.map((command) => command.target) ?? [];
  if (variable === 'KUBE_BUILD_PLATFORMS')
    return [...new Set(Object.values(known?.sets ?? {}).flatMap((set) => set.platforms))];
  if (variable !== undefined) return findVariable(variable)?.expected?.words.split(/,? or |, /) ?? [];
  const commands = known?.commands.filter((command) => command.kind !== 'test').map((command) => command.name) ?? [];
  return [
    ...targets.map((target) => target.name),
    ...commands,
    ...variables.filter((row) => !row.name.includes('<')).map((row) => `${row.name}=`),
    ...flags.map((flag) => `--${flag.name}`),
  ];
}

const bash = `_slipway() {
  local line="\${COMP_LINE:0:COMP_POINT}" word
  word="\${line##* }"
  if [[ "$word" == *=* ]]; then
    COMPREPLY=($(compgen -W "$(slipway completion words "\${word%%=*}" 2>/dev/null)" -- "\${word#*=}"))
  else
    COMPREPLY=($(compgen -W "$(slipway completion words 2>/dev/null)" -- "$word"))
    [[ "\${COMPREPLY[*]}" == *= ]] && compopt -o nospace
  fi
}
complete -F _slipway slipway`;

const zsh = `#compdef slipway
_slipway() {
  if [[ "$PREFIX" == *=* ]]; then
    local name="\${PREFIX%%=*}"
    compset -P '*='
    compadd -- \${(f)"$(slipway completion words "$name" 2>/dev/null)"}
  else
    local -a all=(\${(f)"$(slipway completion words 2>/dev/null)"})
    compadd -- \${all:#*=}
    compadd -S '' -- \${(M)all:#*=}
  fi
}
compdef _slipway slipway`;

const fish = `function __slipway_words
  set -l word (commandline -ct)
  if string match -q '*=*' -- $word
    set -l name (string split -m1 = -- $word)[1]
    slipway completion words $name 2>/dev/null | string replace -r '^' "$name="
  else
    slipway completion words 2>/dev/null
  end
end
complete -c slipway -f -a '(__slipway_words)'`;

const scripts: Readonly<Record<string, string>> = { bash, zsh, fish };
