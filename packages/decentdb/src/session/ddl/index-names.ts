/**
 * The names PostgreSQL gives an index nobody named: its columns', those that ride along too, and `label`.
 *
 * I1  An expression counts as the function or the column it is about, else as `expr`; a name met again gets a number.
 */
import { joinColumnNames } from '../../catalog/names.ts';
import type { IndexDef } from '../../catalog/schema.ts';
import { indexColumnNameOf } from '../../sql/bind/column-names.ts';
import { parseExpression } from '../../sql/parse/parse.ts';
import type { TableDraft } from './table-draft.ts';

/** The names of an index's columns in order, each once. */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((base) => {
    let name = base;
    for (let i = 1; taken.has(name); i++) name = `${base}${i}`;
    taken.add(name);
    return name;
  });
}

/** A name for an index made after another's likeness, its columns those of the draft. */
export function chooseCopyName(draft: TableDraft, index: Pick<IndexDef, 'keys' | 'include'>): string {
  const nameOf = (column: number): string => draft.columns[column]?.name ?? '';
  const keys = index.keys.map(({ column, expressionSql }) =>
    column >= 0
      ? nameOf(column)
      : ((expressionSql === null ? null : indexColumnNameOf(parseExpression(expressionSql))) ?? 'expr'),
  );
  return draft.chooseName(joinColumnNames(distinctNames([...keys, ...index.include.map(nameOf)])), 'idx');
}
