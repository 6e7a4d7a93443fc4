import { readFileSync } from 'node:fs';

// The bash probes, in separate files so that shellcheck reads them.
export const probe = (): string => readFileSync(new URL('./probe.sh', import.meta.url), 'utf8');
export const releaseProbe = (): string => readFileSync(new URL('./release-probe.sh', import.meta.url), 'utf8');
export const testProbe = (): string => readFileSync(new URL('./test-probe.sh', import.meta.url), 'utf8');
export const checksProbe = (): string => readFileSync(new URL('./checks-probe.sh', import.meta.url), 'utf8');
