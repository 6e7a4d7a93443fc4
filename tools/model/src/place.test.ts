import { describe, expect, test } from 'vitest';
import { placeOf } from './place.ts';

test('a person can read the id in its place', () => {
  expect(placeOf('vet:staging/src/k8s.io/api')).toBe('vet_3astaging_2fsrc_2fk8s.io_2fapi');
});

describe('two ids have two places', () => {
  const long = 'x'.repeat(200);
  const ids = [
    ...[
      'a-b',
      'a/b',
      'a:b',
      'a_b',
      'a+b',
      'a b',
      'a--b',
      'a_2fb',
      'a',
      'A',
      'á',
      'à',
      '_',
      '__',
      '',
      '.',
      '..',
      './',
      '%',
    ],
    ...['\u0100', '_u0100', '\u00100', '\ud800', '\udfff', '\ufffd', '\n'],
    ...[long, `${long}x`, `${long}/`, `${long}+`, `${long}+/x`, `/${long}`, long + long, `${long}${long}x`],
  ];
  const places = ids.map((id) => placeOf(id).toLowerCase());

  test('two ids have two places on a file system that ignores case', () => {
    expect(new Set(places).size).toBe(ids.length);
  });

  test('no place is inside another place', () => {
    for (const [index, place] of places.entries())
      expect(places.filter((other, at) => at !== index && `${other}/`.startsWith(`${place}/`))).toEqual([]);
  });

  test('a place is a path that every file system accepts', () => {
    for (const name of places.flatMap((place) => place.split('/'))) {
      expect(name).toMatch(/^[a-z0-9._+-]+$/);
      expect(name).not.toMatch(/^\.{1,2}$/);
      expect(name.length).toBeLessThanOrEqual(240);
    }
  });
});
