import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { printer } from './printer.ts';

const written = (): { readonly stream: NodeJS.WriteStream; readonly text: () => string } => {
  let all = '';
  return { stream: { write: (text: string) => (all += text) } as unknown as NodeJS.WriteStream, text: () => all };
};

test('names with line feeds add no lines to an answer', () => {
  const { stream, text } = written();
  printer(stream).lines(['WRONG   x\n14 checks passed', '\u001b[2J']);
  expect(text()).toBe('WRONG   x\\n14 checks passed\n\\x1b[2J\n');
});

test('text and JSON contain no passwords and no terminal control characters', () => {
  const { stream, text } = written();
  printer(stream).write('fetching https://me:secret@host/\u001b[8m\n');
  printer(stream).json({ url: 'https://me:secret@host', name: '\u009b' });
  expect(text()).toBe('fetching https://***@host/\\x1b[8m\n{"url":"https://***@host","name":"\\u009b"}\n');
});

/** Exceptions: a program that owns the terminal, the protocol with Go, and the error of a closed output. */
const others: Readonly<Record<string, RegExp>> = {
  'terminal.ts': /stdout/,
  'commands/gocacheprog.ts': /stdout\.write\(line\)/,
  'main.ts': /stdout\.on\('error'/,
  'run.ts': /\[process\.stdout, process\.stderr\]|process\.stderr\.isTTY/,
};

test('no other module writes to the outputs of the process', () => {
  const src = join(import.meta.dirname, '..');
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' });
  const writers = files
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'report/printer.ts')
    .flatMap((name) =>
      readFileSync(join(src, name), 'utf8')
        .split('\n')
        .filter((line) => /process\.std(?:out|err)|[^.\w]std(?:out|err)\.write|console\./.test(line))
        .filter((line) => others[name]?.test(line) !== true)
        .map((line) => `${name}: ${line.trim()}`),
    );
  expect(writers).toEqual([]);
});
