import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The number of links that a call of Go has begun. Before each link Go writes this file (cmd/go/internal/work), for
 * `build` and for `test -c`.
 */
export function linksBegun(scratch: string | undefined): number {
  if (scratch === undefined) return 0;
  return below(scratch)
    .flatMap(below)
    .filter((directory) => existsSync(join(directory, 'importcfg.link'))).length;
}

function below(directory: string): string[] {
  try {
    return readdirSync(directory).map((name) => join(directory, name));
  } catch {
    return []; // Go removes it at its end.
  }
}
