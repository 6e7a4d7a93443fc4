import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '@slipway/facts';
import { whyWithout } from './machine-programs.ts';

/** A page as a browser has it after loading. */
export interface Seen {
  /** The document as it stands then. */
  readonly dom: string;
  /** Its errors in the browser's console. */
  readonly errors: readonly string[];
  /** A picture, PNG. */
  readonly picture: string;
}

/** The path of Chromium, or why there is none. */
export function chromium(): string | { readonly why: string } {
  const [found] = ['chromium', 'chromium-browser', 'google-chrome'].flatMap(
    (name) => findProgram(name, { PATH: process.env['PATH'] ?? '' }) ?? [],
  );
  return found ?? { why: whyWithout('chromium') ?? 'there is no Chromium' };
}

export function see(program: string, path: string, width: number): Seen {
  const directory = mkdtempSync(join(tmpdir(), 'slipway-e2e-'));
  const picture = `${path}.${width}.png`;
  const options = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--enable-logging=stderr',
    '--virtual-time-budget=2000',
  ];
  const run = (...more: string[]): { dom: string; log: string } => {
    const { status, stdout, stderr } = spawnSync(
      program,
      [...options, `--user-data-dir=${directory}`, `--window-size=${width},2000`, ...more, `file://${path}`],
      { encoding: 'utf8', maxBuffer: 2 ** 26, env: { ...process.env, HOME: directory } },
    );
    if (status !== 0) throw new Error(stderr);
    return { dom: stdout, log: stderr };
  };
  try {
    const { dom, log } = run('--dump-dom');
    run(`--screenshot=${picture}`);
    return { dom, errors: log.split('\n').filter((line) => /\bCONSOLE\b|:CONSOLE:/.test(line)), picture };
  } finally {
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Settings of a process for one file; for pictures. */
export const sizeOfPng = (path: string): { width: number; height: number } => {
  const head = execFileSync('head', ['-c', '24', path]);
  return { width: head.readUInt32BE(16), height: head.readUInt32BE(20) };
};
