/** Environment variables by name. Absent and empty differ, as they do for make and the shell. */
export type Environment = Readonly<Record<string, string>>;

/** Variables of Go's garbage collector. */
export const goCollectorNames = ['GOGC', 'GOMEMLIMIT'] as const;
