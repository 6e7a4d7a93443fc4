import { readFileSync } from 'node:fs';

// The probe for make, in separate files so that shellcheck reads them.
export const probe = (): string => readFileSync(new URL('./make-probe.sh', import.meta.url), 'utf8');
export const programs = (): string => readFileSync(new URL('./make-programs.sh', import.meta.url), 'utf8');
