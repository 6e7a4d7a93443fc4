import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from './check.ts';

/**
 * Writes the provenance of the files and both lists of checksums beside them, as a release does; returns their names.
 */
export function describeDistribution(directory: string, files: readonly string[], version: string): string[] {
  const digestOf = (file: string, algorithm: string): string =>
    createHash(algorithm)
      .update(readFileSync(join(directory, file)))
      .digest('hex');
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: files.map((name) => ({ name, digest: { sha256: digestOf(name, 'sha256') } })),
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType: 'https://slipway.example/package/v1',
        externalParameters: { version },
        resolvedDependencies: source(),
      },
      runDetails: { builder: { id: process.env['SLIPWAY_BUILDER_ID'] || 'https://slipway.example/slipway' } },
    },
  };
  writeFileSync(join(directory, 'provenance.json'), `${JSON.stringify(statement, null, 2)}\n`);
  const described = [...files, 'provenance.json'];
  const sums = { SHA256SUMS: 'sha256', SHA512SUMS: 'sha512' };
  for (const [name, algorithm] of Object.entries(sums))
    writeFileSync(join(directory, name), described.map((file) => `${digestOf(file, algorithm)}  ${file}\n`).join(''));
  return ['provenance.json', ...Object.keys(sums)];
}

/** The commit that is checked out; nothing without git. */
function source(): object[] {
  const git = (...words: string[]): string | undefined => {
    const { status, stdout } = spawnSync('git', words, { cwd: repositoryRoot, encoding: 'utf8' });
    return status === 0 ? stdout.trim() : undefined;
  };
  const commit = git('rev-parse', 'HEAD');
  if (commit === undefined) return [];
  const clean = git('status', '--porcelain') === '';
  return [{ name: 'source', digest: { gitCommit: commit }, annotations: { clean } }];
}
