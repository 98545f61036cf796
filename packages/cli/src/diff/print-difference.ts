/** A difference for people, and as JSON. */
import type { Terminal } from '../terminal.ts';
import type { Difference, ObjectChange, RowsOfTable } from './compare.ts';
import type { TextRow } from './row-changes.ts';
import type { ColumnFacts } from './table-facts.ts';

type Mark = '-' | '+' | '~';
const STYLES = { '-': 'red', '+': 'green', '~': 'yellow' } as const;

const markOf = ({ a, b }: { readonly a: unknown; readonly b: unknown }): Mark =>
  a === null ? '+' : b === null ? '-' : '~';

export function printDifference({ objects, rows }: Difference, terminal: Terminal): void {
  const line = (mark: Mark, text: string, indent = ''): void => {
    for (const part of text.split('\n'))
      terminal.out(`${indent}${terminal.paint(STYLES[mark], `${mark} ${part}`)}\n`);
  };
  for (const change of objects) {
    line(markOf(change), titleOf(change));
    if (change.a === null || change.b === null) continue;
    for (const { a, b } of change.columns)
      line(
        markOf({ a, b }),
        `column ${a === null || b === null ? columnText((a ?? b)!) : `${columnText(a)} -> ${columnText(b)}`}`,
        '    ',
      );
    if (change.columns.length > 0) continue;
    line('-', change.a.trim(), '    ');
    line('+', change.b.trim(), '    ');
  }
  for (const table of rows) printRows(table, terminal, line);
}

function titleOf({ kind, name, relation }: ObjectChange): string {
  const short = name.length > 200 ? `${name.slice(0, 200)}...` : name;
  const isWithin = /^(constraint|foreign key|index|trigger|trigger state)$/.test(kind);
  if (kind === 'grant' || kind === 'other') return short;
  return isWithin ? `${kind} ${short} on ${relation}` : `${kind} ${short}`;
}

function columnText({
  name,
  type,
  notNull,
  expression,
  generated,
  identity,
  collation,
}: ColumnFacts): string {
  let text = `${name} ${type}`;
  if (collation !== null) text += ` collate ${collation}`;
  if (generated !== '') text += ` generated as ${expression}`;
  else if (expression !== null) text += ` default ${expression}`;
  if (identity !== '') text += ` identity ${identity === 'a' ? 'always' : 'by default'}`;
  return notNull ? `${text} not null` : text;
}

function printRows(
  table: RowsOfTable,
  terminal: Terminal,
  line: (mark: Mark, text: string, indent?: string) => void,
): void {
  const { relation, columns, key, onlyInA, onlyInB, changed, changes } = table;
  terminal.out(
    `rows of ${relation}: ${onlyInA} only in the first, ${onlyInB} only in the second, ${changed} changed\n`,
  );
  const keyOf = (row: TextRow): string =>
    key.map((name) => `${name} = ${shown(row[columns.indexOf(name)] ?? null)}`).join(', ');
  for (const { a, b } of changes) {
    if (a === null || b === null) line(markOf({ a, b }), `(${(a ?? b)!.map(shown).join(', ')})`, '    ');
    else {
      const parts = columns.flatMap((name, i) =>
        a[i] === b[i] ? [] : [`${name} ${shown(a[i]!)} -> ${shown(b[i]!)}`],
      );
      line('~', `${keyOf(a)}: ${parts.join(', ')}`, '    ');
    }
  }
  const rest = onlyInA + onlyInB + changed - changes.length;
  if (rest > 0 && changes.length > 0) terminal.out(`    and ${rest} more\n`);
}

function shown(value: string | null): string {
  if (value === null) return 'NULL';
  const short = value.length > 60 ? `${value.slice(0, 60)}...` : value;
  return `'${short.replaceAll('\n', '\\n')}'`;
}

/** Columns by name; rows as objects of text. */
export function differenceJson({ objects, rows }: Difference): object {
  const named = (columns: readonly string[], row: TextRow | null): object | null =>
    row === null ? null : Object.fromEntries(columns.map((name, i) => [name, row[i] ?? null]));
  return {
    same: objects.length === 0 && rows.length === 0,
    objects,
    rows: rows.map(({ changes, columns, ...one }) => ({
      ...one,
      changes: changes.map(({ a, b }) => ({ a: named(columns, a), b: named(columns, b) })),
    })),
  };
}
