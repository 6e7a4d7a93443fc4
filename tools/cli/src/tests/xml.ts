export const xmlAttributes = (named: Readonly<Record<string, string | number>>): string =>
  Object.entries(named)
    .map(([name, value]) => `${name}="${xmlText(String(value)).replaceAll('\n', '&#xA;').replaceAll('\t', '&#x9;')}"`)
    .join(' ');

/** XML 1.0 cannot represent most control characters, but tests may print them. */
const UNSAYABLE = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;

export const xmlText = (text: string): string =>
  text
    .replaceAll(UNSAYABLE, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&#34;')
    .replaceAll('\r', '&#xD;');
