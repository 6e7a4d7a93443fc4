import { readFile, readdir } from 'node:fs/promises';

export interface LeftProcess {
  readonly pid: number;
  readonly command: string;
  readonly temporary: string;
}

/** Processes with a temporary directory below this one, regardless of their parent. Only Linux has this information. */
export async function leftBehind(base: string): Promise<LeftProcess[]> {
  const names = await readdir('/proc').catch(() => []);
  const left: LeftProcess[] = [];
  for (const name of names.filter((each) => /^[0-9]+$/.test(each))) {
    const environment = await readFile(`/proc/${name}/environ`, 'utf8').catch(() => '');
    const temporary = environment
      .split('\0')
      .find((each) => each.startsWith(`TMPDIR=${base}/`))
      ?.slice('TMPDIR='.length);
    if (temporary === undefined) continue;
    const command = (await readFile(`/proc/${name}/comm`, 'utf8').catch(() => '')).trim();
    left.push({ pid: Number(name), command, temporary });
  }
  return left;
}

export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
