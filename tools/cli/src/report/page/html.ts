import { printable, printableJson } from '@slipway/model';

/** Text of a page; what is put into `html` unescaped must be of this type. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Value = Html | string | number | undefined | readonly (Html | string)[];

/** A template whose values are escaped, lists joined, and nothing for undefined. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(parts.reduce((text, part, i) => text + textOf(values[i - 1]) + part));
}

function textOf(value: Value): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(textOf).join('');
  return printable(String(value)).replaceAll(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
}

/** A sentence with paths in it: on a narrow screen lines end behind a slash rather than within a name. */
export const breakable = (text: string): Html =>
  html`${text.split('/').flatMap((part, i) => (i === 0 ? [part] : [slash, part]))}`;

const slash = new Html('/<wbr>');

/** JSON inside a script element: no text of it may end the element. */
export const data = (value: unknown): Html => new Html(printableJson(value).replaceAll('<', '\\u003c'));
