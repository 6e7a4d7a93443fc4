import { expect, test } from 'vitest';
import { fits, wantedGo } from './wanted.ts';

const pinned = { version: '1.21.7', exact: true, from: '.go-version' };
const atLeast = { version: '1.21', exact: false, from: 'go.mod' };
const forced = { FORCE_HOST_GO: 'y' };

test.each([
  {
    requirement: pinned,
    expected: { kind: 'version', version: '1.21.7', exact: true, from: '.go-version', mayDownload: true },
  },
  {
    requirement: atLeast,
    expected: { kind: 'version', version: '1.21.0', exact: false, from: 'go.mod', mayDownload: true },
  },
  {
    requirement: undefined,
    expected: { kind: 'version', version: undefined, exact: false, from: 'this tree', mayDownload: true },
  },
  { requirement: pinned, variables: forced, expected: { kind: 'host', from: 'FORCE_HOST_GO' } },
  { requirement: pinned, variables: { FORCE_HOST_GO: '' }, expected: { version: '1.21.7' } },
  { requirement: pinned, gotoolchain: 'auto', variables: forced, expected: { kind: 'host', from: 'FORCE_HOST_GO' } },
  { requirement: pinned, gotoolchain: '', expected: { version: '1.21.7' } },
  { requirement: pinned, gotoolchain: 'local', expected: { kind: 'host', from: 'GOTOOLCHAIN=local' } },
  {
    requirement: pinned,
    gotoolchain: 'go1.20.1',
    variables: forced,
    expected: { version: '1.20.1', exact: true, from: 'GOTOOLCHAIN=go1.20.1' },
  },
  { requirement: atLeast, gotoolchain: 'go1.20.1+auto', expected: { version: '1.21.0', exact: false, from: 'go.mod' } },
  {
    requirement: atLeast,
    gotoolchain: 'go1.22.1+auto',
    expected: { version: '1.22.1', exact: false, from: 'GOTOOLCHAIN=go1.22.1+auto' },
  },
  { requirement: pinned, gotoolchain: 'path', expected: { version: '1.21.7', mayDownload: false } },
  { requirement: pinned, gotoolchain: 'local+auto', expected: { version: '1.21.7', mayDownload: true } },
])(
  '$requirement.version, GOTOOLCHAIN=$gotoolchain, $variables',
  ({ requirement, gotoolchain, variables, expected }) => {
    const env = gotoolchain === undefined ? {} : { GOTOOLCHAIN: gotoolchain };
    expect(wantedGo({ requirement, variables: variables ?? {}, env })).toMatchObject(expected);
  },
);

test('an invalid GOTOOLCHAIN is refused', () => {
  expect(() => wantedGo({ requirement: undefined, variables: {}, env: { GOTOOLCHAIN: 'latest' } })).toThrow(
    'invalid value for GOTOOLCHAIN: latest',
  );
});

test.each([
  ['1.21.7', true, true],
  ['1.21.8', true, false],
  ['1.21.8', false, true],
  ['1.21.6', false, false],
  ['devel go1.22-abc', false, true],
  ['devel go1.22-abc', true, false],
])('%s for 1.21.7, exact: %s → %s', (version, exact, expected) => {
  expect(fits(version, { kind: 'version', version: '1.21.7', exact, from: '', mayDownload: true })).toBe(expected);
});
