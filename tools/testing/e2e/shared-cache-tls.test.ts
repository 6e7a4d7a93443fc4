import { hash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CacheTraffic, Event } from '@slipway/model';
import { type CacheServer, startBazelRemote } from '../src/cache-servers.ts';
import { type Certificate, makeAuthority } from '../src/certificates.ts';
import { expectFailure } from '../src/expect-failure.ts';
import { timeouts } from '../src/timeouts.ts';
import { WatchedRepo, byStatus } from '../src/watched-repo.ts';

const USER = 'builder';
const PASSWORD = 'not-to-be-seen';
const header = (password: string): string =>
  `authorization: Basic ${Buffer.from(`${USER}:${password}`).toString('base64')}`;

let tree: WatchedRepo;
let base: string;
let why: string | undefined;
let authority: Certificate;
let client: Certificate;
let asking: CacheServer;
let locked: CacheServer;
beforeAll(async () => {
  tree = new WatchedRepo('plain').init('v1.2.3');
  base = mkdtempSync(join(tmpdir(), 'slipway-e2e-'));
  const made = makeAuthority(base);
  if ('why' in made) return void (why = made.why);
  ({ authority } = made);
  const server = made.sign('server');
  client = made.sign('client');
  const tls = ['--tls_cert_file', server.certificate, '--tls_key_file', server.key];
  const users = join(base, 'users');
  writeFileSync(users, `${USER}:{SHA}${hash('sha1', PASSWORD, 'base64')}\n`);
  asking = await startBazelRemote({ flags: [...tls, '--tls_ca_file', authority.certificate] });
  locked = await startBazelRemote({ flags: [...tls, '--htpasswd_file', users] });
});
afterAll(async () => {
  await tree?.[Symbol.asyncDispose]();
  await asking?.[Symbol.asyncDispose]();
  await locked?.[Symbol.asyncDispose]();
  rmSync(base, { recursive: true, force: true });
});

interface Outcome {
  readonly traffic: CacheTraffic | undefined;
  readonly statuses: Readonly<Record<string, readonly string[]>>;
  /** All it printed and left behind. */
  readonly text: string;
}

/** A build on a machine with empty caches. */
async function build({ port }: CacheServer, env: Record<string, string>): Promise<Outcome> {
  tree.forgetAll();
  const built = await tree.build(['all', '--report'], {
    env: {
      SLIPWAY_REMOTE_CACHE: `grpcs://127.0.0.1:${port}`,
      SLIPWAY_REMOTE_CACHE_PATIENCE: timeouts.cacheServer,
      SSL_CERT_FILE: '',
      ...env,
    },
  });
  const events = built.stdout.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Event] : []));
  return {
    traffic: events.find((event) => event.kind === 'cache-shared')?.traffic,
    statuses: byStatus(built),
    text: built.stdout + built.stderr + readFileSync(tree.path('_output/local/report.html'), 'utf8'),
  };
}

const own = (): Record<string, string> => ({
  SLIPWAY_REMOTE_CACHE_CA: authority.certificate,
  SLIPWAY_REMOTE_CACHE_CLIENT_CERTIFICATE: client.certificate,
  SLIPWAY_REMOTE_CACHE_CLIENT_KEY: client.key,
});

describe('over TLS', () => {
  test('to a server with a named authority that requires a client certificate', async ({ skip }) => {
    skip(why !== undefined, why);
    expect((await build(asking, own())).traffic).toMatchObject({ written: 2 });
    expect((await build(asking, own())).statuses).toEqual({ restored: ['a', 'b'] });
    const { SLIPWAY_REMOTE_CACHE_CLIENT_KEY: _, ...half } = own();
    const faults: readonly (readonly [Record<string, string>, RegExp])[] = [
      [{ SLIPWAY_REMOTE_CACHE_CA: authority.certificate }, /UNAUTHENTICATED: could not verify peer certificate/],
      [{}, /UNAVAILABLE: .*certificate/],
    ];
    for (const [env, trouble] of faults) {
      const refused = await build(asking, env);
      expect(refused.statuses).toEqual({ ran: ['a', 'b'] });
      expect(refused.traffic?.trouble).toMatch(trouble);
    }
    const result = await tree.slipway(['all'], {
      env: { ...half, SLIPWAY_REMOTE_CACHE: `grpcs://127.0.0.1:${asking.port}` },
    });
    expectFailure(result, 'BAD_VALUE', { says: 'SLIPWAY_REMOTE_CACHE_CLIENT_KEY' });
  });

  test('to a server that this machine trusts and that requires a header; the header appears nowhere', async ({
    skip,
  }) => {
    skip(why !== undefined, why);
    const env = { SSL_CERT_FILE: authority.certificate, SLIPWAY_REMOTE_CACHE_HEADERS: header(PASSWORD) };
    const outcomes = [await build(locked, env), await build(locked, env)];
    expect(outcomes.map(({ statuses }) => statuses)).toEqual([{ ran: ['a', 'b'] }, { restored: ['a', 'b'] }]);
    const wrong = await build(locked, { ...env, SLIPWAY_REMOTE_CACHE_HEADERS: header('wrong') });
    expect(wrong.statuses).toEqual({ ran: ['a', 'b'] });
    expect(wrong.traffic?.trouble).toMatch(/UNAUTHENTICATED/);
    for (const { text } of [...outcomes, wrong]) {
      expect(text).toContain(`127.0.0.1:${locked.port}`);
      for (const password of [PASSWORD, 'wrong']) expect(text).not.toContain(header(password).split(' ').at(-1));
    }
  });
});
