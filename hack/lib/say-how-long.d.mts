export function sayHowLong(what: () => string): { line(line: string): void; end(): void };
