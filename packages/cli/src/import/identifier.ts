/** Names of tables and columns made from file names and headers, and their spelling in SQL. */
import { basename, extname } from 'node:path';

/** A name as SQL text: quoted always, so that no word is reserved and no letter folded. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `Order Date (UTC)` becomes `order_date_utc`: a name that needs no quotes in a query. */
export function plainName(text: string, fallback: string): string {
  const plain = text
    .trim()
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');
  if (plain === '') return fallback;
  return /^\p{N}/u.test(plain) ? `_${plain}` : plain;
}

/** A table's name from a file's. */
export function tableNameOf(path: string): string {
  return plainName(basename(path, extname(path)), 'imported');
}

/** Column names from a header; one that comes twice gets a number. */
export function columnNames(header: readonly (string | null)[], keepNames: boolean): string[] {
  const taken = new Set<string>();
  return header.map((text, at) => {
    const base = keepNames && text !== null && text !== '' ? text : plainName(text ?? '', `column_${at + 1}`);
    let name = base;
    for (let n = 2; taken.has(name); n++) name = `${base}_${n}`;
    taken.add(name);
    return name;
  });
}
