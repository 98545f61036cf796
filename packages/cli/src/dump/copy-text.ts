/** Rows in COPY's text format, and as INSERT statements. */

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

/** A field as COPY writes it. */
export function copyText(value: string | null): string {
  return value === null
    ? '\\N'
    : value.replace(/[\\\x08-\x0d]/g, (character) => ESCAPES[character] ?? character);
}

/** A value as a literal; PostgreSQL takes it for whatever type the column has. */
export function sqlLiteral(value: string | null): string {
  if (value === null) return 'NULL';
  return `'${value.replaceAll("'", "''")}'`;
}
