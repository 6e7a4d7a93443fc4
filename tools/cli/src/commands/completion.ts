import { FailureError } from '@slipway/model';
import { type Answer, answer } from '../answer.ts';
import { candidatesFor } from '../completion-candidates.ts';
import type { Asking } from '../services.ts';

/**
 * Prints a shell's script. The scripts call `completion line LINE`, which prints the candidates for the end of the
 * line.
 */
export async function completion({ args, tree }: Asking): Promise<Answer> {
  const [shell, line = ''] = args;
  if (shell === 'line') return answer(candidatesFor(line, await tree().catch((): undefined => undefined)));
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

const bash = `_slipway() {
  mapfile -t COMPREPLY < <(slipway completion line "\${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
  [[ "\${#COMPREPLY[@]}" == 1 && "\${COMPREPLY[0]}" == *= ]] && compopt -o nospace
  return 0
}
complete -F _slipway slipway`;

const zsh = `#compdef slipway
_slipway() {
  local -a all=(\${(f)"$(slipway completion line "$LBUFFER" 2>/dev/null)"})
  compset -P '*='
  compadd -- \${all:#*=}
  compadd -S '' -- \${(M)all:#*=}
}
compdef _slipway slipway`;

const fish = `function __slipway_words
  set -l before (string match -r '^[^=]*=["\\']?' -- (commandline -ct))
  slipway completion line (string join ' ' -- (commandline -cp)) 2>/dev/null | string replace -r '^' "$before"
end
complete -c slipway -f -a '(__slipway_words)'`;

const scripts: Readonly<Record<string, string>> = { bash, zsh, fish };
