import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hostPlatform } from '@slipway/facts';
import { archOf } from '@slipway/model';
import { expectDone, expectFailure } from '../src/expect-failure.ts';
import { serveFiles } from '../src/file-server.ts';
import { listing } from '../src/listing.ts';
import { type Repo, repo } from '../src/repo-rig.ts';

const arch = archOf(hostPlatform());

/** A release, and a copy of its published set, beside the tree. */
async function published(tree: Repo, ...variables: string[]): Promise<string> {
  expectDone(await tree.slipway(['quick-release', '--without-docker', ...variables]));
  const set = tree.path('../published');
  cpSync(tree.path('_output/release-tars'), set, { recursive: true });
  return set;
}

interface ExecStep {
  readonly kind: string;
  readonly argv: readonly string[];
  readonly env: Record<string, string>;
}

/** A command of the release built as it was, but with other flags or in another directory. */
async function built(
  tree: Repo,
  name: string,
  change: (argv: readonly string[]) => readonly string[],
): Promise<Buffer> {
  const { stdout } = await tree.slipway(['quick-release', '--without-docker', '-n', '--json']);
  const steps = (JSON.parse(stdout) as { steps: readonly ExecStep[] }).steps;
  const { argv, env } = steps.find((step) => step.kind === 'exec' && step.argv.includes('build'))!;
  const elsewhere = tree.path('../elsewhere');
  rmSync(elsewhere, { recursive: true, force: true });
  cpSync(tree.dir, elsewhere, { recursive: true, filter: (path) => !/\/(?:_output|\.git)$/.test(path) });
  const [go, ...words] = change(argv).filter((word) => !/\/programs\/|\/_output\//.test(word));
  const at = words.indexOf('-o');
  const rest = [...words.slice(0, at), '-o', join(elsewhere, 'out'), ...words.slice(at + 1), `./programs/${name}`];
  execFileSync(go!, rest, { cwd: elsewhere, env: { ...tree.env, ...env, GOTMPDIR: '' } });
  return readFileSync(join(elsewhere, 'out'));
}

/** Unpacks an archive of the set, lets it be changed, and packs it with other programs. */
function repack(set: string, name: string, change: (dir: string) => void, tarFlags: readonly string[]): void {
  const dir = join(set, '../repacking');
  mkdirSync(dir);
  execFileSync('tar', ['-xpf', join(set, name), '-C', dir]);
  change(dir);
  execFileSync('tar', ['--sort=name', '-I', 'gzip -n', ...tarFlags, '-cf', join(set, name), ...readdirSync(dir)], {
    cwd: dir,
  });
  rmSync(dir, { recursive: true });
}

/** A publisher's own sums and provenance always fit what he publishes. */
function describeAgain(set: string): void {
  const digest = (algorithm: string, name: string): string =>
    createHash(algorithm)
      .update(readFileSync(join(set, name)))
      .digest('hex');
  const path = join(set, 'provenance.json');
  const statement = JSON.parse(readFileSync(path, 'utf8')) as {
    subject: { name: string; digest: { sha256: string } }[];
    predicate: { buildDefinition: { buildType: string } };
  };
  statement.subject = statement.subject.filter(({ name }) => !name.includes('/'));
  // As a slipway of before images were described.
  statement.predicate.buildDefinition.buildType = 'https://slipway.example/release/v1';
  for (const subject of statement.subject) subject.digest.sha256 = digest('sha256', subject.name);
  writeFileSync(path, JSON.stringify(statement));
  const names = [...statement.subject.map(({ name }) => name), 'provenance.json'].sort();
  for (const algorithm of ['sha256', 'sha512'])
    writeFileSync(
      join(set, `${algorithm.toUpperCase()}SUMS`),
      names.map((name) => `${digest(algorithm, name)}  ${name}\n`).join(''),
    );
}

test('a set is built again to the same bytes, by any user and in any place; that user can sign the result', async () => {
  await using tree = repo('configured');
  const set = await published(tree, 'SLIPWAY_COMPRESSION=zstd');
  await using server = await serveFiles(set);
  const before = listing(tree.path('_output/release-tars'));
  expectDone(await tree.slipway(['-s', 'release', 'verify', server.address]));
  const done = await tree.slipway(['-s', 'release', 'reproduce', server.address], {
    wrapper: ['sh', '-c', 'umask 077; exec "$@"', 'sh'],
  });
  expectDone(done);
  expect(done.stdout).toContain('all 11 artifacts are identical');
  expect(listing(tree.path('_output/release-tars'))).toEqual(before);
  const said = tree.path('_output/reproduce/reproduction.json');
  const { subject, predicate } = JSON.parse(readFileSync(said, 'utf8'));
  expect(subject).toHaveLength(11);
  expect(predicate.rebuilt.commit).toBe(tree.git('rev-parse', 'HEAD'));
  expect(predicate.results[0]).toEqual({ name: `gated-client-linux-${arch}.tar.zst`, is: 'identical', causes: [] });
  const key = tree.path('../key.pem');
  expectDone(await tree.slipway(['release', 'sign', said, key]));
  expectDone(await tree.slipway(['release', 'verify', said, `${key}.pub`]));
  writeFileSync(said, readFileSync(said, 'utf8').replace('identical', 'different'));
  expect((await tree.slipway(['release', 'verify', said, `${key}.pub`])).exit).toBe(4);
});

test('planted differences are all named, with their causes', async () => {
  await using tree = repo('configured');
  const set = await published(tree);
  const packed = ['--owner=0', '--group=0', '--numeric-owner', '--mtime=@1704164645'];
  const replace = (name: string, content: Buffer) => (dir: string) => writeFileSync(join(dir, name), content);
  // 1: other flags.
  const tagged = await built(tree, 'gate', (argv) => argv.map((word) => word.replace('-tags=', '-tags=other,')));
  repack(set, `gated-client-linux-${arch}.tar.gz`, replace('gated/client/bin/gate', tagged), packed);
  const server = `gated-server-linux-${arch}.tar.gz`;
  repack(
    set,
    server,
    (dir) => {
      // 2: another patch release of Go, as its bytes say it.
      const gate = readFileSync(join(dir, 'gated/server/bin/gate'), 'latin1');
      const [version = ''] = /go1\.\d+\.\d+/.exec(gate) ?? [];
      const other = version.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));
      writeFileSync(join(dir, 'gated/server/bin/gate'), gate.replaceAll(version, other), 'latin1');
    },
    packed,
  );
  // 3: another directory.
  const untrimmed = await built(tree, 'keeper', (argv) => argv.filter((word) => word !== '-trimpath'));
  repack(set, server, replace('gated/server/bin/keeper', untrimmed), packed);
  // 4: another time and owner.
  repack(set, 'gated-manifests.tar.gz', () => {}, ['--owner=builder:1000', '--group=0', '--mtime=@99']);
  // 5: another compressor.
  const portable = join(set, 'gated-test-portable.tar.gz');
  execFileSync('gzip', ['-d', portable]);
  execFileSync('gzip', ['-1', '-n', portable.replace(/\.gz$/, '')]);
  // And another stamp.
  const stamped = await built(tree, 'gate', (argv) => argv.map((word) => word.replace('v1.2.3', 'v1.2.4')));
  repack(set, 'gated.tar.gz', (dir) => writeFileSync(join(dir, 'gated/version'), 'v1.2.4\n'), packed);
  expect(stamped.equals(tagged)).toBe(false);
  describeAgain(set);
  expectDone(await tree.slipway(['release', 'verify', set]));

  const told = await tree.slipway(['release', 'reproduce', set, '--json']);
  expect(told.exit).toBe(4);
  const { results, notes } = JSON.parse(told.stdout.trimEnd().split('\n').at(-1)!) as {
    notes: string[];
    results: { name: string; is: string; causes: string[] }[];
  };
  const causes = Object.fromEntries(
    results.filter(({ is }) => is !== 'identical').map((each) => [each.name, each.causes]),
  );
  expect(causes).toEqual({
    [`gated-client-linux-${arch}.tar.gz`]: ['other flags: -tags (other,configured, not configured)'],
    [server]: [
      expect.stringMatching(/^another patch release of Go \(go1\.\d+\.\d+, not go1\.\d+\.\d+\)$/),
      'built without -trimpath, so in another directory',
    ],
    'gated-manifests.tar.gz': [
      'another owner in the headers of the archive',
      'another time in the headers of the archive',
    ],
    'gated-test-portable.tar.gz': ['another compressor, or another level of it'],
    'gated.tar.gz': ['another text'],
  });
  expect(notes.join('\n')).toContain('made as release/v1, here as release/v2: since release/v2 images have labels');
});

test('a set that cannot be built again is refused before anything is built', async () => {
  await using tree = repo('configured');
  const set = await published(tree);
  rmSync(tree.path('_output'), { recursive: true });
  expect((await tree.slipway(['-n', 'release', 'reproduce', set])).stdout).toContain(
    '_output/reproduce/release-tars/SHA256SUMS',
  );
  expect(readdirSync(tree.dir)).not.toContain('_output');
  const refused = async (code: Parameters<typeof expectFailure>[1], says: string, hint: string): Promise<void> => {
    expectFailure(await tree.slipway(['release', 'reproduce', '../published']), code, { says, hint });
    expect(readdirSync(tree.dir)).not.toContain('_output');
  };
  tree.write({ 'README.md': 'changed\n' }).commit('second');
  await refused('UNSUPPORTED_TREE', 'this tree is at', `-C ../rebuild release reproduce ${set}`);
  renameSync(join(set, 'gated.tar.gz'), join(set, '../gone'));
  expect((await tree.slipway(['release', 'reproduce', set])).exit).toBe(4);
  expectFailure(await tree.slipway(['release', 'reproduce']), 'BAD_USAGE', {
    says: 'needs the directory',
    hint: 'DIR',
  });
});
