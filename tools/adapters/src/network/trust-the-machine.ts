let trusts = false;

/**
 * Go and git trust the machine's certificates, or those of SSL_CERT_FILE and SSL_CERT_DIR, but Node has its own list.
 * Behind a company's proxy Node would fail with `self-signed certificate`. Call this before the first connection,
 * because reading the certificates takes 10 ms to a second (and loading TLS 20 ms). Afterwards this process trusts
 * both.
 */
export function trustTheMachine(): void {
  if (trusts) return;
  trusts = true;
  // Node 24.5 and newer.
  process.getBuiltinModule('node:tls').setDefaultCACertificates?.(believed());
}

/** All certificates trusted afterwards, as PEM. */
export function believed(): string[] {
  const tls = process.getBuiltinModule('node:tls');
  return [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])];
}
