/**
 * Finding what a column name means: one, two or three names, from the innermost query outwards.
 *
 * I1  At one level a name must be unambiguous; the first level that has it wins.
 *     Columns that came later than the stored query being bound are looked at last (level.ts, isLater).
 * I2  Every hit records the use (dependencies) and reports to the recorder.
 */
import type { Expr } from '../../exec/expr.ts';
import type * as ast from '../ast/nodes.ts';
import { columnRefusal } from './clauses.ts';
import { bindError } from './errors.ts';
import type { Level, NamespaceItem, ScopeColumn } from './level.ts';
import { missingColumn, missingRelation } from './missing-names.ts';

/** What a column reference turned out to be. */
export type Resolved =
  | { readonly kind: 'column'; readonly expr: Expr }
  | { readonly kind: 'row'; readonly item: NamespaceItem }
  /** `item.name` is no column: perhaps the function `name(item)`. */
  | { readonly kind: 'attribute'; readonly item: NamespaceItem; readonly name: string };

/** Resolves a reference without `*`. */
export function resolveColumnRef(level: Level, node: ast.ColumnRef): Resolved {
  const refusal = columnRefusal(level.kind);
  if (refusal !== null) throw bindError('0A000', refusal, node.location);
  const [first, second, third, fourth] = node.fields as [string, string?, string?, string?];
  if (second === undefined) return resolveUnqualified(level, node, first);
  if (third === undefined) return resolveQualified(level, node, null, first, second);
  if (fourth === undefined) return resolveQualified(level, node, first, second, third);
  if (node.fields.length > 4)
    throw bindError(
      '42601',
      `improper qualified name (too many dotted names): ${node.fields.join('.')}`,
      node.location,
    );
  return resolveQualified(level, node, second, third, fourth);
}

function resolveUnqualified(level: Level, node: ast.ColumnRef, name: string): Resolved {
  const found = findColumn(level, name, node.location);
  if (found !== null) {
    noteOwner(level, node, found);
    return { kind: 'column', expr: use(level, node, found.column) };
  }
  const item = findRelation(level, null, name, node.location);
  if (item !== null) return { kind: 'row', item };
  throw missingColumn(level, null, name, node.location);
}

/** Tells the recorder whose column a bare name is, where there are several relations. */
function noteOwner(level: Level, node: ast.ColumnRef, found: Found): void {
  const { recorder } = level.state;
  if (recorder?.unqualified === undefined) return;
  const owner = ownerOf(level, found);
  if (owner !== null) recorder.unqualified(node, owner);
}

/** The name by which a column's relation is found; null where there is but one relation, or none has that name for itself. */
export function ownerOf(level: Level, found: Found): string | null {
  let owner: NamespaceItem | null = null;
  const visible: NamespaceItem[] = [];
  for (let at: Level | null = level; at !== null; at = at.parent)
    for (const item of at.namespace) {
      if (!item.relationVisible) continue;
      visible.push(item);
      if (owner === null && isOwner(item, found)) owner = item;
    }
  if (owner === null || visible.length < 2) return null;
  const { refname } = owner;
  return visible.some((item) => item !== owner && item.refname === refname) ? null : refname;
}

/** Whether the column is one of the item's own; a join with merged columns shows those of its sides too. */
function isOwner(item: NamespaceItem, { item: where, column }: Found): boolean {
  if (item === where) return true;
  if (where.relationVisible || column.expr.kind !== 'column') return false;
  const { id } = column.expr;
  return item.columns.some(
    ({ name, expr }) => name === column.name && expr.kind === 'column' && expr.id === id,
  );
}

function resolveQualified(
  level: Level,
  node: ast.ColumnRef,
  schema: string | null,
  relation: string,
  name: string,
): Resolved {
  const item = findRelation(level, schema, relation, node.location);
  if (item === null) throw missingRelation(level, schema, relation, node.location);
  const column = columnOf(item, name, node.location);
  if (column === null) return { kind: 'attribute', item, name };
  return { kind: 'column', expr: use(level, node, column) };
}

/** The error for a qualified name that is neither column nor function. */
export function noSuchAttribute(level: Level, node: ast.ColumnRef, item: NamespaceItem, name: string): Error {
  const relation = node.fields.at(-2) ?? item.refname;
  return missingColumn(level, relation, name, node.location);
}

