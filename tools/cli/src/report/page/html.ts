import { printable, printableJson } from '@slipway/model';

/** Escaped HTML. `html` inserts only values of this type without escaping. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Value = Html | string | number | undefined | readonly (Html | string)[];

/** A template that escapes its values, joins lists, and inserts nothing for undefined. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return new Html(parts.reduce((text, part, i) => text + textOf(values[i - 1]) + part));
}

function textOf(value: Value): string {
  if (value === undefined) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(textOf).join('');
  return printable(String(value)).replaceAll(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
}

/** A sentence with paths. On a narrow screen, lines break after a slash rather than within a name. */
export const breakable = (text: string): Html =>
  html`${text.split('/').flatMap((part, i) => (i === 0 ? [part] : [slash, part]))}`;

const slash = new Html('/<wbr>');

/** JSON for a script element. No text in it can end the element. */
export const data = (value: unknown): Html => new Html(printableJson(value).replaceAll('<', '\\u003c'));
