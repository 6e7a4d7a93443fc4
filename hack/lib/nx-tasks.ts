import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { repositoryRoot } from './check.ts';

export interface TaskRun {
  /** `project:target`. */
  readonly id: string;
  readonly ok: boolean;
  readonly cached: boolean;
  readonly milliseconds: number;
  /** The command and its whole output; undefined if Nx did not show it. */
  readonly output: string | undefined;
}

export interface NxRun {
  readonly ok: boolean;
  readonly tasks: readonly TaskRun[];
  readonly log: string;
}

interface NxRequest {
  readonly targets: readonly string[];
  /** Project names or patterns; empty means all. */
  readonly projects: readonly string[];
  readonly parallel: number;
  readonly environment: NodeJS.ProcessEnv;
  /** Where Nx's log and profile go, relative to the root. */
  readonly reportDir: string;
  readonly onTask: (line: string) => void;
}

/** Runs targets through Nx without daemon, terminal interface or plugin processes. */
export async function runNx(request: NxRequest): Promise<NxRun> {
  const profile = `${request.reportDir}/nx-profile.json`;
  const args = ['run-many', '-t', ...request.targets, `--parallel=${request.parallel}`, '--output-style=static'];
  if (request.projects.length > 0) args.push(`--projects=${request.projects.join(',')}`);
  const { code, log } = await collect([join('node_modules', 'nx', 'dist', 'bin', 'nx.js'), ...args], {
    env: {
      ...request.environment,
      NX_DAEMON: 'false',
      NX_TUI: 'false',
      NX_ISOLATE_PLUGINS: 'false',
      NX_PROFILE: profile,
    },
    onLine: (line) => {
      const task = taskHeader.exec(line);
      if (task !== null) request.onTask(`${task[1]}${task[2] ?? ''}`);
    },
  });
  writeFileSync(join(repositoryRoot, request.reportDir, 'nx.log'), log);
  return { ok: code === 0, log, tasks: readProfile(join(repositoryRoot, profile), splitLog(log)) };
}

const taskHeader = /^> nx run (\S+)(\s+\[.*\])?$/;

/** The output of Nx, by task. */
export function splitLog(log: string): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  let current: string | undefined;
  for (const line of log.split('\n')) {
    if (/^ (?:NX|Lerna) {2,}/.test(line)) current = undefined;
    current = taskHeader.exec(line)?.[1] ?? current;
    if (current !== undefined) parts.set(current, `${parts.get(current) ?? ''}${line}\n`);
  }
  return parts;
}

interface ProfileEntry {
  readonly name: string;
  readonly dur?: number;
  readonly args: { readonly status?: string };
}

function readProfile(file: string, outputs: ReadonlyMap<string, string>): readonly TaskRun[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return []; // Nx failed before it ran a task; its log has the reason.
  }
  return (JSON.parse(text) as ProfileEntry[])
    .filter(({ args }) => args.status !== undefined)
    .map(({ name, dur = 0, args: { status = '' } }) => ({
      id: name,
      ok: status === 'success' || status.includes('cache'),
      cached: status.includes('cache'),
      milliseconds: dur / 1000,
      output: outputs.get(name),
    }));
}

interface Collecting {
  readonly env: NodeJS.ProcessEnv;
  readonly onLine: (line: string) => void;
}

function collect(argv: readonly string[], { env, onLine }: Collecting): Promise<{ code: number | null; log: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, argv, { cwd: repositoryRoot, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let log = '';
    let rest = '';
    const take = (colored: string): void => {
      const chunk = stripVTControlCharacters(colored);
      log += chunk;
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, log }));
  });
}
