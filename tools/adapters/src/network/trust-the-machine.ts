let trusts = false;

/**
 * Go and git believe whom the machine believes, or SSL_CERT_FILE and SSL_CERT_DIR name; Node believes a list of its own. Behind a
 * company's proxy that is the difference between a download and `self-signed certificate`. Call it before the first connection
 * that needs it, as reading them takes 10 ms to a second (and loading TLS 20 ms); from then on this process believes both.
 */
export function trustTheMachine(): void {
  if (trusts) return;
  trusts = true;
  // Node 24.5 and newer.
  process.getBuiltinModule('node:tls').setDefaultCACertificates?.(believed());
}

/** Certificates of everybody who is believed then, as PEM. */
export function believed(): string[] {
  const tls = process.getBuiltinModule('node:tls');
  return [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])];
}
