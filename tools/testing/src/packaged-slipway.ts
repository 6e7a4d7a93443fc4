import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Inputs of the package below the repository: sources, and the libraries that are bundled with them. */
const SOURCES = ['tools', 'hack/lib', 'hack/build-package.ts', 'package-lock.json', 'README.md'];
/** For how long a package is kept that no test asked for, in milliseconds. */
const KEPT = 24 * 60 * 60_000;

/**
 * The program of the package that these sources make: tests start what a user installs, and it starts in half the time of the sources.
 * It is made once for all test files, in `directory`, by hack/build-package.ts. Throws what that throws.
 */
export function packagedSlipway(repositoryRoot: string, directory: string): string {
  const place = join(directory, contentsOf(repositoryRoot));
  if (!existsSync(place)) {
    const making = mkdtempSync(join(directory, 'making-'));
    execFileSync(process.execPath, [join(repositoryRoot, 'hack/build-package.ts'), join(making, 'package')], {
      cwd: repositoryRoot,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    publish(join(making, 'package'), place);
    rmSync(making, { recursive: true, force: true });
    removeUnused(directory);
  }
  const now = new Date();
  utimesSync(place, now, now);
  return join(place, 'slipway.cjs');
}

/** A part of the package that has the name of its source: `run`, `no-op`. */
export function packagedPart(program: string, name: string): string {
  const parts = join(dirname(program), 'parts');
  const file = readdirSync(parts).find((each) => new RegExp(`^${name}-\\w+\\.mjs$`).test(each));
  if (file === undefined) throw new Error(`there is no ${name}-*.mjs in ${parts}`);
  return join(parts, file);
}

/** Another test file may have made the same package in the meantime. */
function publish(made: string, place: string): void {
  try {
    renameSync(made, place);
  } catch (error) {
    if (!existsSync(place)) throw error;
  }
}

function contentsOf(repositoryRoot: string): string {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    const path = join(repositoryRoot, source);
    const below = statSync(path).isDirectory() ? filesBelow(path) : [path];
    for (const file of below) hash.update(`${file.slice(repositoryRoot.length)}\0`).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 32);
}

/** `tools` has the sources of each package in its `src`; nothing else of it is packed. */
const filesBelow = (directory: string): string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((path) => /^(?:[\w-]+\/src\/.*|[\w-]+\/package\.json|[\w-]+\.ts)$/.test(path) && !path.endsWith('.test.ts'))
    .map((path) => join(directory, path))
    .filter((path) => statSync(path).isFile())
    .sort();

function removeUnused(directory: string): void {
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    if (Date.now() - statSync(path).mtimeMs > KEPT) rmSync(path, { recursive: true, force: true });
  }
}
