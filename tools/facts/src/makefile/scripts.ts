import { readFileSync } from 'node:fs';

// What make is asked with; files of their own, so that shellcheck reads them.
export const probe = (): string => readFileSync(new URL('./make-probe.sh', import.meta.url), 'utf8');
export const programs = (): string => readFileSync(new URL('./make-programs.sh', import.meta.url), 'utf8');