export interface Found {
  readonly item: NamespaceItem;
  readonly column: ScopeColumn;
}

/** The column an unqualified name means, or null. Throws 42702. */
export function findColumn(level: Level, name: string, location: number): Found | null {
  const found = findAmong(level, name, location, false);
  return found === null && level.state.known !== null ? findAmong(level, name, location, true) : found;
}

function findAmong(level: Level, name: string, location: number, isLater: boolean): Found | null {
  for (let at: Level | null = level; at !== null; at = at.parent) {
    let found: Found | null = null;
    for (const item of at.namespace) {
      if (!item.columnsVisible || (item.lateralOnly && !at.lateralActive)) continue;
      const column = columnOf(item, name, location);
      if (column === null || (column.isLater === true) !== isLater) continue;
      if (found !== null) throw bindError('42702', `column reference "${name}" is ambiguous`, location);
      checkLateral(item, location);
      found = { item, column };
    }
    if (found !== null) return found;
  }
  return null;
}

/** The column of one item by name; 42702 when the item has two of that name. */
export function columnOf(item: NamespaceItem, name: string, location: number): ScopeColumn | null {
  let found: ScopeColumn | null = null;
  for (const column of item.columns) {
    if (column.name !== name || (found !== null && column.isLater === true)) continue;
    if (found !== null && found.isLater !== true)
      throw bindError('42702', `column reference "${name}" is ambiguous`, location);
    found = column;
  }
  if (found === null && item.systemColumn !== null) {
    const expr = item.systemColumn(name);
    if (expr !== null) return { name, expr, relationId: -1, position: -1 };
  }
  return found;
}

/** The range-table entry a qualifier means, or null. Throws 42P09. */
export function findRelation(
  level: Level,
  schema: string | null,
  name: string,
  location: number,
): NamespaceItem | null {
  for (let at: Level | null = level; at !== null; at = at.parent) {
    let found: NamespaceItem | null = null;
    for (const item of at.namespace) {
      if (!item.relationVisible || item.refname !== name) continue;
      if (item.lateralOnly && !at.lateralActive) continue;
      if (schema !== null && !(item.isUnaliased && item.relationSchema === schema)) continue;
      if (found !== null) throw bindError('42P09', `table reference "${name}" is ambiguous`, location);
      checkLateral(item, location);
      found = item;
    }
    if (found !== null) return found;
  }
  return null;
}

function checkLateral(item: NamespaceItem, location: number): void {
  if (!item.lateralOnly || item.lateralOk) return;
  throw bindError('42P10', `invalid reference to FROM-clause entry for table "${item.refname}"`, location, {
    detail: 'The combining JOIN type must be INNER or LEFT for a LATERAL reference.',
  });
}

/** A reference to a found column, placed and recorded. */
export function use(level: Level, node: ast.ColumnRef, column: ScopeColumn): Expr {
  const { state } = level;
  if (column.relationId >= 0) {
    state.uses(column.relationId, column.position);
    state.recorder?.column(node, column.relationId, column.position);
  }
  return placed(column.expr, node.location);
}

/** The same expression at another place of the text. */
export function placed(expr: Expr, location: number): Expr {
  return expr.kind === 'column' ? { ...expr, location } : expr;
}

/** Adds items to the namespace; duplicates of a name are refused (42712). */
export function addToNamespace(level: Level, items: readonly NamespaceItem[], location: number): void {
  checkNameConflicts(level.namespace, items, location);
  level.namespace.push(...items);
}

/** 42712 when a visible relation name occurs in both lists (unless both are unaliased tables of different schemas). */
export function checkNameConflicts(
  left: readonly NamespaceItem[],
  right: readonly NamespaceItem[],
  _location: number,
): void {
  for (const one of left) {
    if (!one.relationVisible) continue;
    for (const other of right) {
      if (!other.relationVisible || one.refname !== other.refname) continue;
      const bothTables = one.isUnaliased && other.isUnaliased && one.relationName !== null;
      if (bothTables && one.relationSchema !== other.relationSchema) continue;
      throw bindError('42712', `table name "${other.refname}" specified more than once`, -1);
    }
  }
}
