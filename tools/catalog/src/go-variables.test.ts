import { execFileSync } from 'node:child_process';
import { goCommand } from '@slipway/testing';
import { expect, test } from 'vitest';
import { changesBytes, goVariable, goVariables, isInherited } from './go-variables.ts';

const go = (...args: string[]): string => execFileSync(goCommand(), args, { encoding: 'utf8' });

test('every variable that this Go reads or prints has a row', () => {
  const printed = Object.keys(JSON.parse(go('env', '-json')) as object);
  const explained = [...go('help', 'environment').matchAll(/^\t([A-Z][A-Z0-9_]*(?:, [A-Z0-9_]+)*)$/gm)];
  const names = new Set([...printed, ...explained.flatMap(([, line]) => line!.split(', '))]);
  expect(names.size).toBeGreaterThan(60);
  expect([...names].filter((name) => goVariable(name) === undefined)).toEqual([]);
});

test('every row has a reason, and each name is in one row', () => {
  const names = goVariables.flatMap((row) => row.names);
  expect(new Set(names).size).toBe(names.length);
  expect(goVariables.every((row) => row.why !== '')).toBe(true);
});

test('a variable that Go writes into a binary or into its own keys changes bytes', () => {
  // `go version -m` of a binary, and (*Builder).buildActionID of cmd/go/internal/work.
  const ofGo = ['CGO_ENABLED', 'CGO_CFLAGS', 'CGO_LDFLAGS', 'GOARCH', 'GOOS', 'GOAMD64', 'GOEXPERIMENT', 'GOFIPS140'];
  expect(ofGo.filter((name) => !changesBytes(name))).toEqual([]);
  expect(['GOPROXY', 'GOCACHE', 'PATH', 'NIX_SSL_CERT_FILE'].filter(changesBytes)).toEqual([]);
  expect(['GOOS', 'GOROOT', 'GOBIN', 'GOTMPDIR', 'SECRET'].filter(isInherited)).toEqual([]);
});
