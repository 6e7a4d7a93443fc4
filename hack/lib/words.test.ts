import { expect, test } from 'vitest';
import { problemsOf } from './planted.ts';
import { words } from './words.ts';

test('a turn of phrase that slows readers is found in a message and in a document', async () => {
  const text = 'a\nX=1 has no meaning\n';
  for (const path of ['tools/model/src/failure.ts', 'docs/tests.md'])
    expect(await problemsOf(words, { [path]: text })).toEqual([expect.stringContaining(`${path}:2: "has no meaning"`)]);
});

test('a turn that slows readers of documents is found there, and a comment may have it', async () => {
  const text = 'It is told.\nWhoever asks, gets it.\n\nWhat it reads counts.\n';
  expect(await problemsOf(words, { 'tools/model/src/failure.ts': text })).toEqual([]);
  expect(await problemsOf(words, { 'docs/tests.md': text })).toEqual([
    expect.stringContaining('docs/tests.md:2: "Whoever"'),
    expect.stringContaining('docs/tests.md:1: "is told"'),
    expect.stringContaining('docs/tests.md:4: "What it"'),
  ]);
});

test('a sentence of a comment that begins with a clause is found, and other words of the code are not', async () => {
  const text = "/** What a run reads. */\nconst a = 'What a run reads';\n/**\n * Files. Of each the digest.\n */\n";
  expect(await problemsOf(words, { 'tools/model/src/a.ts': text, 'tools/x/src/a.ts': text })).toEqual([
    expect.stringContaining('tools/model/src/a.ts:1: "What a …"'),
    expect.stringContaining('tools/model/src/a.ts:4: "Of each the …"'),
  ]);
});

test('a test may quote it', async () => {
  expect(await problemsOf(words, { 'tools/model/src/failure.test.ts': 'has no meaning' })).toEqual([]);
});

test('a sentence of a document that is too long is found, and a table or a block of code is none', async () => {
  const long = Array.from({ length: 50 }, () => 'word').join(' ');
  const text = `# Title\n\n${long}.\n\n| ${long} |\n\n\`\`\`\n${long}\n\`\`\`\n`;
  expect(await problemsOf(words, { 'docs/x.md': text })).toEqual([
    expect.stringContaining('docs/x.md:3: a sentence of 50 words'),
  ]);
});
