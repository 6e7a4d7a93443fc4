import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Recognizes the licenses of modules that Go trees vendor, by words of their texts that no other license has. The names
 * are those of https://spdx.org/licenses. npm has tables of names and of its own packages' metadata, but no maintained
 * package that reads a text. In doubt there is no result.
 */
const licenses: readonly { readonly id: string; readonly says: readonly RegExp[] }[] = [
  { id: 'Apache-2.0', says: [/Apache License\s+Version 2\.0, January 2004/] },
  { id: 'MPL-2.0', says: [/Mozilla Public License,? [Vv]ersion 2\.0/] },
  {
    id: 'BSD-3-Clause',
    says: [/Redistribution and use in source and binary forms/, /Neither the name|The names? of .* may not be used/],
  },
  {
    id: 'BSD-2-Clause',
    says: [
      /Redistribution and use in source and binary forms/,
      /^(?![^]*(?:Neither the name|may not be used|advertising materials))/,
    ],
  },
  {
    id: 'ISC',
    says: [
      /Permission to use, copy, modify, and(?:\/or)? distribute this software for any purpose with or without fee/,
    ],
  },
  {
    id: 'MIT',
    says: [
      /Permission is hereby granted, free of charge, to any person obtaining a copy/,
      /WITHOUT WARRANTY OF ANY KIND/,
    ],
  },
  { id: 'Unlicense', says: [/This is free and unencumbered software released into the public domain/] },
];

/** Undefined if no license matches, or more than one. */
export function licenseOf(text: string): string | undefined {
  const plain = text.replaceAll(/\s+/g, ' ');
  const found = licenses.filter(({ says }) => says.every((words) => words.test(plain)));
  return found.length === 1 ? found[0]!.id : undefined;
}

const NAMES = /^(?:licen[cs]e|copying)(?:\.(?:txt|md|rst))?$/i;

export interface Licensed {
  readonly license?: string;
  readonly copyright?: string;
}

/** The license of the texts in a directory. It has no name if a text is unknown, or if there are several licenses. */
export async function readLicense(directory: string): Promise<Licensed> {
  const names = await readdir(directory).catch(() => []);
  const texts = await Promise.all(
    names
      .filter((name) => NAMES.test(name))
      .sort()
      .map((name) => readFile(join(directory, name), 'utf8').catch(() => '')),
  );
  const found = new Set(texts.map(licenseOf));
  const [license] = found.size === 1 ? found : [];
  const copyright = [...new Set(texts.flatMap(copyrightsOf))].join('\n');
  return { ...(license === undefined ? {} : { license }), ...(copyright === '' ? {} : { copyright }) };
}

/**
 * `Copyright 2013 The Cobra Authors`. Lines about the license itself, and `[yyyy]` that nobody filled in, are left out.
 */
export const copyrightsOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim().replaceAll(/\s+/g, ' '))
    .filter(
      (line) =>
        /^(?:Portions )?Copyright (?:\(c\) |© ?)?(?:\d{4}|[A-Z@])/i.test(line) && !/[[{<]|license|notice/i.test(line),
    )
    .slice(0, 20);
