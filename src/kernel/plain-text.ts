// Text of a person as it can be kept: line breaks of one kind, and no control characters.

/** PostgreSQL keeps no NUL; the others do harm on a terminal. Tabs stay. */
// eslint-disable-next-line no-control-regex -- named in order to be left out
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f]/gu;

export function plainText(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(CONTROLS, "");
}
