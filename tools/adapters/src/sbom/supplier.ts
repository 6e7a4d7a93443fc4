import { LIBRARY } from './linked.ts';

/** Hosts on which the next part of a path names an owner. */
const SHARED = /^(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|gitea\.com|git\.sr\.ht)$/;

/**
 * Who supplies a module: whoever has the name it is fetched by, which is all that Go knows. `github.com/spf13` of
 * `github.com/spf13/cobra`, `k8s.io` of `k8s.io/api`.
 */
export function supplierOf(path: string): string {
  if (path === LIBRARY || /^golang\.org(?:\/|$)/.test(path)) return 'The Go Authors';
  const [host = '', owner] = path.split('/');
  return SHARED.test(host) && owner !== undefined ? `${host}/${owner}` : host;
}
