import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPackage } from './build-package.ts';
import { packNpm } from './distribution.ts';

/** The package as a user has it: from the tarball, without a network and without scripts. */
export class InstalledPackage implements Disposable {
  readonly place: string;
  readonly version: string;
  /** Where it is installed. */
  readonly directory: string;
  readonly command: string;

  private constructor(place: string, version: string) {
    this.place = place;
    this.version = version;
    this.directory = join(place, 'user');
    this.command = join(this.directory, 'node_modules', '.bin', 'slipway');
  }

  static async make(): Promise<InstalledPackage> {
    const place = mkdtempSync(join(tmpdir(), 'slipway-package-'));
    const { version } = await buildPackage(join(place, 'package'));
    const made = new InstalledPackage(place, version);
    const filename = packNpm(join(place, 'package'), place);
    mkdirSync(made.directory);
    writeFileSync(join(made.directory, 'package.json'), '{ "private": true }');
    const options = ['--ignore-scripts', '--offline', '--no-audit', '--no-fund'];
    npm(['install', ...options, join(place, filename)], made.directory);
    return made;
  }

  [Symbol.dispose](): void {
    rmSync(this.place, { recursive: true });
  }
}

const npm = (args: readonly string[], cwd: string): string =>
  execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
