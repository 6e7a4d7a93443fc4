import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createPlain, type RequestListener, type Server } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Environment, FailureError } from '@slipway/model';
import { type Certificate, makeAuthority } from '@slipway/testing';
import { registryClient } from './client.ts';

let dir: string;
const servers: Server[] = [];
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'slipway-registry-'))));
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(dir, { recursive: true });
});

async function listening(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const secure = (certificate: Certificate, answer: RequestListener, more: object = {}): Promise<string> =>
  listening(
    createServer({ cert: readFileSync(certificate.certificate), key: readFileSync(certificate.key), ...more }, answer),
  );

function authority(skip: (why: string) => never) {
  const made = makeAuthority(dir);
  return 'why' in made ? skip(made.why) : made;
}

/** Returns the scheme of a registry and its answer for `x`. */
async function asked(host: string, environment: Environment = {}): Promise<string> {
  const client = await registryClient(
    { host, repository: 'r', version: 'v1' },
    {
      ...{ signal: new AbortController().signal, environment: { HOME: dir, ...environment } },
      timeLimits: { answerSeconds: 5, graceSeconds: 1, bytesPerSecond: 1000 },
      bad: (fact, hint) => new FailureError({ code: 'NOT_PUSHED', image: 'x', fact, ...(hint && { hint }) }),
    },
  );
  return `${client.origin.split(':')[0]} ${(await (await client.get('x')).bytes(1000)).toString()}`;
}

const failure = async (asking: Promise<unknown>) => {
  const error: unknown = await asking.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  const [first] = error instanceof FailureError ? error.failures : [];
  return first?.code === 'NOT_PUSHED'
    ? { fact: first.fact, hint: first.hint ?? '' }
    : { fact: String(error), hint: '' };
};

const hello: RequestListener = (_request, response) => void response.end('hello');
/** Writes files to docker's directory for certificates of a host. */
function certsD(host: string, files: Readonly<Record<string, string>>): void {
  const place = join(dir, '.config/docker/certs.d', host);
  mkdirSync(place, { recursive: true });
  for (const [name, from] of Object.entries(files)) writeFileSync(join(place, name), readFileSync(from));
}

test('a registry on this machine is used without TLS only if it does not speak TLS', async ({ skip }) => {
  const { authority: who, sign } = authority(skip);
  expect(await asked(await listening(createPlain(hello)))).toBe('http hello');
  const host = await secure(sign('server'), hello);
  certsD(host, { 'ca.crt': who.certificate });
  expect(await asked(host)).toBe('https hello');
});

test('an unknown authority is reported at once, and nothing is sent without TLS', async ({ skip }) => {
  const told: string[] = [];
  const host = await secure(authority(skip).sign('server'), ({ url }, response) => {
    told.push(url ?? '');
    response.end();
  });
  const { fact, hint } = await failure(asked(host));
  expect(fact).toContain(`an unknown authority signed the certificate of ${host}`);
  expect(hint).toContain(`/etc/docker/certs.d/${host}/ca.crt`);
  expect(told).toEqual([]);
});

test('a certificate of certs.d is shown to its own registry and to no other', async ({ skip }) => {
  const { authority: who, sign } = authority(skip);
  const ca = readFileSync(who.certificate);
  const demanding = await secure(sign('server'), hello, { ca, requestCert: true, rejectUnauthorized: true });
  const mine = sign('me');
  certsD(demanding, { 'ca.crt': who.certificate, 'me.cert': mine.certificate, 'me.key': mine.key });
  expect(await asked(demanding)).toBe('https hello');
  const other = await secure(sign('other'), hello);
  expect((await failure(asked(other))).fact).toContain('an unknown authority signed');
  const sending = await secure(
    sign('sender'),
    (_request, response) => void response.writeHead(307, { location: `https://${other}/x` }).end(),
  );
  certsD(sending, { 'ca.crt': who.certificate });
  expect((await failure(asked(sending))).fact).toContain('an unknown authority signed');
});

test('a wrong password and a refusal have different messages, without the raw answer of the registry', async () => {
  const errors = JSON.stringify({
    errors: [{ code: 'MANIFEST_INVALID', message: 'manifest invalid', detail: { a: 1 } }],
  });
  const host = await listening(
    createPlain((request, response) => {
      const { authorization } = request.headers;
      if (authorization === undefined)
        return void response.writeHead(401, { 'www-authenticate': 'Basic realm="r"' }).end();
      if (!authorization.endsWith('cmlnaHQ=')) return void response.writeHead(401).end(errors);
      response.writeHead(400).end(errors);
    }),
  );
  const login = (auth: string): Environment => {
    writeFileSync(join(dir, 'config.json'), JSON.stringify({ auths: { [host]: { auth } } }));
    return { DOCKER_CONFIG: dir };
  };
  expect(await failure(asked(host))).toEqual({
    fact: 'authentication required',
    hint: `docker login ${host}, then run it again`,
  });
  expect(await failure(asked(host, login('d3Jvbmc=')))).toEqual({
    fact: `${host} rejects the password`,
    hint: `docker login ${host}, then run it again`,
  });
  expect(await failure(asked(host, login('cmlnaHQ=')))).toEqual({
    fact: `${host} answers 400: MANIFEST_INVALID: manifest invalid`,
    hint: 'see the message of the registry; correct that first, then run it again',
  });
});
