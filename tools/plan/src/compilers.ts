import { installHint, withoutCompiler } from '@slipway/catalog';
import type { Command, Facts, Failure, Platform } from '@slipway/model';
import { linkageOf } from './linkage.ts';
import type { Planning } from './planning.ts';

/** One failure for each missing compiler, before anything is built. */
export function missingCompilers(commands: ReadonlyMap<Platform, readonly Command[]>, planning: Planning): Failure[] {
  const { facts, variables } = planning;
  const failures = new Map<string, Failure>();
  for (const [platform, list] of commands) {
    const missing = missingCompiler(platform, facts) ?? silentlyMissing(platform, planning);
    const context = { tree: facts.tree, variables, host: facts.machine.platform };
    const needing = list.filter((command) => linkageOf(command, platform, context) !== 'static');
    if (missing === undefined || needing.length === 0) continue;
    const need = `${needing.map(({ name }) => name).join(', ')} for ${platform} need it (cgo)`;
    const why = missing.why === undefined ? need : `${need}, and ${missing.why}`;
    failures.set(missing.tool, { code: 'TOOL_MISSING', tool: missing.tool, why, hint: missing.hint });
  }
  return [...failures.values()];
}

/** Without a compiler Go silently builds without cgo. A release must not change like that. */
function silentlyMissing(
  platform: Platform,
  { facts, profile, variables, linkedAlike, allowMissing }: Planning,
): { tool: string; why: string; hint: string } | undefined {
  const { tree, machine, hostCompiler } = facts;
  const own = tree.platformEnvironments[platform] ?? {};
  const isOff = [own['CGO_ENABLED'], variables['CGO_ENABLED'], facts.environment['CGO_ENABLED']].includes('0');
  if (profile !== 'release' || allowMissing || linkedAlike || isOff) return undefined;
  if (platform !== machine.platform || own['CC'] !== undefined || hostCompiler !== undefined) return undefined;
  return {
    tool: 'gcc',
    why: 'without one Go would leave cgo out',
    hint: 'apt-get install gcc libc6-dev; or build without cgo: CGO_ENABLED=0, or --allow-missing',
  };
}

/** Undefined if the platform's compiler exists, or Go may build there without cgo. */
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
