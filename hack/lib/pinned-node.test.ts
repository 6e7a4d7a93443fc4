import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkIntegrity } from './pinned-node.ts';

test('a Node with other bytes than package-lock.json names is refused, and so is one without a hash', () => {
  const place = mkdtempSync(join(tmpdir(), 'slipway-node-'));
  try {
    const file = join(place, 'node.tgz');
    writeFileSync(file, 'right');
    const integrity = `sha512-${createHash('sha512').update('right').digest('base64')}`;
    expect(() => checkIntegrity(file, integrity)).not.toThrow();
    writeFileSync(file, 'wrong');
    expect(() => checkIntegrity(file, integrity)).toThrow('package-lock.json');
    expect(() => checkIntegrity(file, '')).toThrow('package-lock.json');
  } finally {
    rmSync(place, { recursive: true });
  }
});
