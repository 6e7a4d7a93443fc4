import { execFileSync } from 'node:child_process';

/** A tarball as `tar tv` shows it: mode, owner and size of each member, by its name; times are left out. */
export function tarListing(path: string): Record<string, string> {
  const lines = execFileSync('tar', ['--numeric-owner', '-tvf', path], { encoding: 'utf8' }).trimEnd().split('\n');
  return Object.fromEntries(
    lines.map((line) => {
      const [mode = '', owner, size, _date, _time, ...name] = line.split(/\s+/);
      return [name.join(' '), mode.startsWith('d') ? `${mode} ${owner}` : `${mode} ${owner} ${size}`];
    }),
  );
}

/** The content of one member. */
export const tarMember = (path: string, member: string): Buffer =>
  execFileSync('tar', ['-xOf', path, member], { maxBuffer: 1 << 30 });
