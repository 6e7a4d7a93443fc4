/**
 * Text as a terminal may have it, whoever made it: what a terminal obeys and what turns the order of letters around is shown as an
 * escape, and addresses are shown without their passwords. Lines and tabs stay.
 */
export const printable = (text: string): string =>
  masked(text)
    .replaceAll('\r\n', '\n')
    .replaceAll(OBEYED, (char) => escapeOf(char));

/** The same of what is one line: nobody's name makes two of it. */
export const printableLine = (line: string): string => printable(line).replaceAll('\n', '\\n');

/** JSON that says the same and that a terminal may have: JSON itself escapes only some of it. */
export const printableJson = (value: unknown): string =>
  JSON.stringify(value, (_name, each: unknown) => (typeof each === 'string' ? masked(each) : each)).replaceAll(
    OBEYED,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** `https://user:secret@host` is shown as `https://***@host`, and `user:secret@host` as `***@host`. */
export const masked = (text: string): string =>
  text.replaceAll(USER, '$1***@').replaceAll(SLASH_IN_PASSWORD, '$1***@').replaceAll(WITHOUT_SCHEME, '***@');

/** Up to the last `@` before the path begins; of `host/@v` none. */
const USER = /(:\/\/)[^\s/?#"'<>`]*@/g;
/** Who does not encode a slash of a password has no address, but a password all the same: what follows the colon is no port. */
const SLASH_IN_PASSWORD = /(:\/\/)[^\s/?#@:"'[\]*]+:(?!\d*(?:[/?#\s"']|$))[^\s"']{0,500}@/g;
/**
 * Registries and proxies may be named without a scheme. A tag with a digest (`name:tag@sha256:…`) and a path of Windows are no
 * password. One with a slash is known by the path that follows the host.
 */
const WITHOUT_SCHEME =
  /(?<![^\s/=,;"'`<([{])[^\s/=,;:@"'`<([{]*:(?![\\/:])(?:[^\s/"'`<>]{1,500}@(?!sha\d+:)(?=[\w[])|(?!\d+\/)[^\s"'`<>]{1,500}@(?=[\w.-]+\/))/g;

/** Control characters but tab and line feed, those of C1 too, and those of direction. */
// oxlint-disable-next-line no-control-regex
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\p{Bidi_Control}\u2028\u2029]/gu;

function escapeOf(char: string): string {
  const code = char.charCodeAt(0).toString(16);
  return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
}
