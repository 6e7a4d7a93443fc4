import { installHint, withoutCompiler } from '@slipway/catalog';
import type { Command, Facts, Failure, Platform } from '@slipway/model';
import { linkageOf } from './linkage.ts';
import type { Planning } from './planning.ts';

/** One failure for each compiler that some command needs and that is not here, before anything is built. */
export function missingCompilers(
  commands: ReadonlyMap<Platform, readonly Command[]>,
  { facts, variables }: Planning,
): Failure[] {
  const failures = new Map<string, Failure>();
  for (const [platform, list] of commands) {
    const missing = missingCompiler(platform, facts);
    const context = { tree: facts.tree, variables, host: facts.machine.platform };
    const needing = list.filter((command) => linkageOf(command, platform, context) !== 'static');
    if (missing === undefined || needing.length === 0) continue;
    const need = `${needing.map(({ name }) => name).join(', ')} for ${platform} need it (cgo)`;
    const why = missing.why === undefined ? need : `${need}, and ${missing.why}`;
    failures.set(missing.tool, { code: 'TOOL_MISSING', tool: missing.tool, why, hint: missing.hint });
  }
  return [...failures.values()];
}

/** Undefined when the platform's compiler is here, or Go is left to build there without cgo. */
function missingCompiler(
  platform: Platform,
  { tree, compilers, environment }: Facts,
): { tool: string; why?: string; hint: string } | undefined {
  const { CC: command, CGO_ENABLED: cgo } = tree.platformEnvironments[platform] ?? {};
  if (command !== undefined) {
    return compilers[command] === '' ? { tool: command.split(' ')[0]!, hint: installHint(command) } : undefined;
  }
  return cgo === '1' && !environment['CC'] ? withoutCompiler(platform) : undefined;
}
