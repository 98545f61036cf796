/**
 * `*` and `t.*`: the columns they stand for.
 *
 * I1  `*` covers what unqualified names see; `t.*` covers one item, hidden merged columns included.
 */
import type { Expr } from '../../exec/expr.ts';
import { domainBase } from '../../types/sql-type.ts';
import type * as ast from '../ast/nodes.ts';
import { bindError } from './errors.ts';
import { bindNode } from './expressions.ts';
import type { Level, NamespaceItem, ScopeColumn } from './level.ts';
import { missingRelation } from './missing-names.ts';
import { parameterOf } from './routine-parameters.ts';
import { findRelation, ownerOf, placed } from './scope.ts';

export interface StarColumn {
  readonly name: string;
  readonly expr: Expr;
  /** Qualifier under which the column can be written, or null. */
  readonly relation: string | null;
}

/** Columns of `*`. 42601 without FROM. */
export function expandStar(level: Level, location: number): StarColumn[] {
  const items = level.namespace.filter((item) => item.columnsVisible);
  if (items.length === 0)
    throw bindError('42601', 'SELECT * with no tables specified is not valid', location);
  return items.flatMap((item) => itemColumns(level, item, location));
}

/** Columns of `a.*`, `schema.a.*`. */
export function expandQualifiedStar(level: Level, node: ast.ColumnRef): StarColumn[] {
  const [relation, schema = null] = [...node.fields].reverse() as [string, string?];
  const item = findRelation(level, schema, relation, node.location);
  if (item !== null) return itemColumns(level, item, node.location);
  const parameter = parameterOf(level, node);
  if (parameter === null) throw missingRelation(level, schema, relation, node.location);
  return rowColumns(parameter, node.location);
}

function itemColumns(level: Level, item: NamespaceItem, location: number): StarColumn[] {
  return item.columns
    .filter((column) => column.name !== '')
    .map((column) => {
      noteUse(level, column);
      const relation = item.relationVisible ? item.refname : ownerOf(level, { item, column });
      return { name: column.name, expr: placed(column.expr, location), relation };
    });
}

function noteUse(level: Level, column: ScopeColumn): void {
  if (column.relationId >= 0) level.state.uses(column.relationId, column.position);
}

/** Whether the node is `t.*` or `(row).*`, which stands for several values. */
export function isRowStar(node: ast.Expr): boolean {
  if (node.kind === 'ColumnRef') return node.star;
  return node.kind === 'A_Indirection' && node.indirection.at(-1)?.kind === 'A_Star';
}

/** `t.*` or `(row).*` as a field of ROW(...) or an argument list: its columns; null for anything else. */
export function expandRowStar(level: Level, node: ast.Expr): Expr[] | null {
  if (node.kind === 'ColumnRef' && node.star) {
    if (node.fields.length === 0)
      throw bindError('42601', 'row expansion via "*" is not supported here', node.location);
    return expandQualifiedStar(level, node).map(({ expr }) => expr);
  }
  if (node.kind === 'A_Indirection' && node.indirection.at(-1)?.kind === 'A_Star')
    return expandRowValue(level, node).map(({ expr }) => expr);
  return null;
}

/** `(expr).*`: one column per field. */
export function expandRowValue(level: Level, node: ast.A_Indirection): StarColumn[] {
  const steps = node.indirection.slice(0, -1);
  const inner: ast.Expr = steps.length === 0 ? node.arg : { ...node, indirection: steps };
  const row = bindNode(level, inner);
  return rowColumns(row, node.location);
}

function rowColumns(row: Expr, location: number): StarColumn[] {
  const { fields } = domainBase(row.type);
  if (fields === null)
    throw bindError(
      '42809',
      `column notation .* applied to type ${row.type.sqlName(-1)}, which is not a composite type`,
      location,
    );
  return fields.map(({ name, type, typmod }, field) => ({
    name,
    expr:
      row.kind === 'row'
        ? (row.fields[field] as Expr)
        : { kind: 'field', arg: row, field, type, typmod, location },
    relation: null,
  }));
}
