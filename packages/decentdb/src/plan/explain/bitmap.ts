/** A bitmap condition as EXPLAIN shows it: the tree of sets below the scan, in PostgreSQL's words. */
import type { IndexDef, TableDef } from '../../catalog/schema.ts';
import type { KeyRange, TrigramCondition } from '../../exec/physical.ts';
import type { Names } from './expr-text.ts';

/** A line below a node that is no operator of its own. */
export interface DescribedPart {
  readonly title: string;
  readonly index: string | null;
  readonly condition: string | null;
  readonly parts: readonly DescribedPart[];
}

/** How conditions of leaves are written. */
export interface ConditionTexts {
  search(condition: TrigramCondition, table: TableDef, names: Names): string;
  range(range: KeyRange, columns: readonly string[], names: Names): string;
}

export function keyNames(table: TableDef, index: IndexDef | null): readonly string[] {
  if (index === null) return [table.columns[table.rowIdColumn]?.name ?? 'ctid'];
  return index.keys.map((k) =>
    k.column >= 0 ? (table.columns[k.column]?.name ?? '?') : `(${k.expressionSql})`,
  );
}

export function bitmapPart(
  condition: TrigramCondition,
  table: TableDef,
  names: Names,
  texts: ConditionTexts,
): DescribedPart {
  switch (condition.kind) {
    case 'match':
      return {
        title: 'Bitmap Index Scan',
        index: condition.index.name,
        condition: texts.search(condition, table, names),
        parts: [],
      };
    case 'range': {
      const { index } = condition;
      const columns = keyNames(table, index);
      return {
        title: index === null ? 'Bitmap Row Id Scan' : 'Bitmap Index Scan',
        index: index?.name ?? null,
        condition: condition.ranges.map((one) => texts.range(one, columns, names)).join(' OR '),
        parts: [],
      };
    }
    default:
      return {
        title: condition.kind === 'all' ? 'BitmapAnd' : 'BitmapOr',
        index: null,
        condition: null,
        parts: condition.parts.map((part) => bitmapPart(part, table, names, texts)),
      };
  }
}

/** Lines of text, as those of operators but without costs. */
export function partLines(part: DescribedPart, indent: number): readonly string[] {
  const on = part.index === null ? '' : ` on ${part.index}`;
  const below = indent + 6;
  return [
    `${' '.repeat(indent)}->  ${part.title}${on}`,
    ...(part.condition === null ? [] : [`${' '.repeat(below)}Index Cond: ${part.condition}`]),
    ...part.parts.flatMap((one) => partLines(one, below)),
  ];
}

export function partJson(part: DescribedPart): Record<string, unknown> {
  return {
    'Node Type': part.title,
    ...(part.index === null ? {} : { 'Index Name': part.index }),
    ...(part.condition === null ? {} : { 'Index Cond': part.condition }),
    ...(part.parts.length === 0 ? {} : { Plans: part.parts.map(partJson) }),
  };
}
