import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findProgram } from '@slipway/facts';
import { expect, test } from 'vitest';
import { makeAuthority } from '../src/certificates.ts';
import { Repo } from '../src/repo-rig.ts';

test('an authority that only SSL_CERT_FILE names is trusted when Go itself is fetched, as Go trusts it', async ({
  skip,
}) => {
  const base = mkdtempSync(join(tmpdir(), 'slipway-e2e-'));
  try {
    const made = makeAuthority(base);
    if ('why' in made) return skip(made.why);
    const { certificate, key } = made.sign('server');
    const asked: string[] = [];
    const proxy = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, ({ url }, response) => {
      asked.push(url ?? '');
      response.writeHead(404).end('it has none');
    });
    await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
    await using tree = new Repo('plain').init('v1.2.3');
    const GOPROXY = `https://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const programs = tree.path('../programs');
    mkdirSync(programs);
    symlinkSync(findProgram('git', { PATH: process.env['PATH'] ?? '' })!, join(programs, 'git'));
    const told = async (SSL_CERT_FILE: string): Promise<string> =>
      (await tree.slipway(['all'], { env: { PATH: programs, GOPROXY, SSL_CERT_FILE } })).stderr;
    expect(await told('')).toMatch(/certificate.*\[GO_UNAVAILABLE\]/);
    expect(asked).toEqual([]);
    expect(await told(made.authority.certificate)).toMatch(/answers 404 it has none.*\[GO_UNAVAILABLE\]/);
    expect(asked).toHaveLength(1);
    proxy.closeAllConnections();
    proxy.close();
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
});
