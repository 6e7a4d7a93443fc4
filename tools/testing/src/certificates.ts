import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { whyWithout } from './machine-programs.ts';

export interface Certificate {
  /** Paths of PEM files. */
  readonly certificate: string;
  readonly key: string;
}

/**
 * An unknown authority that signs certificates for 127.0.0.1; both sides of a connection can show them. `why` is the
 * reason if there are none.
 */
export function makeAuthority(
  directory: string,
): { readonly authority: Certificate; sign(name: string): Certificate } | { readonly why: string } {
  const why = whyWithout('openssl');
  if (why !== undefined) return { why };
  const make = (name: string, ...more: readonly string[]): Certificate => {
    const made = { certificate: join(directory, `${name}.pem`), key: join(directory, `${name}.key`) };
    const files = ['-keyout', made.key, '-out', made.certificate];
    const how = [
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-days',
      '2',
      '-subj',
      `/CN=${name}`,
    ];
    execFileSync('openssl', ['req', '-x509', ...how, ...files, ...more], { stdio: 'ignore' });
    return made;
  };
  const authority = make('authority');
  const signed = [
    ...['-CA', authority.certificate, '-CAkey', authority.key],
    ...['subjectAltName=IP:127.0.0.1', 'basicConstraints=critical,CA:FALSE', 'extendedKeyUsage=serverAuth,clientAuth'],
  ].flatMap((word) => (word.includes('=') ? ['-addext', word] : [word]));
  return { authority, sign: (name) => make(name, ...signed) };
}
