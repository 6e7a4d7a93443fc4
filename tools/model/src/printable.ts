/**
 * Makes untrusted text safe for a terminal. Control characters and direction characters become escapes, and passwords
 * in addresses are hidden. Lines and tabs are kept.
 */
export const printable = (text: string): string =>
  masked(text)
    .replaceAll('\r\n', '\n')
    .replaceAll(OBEYED, (char) => escapeOf(char));

/** The same for a single line: line feeds become escapes, too. */
export const printableLine = (line: string): string => printable(line).replaceAll('\n', '\\n');

/** Equivalent JSON that is safe for a terminal. JSON.stringify escapes only some control characters. */
export const printableJson = (value: unknown): string =>
  JSON.stringify(value, (_name, each: unknown) => (typeof each === 'string' ? masked(each) : each)).replaceAll(
    OBEYED,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** `https://user:secret@host` becomes `https://***@host`, and `user:secret@host` becomes `***@host`. */
export const masked = (text: string): string =>
  text.replaceAll(USER, '$1***@').replaceAll(SLASH_IN_PASSWORD, '$1***@').replaceAll(WITHOUT_SCHEME, '***@');

/** Up to the last `@` before the path. `host/@v` has no user. */
const USER = /(:\/\/)[^\s/?#"'<>`]*@/g;
/**
 * A password with an unencoded slash makes the address invalid, but must be hidden too: the text after the colon is not
 * a port.
 */
const SLASH_IN_PASSWORD = /(:\/\/)[^\s/?#@:"'[\]*]+:(?!\d*(?:[/?#\s"']|$))[^\s"']{0,500}@/g;
/**
 * Registries and proxies may have no scheme. A tag with a digest (`name:tag@sha256:…`) and a Windows path are not
 * passwords. A password with a slash is recognized by the path after the host.
 */
const WITHOUT_SCHEME =
  /(?<![^\s/=,;"'`<([{])[^\s/=,;:@"'`<([{]*:(?![\\/:])(?:[^\s/"'`<>]{1,500}@(?!sha\d+:)(?=[\w[])|(?!\d+\/)[^\s"'`<>]{1,500}@(?=[\w.-]+\/))/g;

/** Control characters except tab and line feed, C1 controls, and direction characters. */
// oxlint-disable-next-line no-control-regex
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\p{Bidi_Control}\u2028\u2029]/gu;

function escapeOf(char: string): string {
  const code = char.charCodeAt(0).toString(16);
  return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
}
