/**
 * How PostgreSQL makes up names of constraints, indexes and sequences: `table_column_suffix`, shortened to 63 bytes.
 *
 * I1  Names are cut between characters, never inside one.
 */

/** Longest identifier, in bytes of UTF-8. */
export const IDENTIFIER_BYTES_MAX = 63;

/** UTF-8 length of a text, without encoding it. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) bytes += 1;
    else if (unit < 0x800) bytes += 2;
    else if (unit >= 0xd800 && unit < 0xdc00) {
      bytes += 4;
      i++;
    } else bytes += 3;
  }
  return bytes;
}

/** The longest prefix of whole characters that takes at most `bytesMax` bytes. */
export function clipToBytes(text: string, bytesMax: number): string {
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += utf8Length(character);
    if (bytes > bytesMax) return text.slice(0, end);
    end += character.length;
  }
  return text;
}

/** `name1_name2_label`, the longer of the first two cut first (PostgreSQL's makeObjectName). */
export function makeObjectName(name1: string, name2: string | null, label: string | null): string {
  let overhead = 0;
  if (name2 !== null) overhead += 1;
  if (label !== null) overhead += utf8Length(label) + 1;
  const room = IDENTIFIER_BYTES_MAX - overhead;
  let bytes1 = utf8Length(name1);
  let bytes2 = name2 === null ? 0 : utf8Length(name2);
  while (bytes1 + bytes2 > room) {
    if (bytes1 > bytes2) bytes1--;
    else bytes2--;
  }
  let name = clipToBytes(name1, bytes1);
  if (name2 !== null) name += `_${clipToBytes(name2, bytes2)}`;
  if (label !== null) name += `_${label}`;
  return name;
}

/** The first of `name1_name2_label`, `..._label1`, `..._label2`, ... that is not taken. */
export function chooseName(
  name1: string,
  name2: string | null,
  label: string,
  isTaken: (name: string) => boolean,
): string {
  let name = makeObjectName(name1, name2, label);
  for (let pass = 1; isTaken(name); pass++) name = makeObjectName(name1, name2, `${label}${pass}`);
  return name;
}

/** Column names joined by `_` for an index or constraint name, as ChooseIndexNameAddition does. */
export function joinColumnNames(columns: readonly string[]): string {
  let joined = '';
  for (const name of columns) {
    if (joined !== '') joined += '_';
    joined += name;
    if (utf8Length(joined) >= IDENTIFIER_BYTES_MAX + 1) break;
  }
  return clipToBytes(joined, IDENTIFIER_BYTES_MAX);
}
