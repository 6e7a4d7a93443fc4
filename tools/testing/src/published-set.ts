import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Statement {
  _type: string;
  predicateType: string;
  subject: { name: string; digest: { sha256: string } }[];
  predicate?: unknown;
}

const EMPTY_ARCHIVE = '\0'.repeat(1024);

/** A set as a release leaves it, of small files that have the names the fixture `configured` ships, for tests to spoil. */
export class PublishedSet {
  readonly dir: string;

  constructor(dir: string) {
    this.dir = dir;
    // Paths in it may be longer than Node can remove.
    execFileSync('rm', ['-rf', dir]);
    mkdirSync(dir, { recursive: true });
    this.describe();
  }

  at(name: string): string {
    return join(this.dir, name);
  }

  read(name: string): string {
    return readFileSync(this.at(name), 'utf8');
  }

  /** Writes the files, and what is said of them, which may be changed first. */
  describe(change: (statement: Statement) => void = () => {}): void {
    const files: Record<string, string> = {
      'gated-src.tar.gz': EMPTY_ARCHIVE,
      program: 'a program',
      'gated.spdx.json': JSON.stringify({ spdxVersion: 'SPDX-2.3', packages: [{}] }),
      'gated.cdx.json': JSON.stringify({ bomFormat: 'CycloneDX', components: [{}] }),
    };
    const statement: Statement = {
      _type: 'https://in-toto.io/Statement/v1',
      predicateType: 'https://slsa.dev/provenance/v1',
      subject: Object.entries(files).map(([name, text]) => ({ name, digest: { sha256: digest('sha256', text) } })),
    };
    change(statement);
    files['provenance.json'] = JSON.stringify(statement);
    for (const [name, text] of Object.entries(files)) writeFileSync(this.at(name), text);
    for (const algorithm of ['sha256', 'sha512']) {
      const lines = Object.entries(files).map(([name, text]) => `${digest(algorithm, text)}  ${name}\n`);
      writeFileSync(this.at(`${algorithm.toUpperCase()}SUMS`), lines.join(''));
    }
  }

  /** Writes a file and makes all that is said of it fit: only what it holds can be wrong then. */
  put(name: string, content: string | Buffer): void {
    writeFileSync(this.at(name), content);
    if (name !== 'provenance.json') {
      const statement = JSON.parse(this.read('provenance.json')) as Statement;
      const subject = statement.subject.find((each) => each.name === name);
      if (subject !== undefined) subject.digest.sha256 = digest('sha256', content);
      writeFileSync(this.at('provenance.json'), JSON.stringify(statement));
      this.#sumAgain('provenance.json');
    }
    this.#sumAgain(name);
  }

  #sumAgain(name: string): void {
    for (const algorithm of ['sha256', 'sha512']) {
      const sums = `${algorithm.toUpperCase()}SUMS`;
      const others = this.read(sums)
        .split('\n')
        .filter((line) => line !== '' && !line.endsWith(` ${name}`));
      const lines = [...others, `${digest(algorithm, readFileSync(this.at(name)))}  ${name}`, ''];
      writeFileSync(this.at(sums), lines.join('\n'));
    }
  }

  /** Puts something else in the place of a file. */
  replace(name: string, make: (path: string) => void): void {
    rmSync(this.at(name), { force: true });
    make(this.at(name));
  }
}

const digest = (algorithm: string, content: string | Buffer): string =>
  createHash(algorithm).update(content).digest('hex');
