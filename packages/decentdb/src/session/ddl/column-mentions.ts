/** Whether a stored expression uses a column of its table: names in it are the table's columns and nothing else. */
import type { TableDef } from '../../catalog/schema.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { parseExpression } from '../../sql/parse/parse.ts';

export function mentionsColumn(sql: string, name: string): boolean {
  let found = false;
  const visit = (node: unknown): void => {
    if (found || typeof node !== 'object' || node === null) return;
    const at = node as Partial<ast.ColumnRef>;
    if (at.kind === 'ColumnRef' && at.fields?.at(-1) === name) found = true;
    for (const child of Array.isArray(node) ? node : Object.values(node)) visit(child);
  };
  visit(parseExpression(sql));
  return found;
}

/** Whether a table is partitioned by the column, or by an expression with it. */
export function partitionKeyUses({ partitionKey, columns }: TableDef, name: string): boolean {
  return (
    partitionKey?.parts.some((part) =>
      part.expressionSql === null
        ? columns[part.column]?.name === name
        : mentionsColumn(part.expressionSql, name),
    ) === true
  );
}
