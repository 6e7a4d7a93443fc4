import { LIBRARY } from './linked.ts';

/** Hosts whose next part of a path names an owner. */
const SHARED = /^(?:github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|gitea\.com|git\.sr\.ht)$/;

/**
 * The supplier of a module: the owner of the name by which it is fetched, because Go knows no more. `github.com/spf13`
 * of `github.com/spf13/cobra`, `k8s.io` of `k8s.io/api`.
 */
export function supplierOf(path: string): string {
  if (path === LIBRARY || /^golang\.org(?:\/|$)/.test(path)) return 'The Go Authors';
  const [host = '', owner] = path.split('/');
  return SHARED.test(host) && owner !== undefined ? `${host}/${owner}` : host;
}
