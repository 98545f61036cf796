/**
 * What a partition's bound asks of a row, as an expression: for its own check, for routing, and for pruning.
 *
 * I1  It is true or false, never NULL: a row without a key belongs where a list names NULL, or to the default partition.
 * I2  Columns are found by name, so the same bound is bound over rows of the partitioned table and over those of its partitions.
 */
import type { Catalog } from '../../catalog/catalog.ts';
import { childrenOf, partitionedParent } from '../../catalog/family.ts';
import {
  boundValue,
  type PartitionBound,
  type PartitionKey,
  type PartitionKeyPart,
  type RangeEdge,
} from '../../catalog/partitioning.ts';
import type { TableDef } from '../../catalog/schema.ts';
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type { PartitionRouting } from '../../exec/physical.ts';
import { partitionTest } from '../../functions/hash-functions.ts';
import { boolType } from '../../types/bool-type.ts';
import { int4Type } from '../../types/integer-types.ts';
import { Oid } from '../../types/oids.ts';
import { builtinType } from '../../types/registry.ts';
import { constant } from './constants.ts';
import { Level } from './level.ts';
import { operatorCall } from './operators.ts';
import type { BindState } from './state.ts';

const BOOLEAN = { type: boolType, typmod: -1, location: -1 } as const;

/** Binds a key's expression over the row. */
export type BindOverRow = (table: TableDef, row: readonly ColumnId[], sql: string) => Expr;

interface Row {
  readonly state: BindState;
  readonly table: TableDef;
  readonly row: readonly ColumnId[];
  readonly bind: BindOverRow;
}

/** The key of partitioned table `owner`, over a row of `over`. */
function keyExprs(over: Row, owner: TableDef, key: PartitionKey): readonly Expr[] {
  return key.parts.map((part) => {
    if (part.expressionSql !== null) return over.bind(over.table, over.row, part.expressionSql);
    const name = owner.columns[part.column]?.name;
    const position = over.table.columns.findIndex((column) => column.name === name && !column.isDropped);
    const { type, typmod } = over.table.columns[position] ?? { type: part.type, typmod: -1 };
    return { kind: 'column', id: over.row[position] as ColumnId, type, typmod, location: -1 };
  });
}

function and(args: readonly Expr[]): Expr {
  const parts = args.filter((arg) => !isConstant(arg, true));
  const [only] = parts;
  if (only === undefined) return constant(true, boolType, -1);
  return parts.length === 1 ? only : { kind: 'and', args: parts, ...BOOLEAN };
}

function or(args: readonly Expr[]): Expr {
  const parts = args.filter((arg) => !isConstant(arg, false));
  const [only] = parts;
  if (only === undefined) return constant(false, boolType, -1);
  if (parts.some((arg) => isConstant(arg, true))) return constant(true, boolType, -1);
  return parts.length === 1 ? only : { kind: 'or', args: parts, ...BOOLEAN };
}

function isConstant(expr: Expr, value: boolean): boolean {
  return expr.kind === 'const' && expr.value === value;
}

function isNull(arg: Expr, negated: boolean): Expr {
  return { kind: 'isNull', arg, negated, isRow: false, ...BOOLEAN };
}

function compare(over: Row, symbol: string, key: Expr, value: string, part: PartitionKeyPart): Expr {
  const right = constant(boundValue(value, part.type), part.type, -1);
  return operatorCall(new Level(over.state, null), [symbol], key, right, -1);
}

/** The key is not before `edges` (`symbol` >), or before them (`symbol` <). */
function beside(
  over: Row,
  key: PartitionKey,
  keys: readonly Expr[],
  edges: readonly RangeEdge[],
  symbol: '>' | '<',
): Expr {
  const from = (i: number): Expr => {
    const edge = edges[i];
    const part = key.parts[i];
    // The same key is behind the lower end, and not before the upper one.
    if (edge === undefined || part === undefined) return constant(symbol === '>', boolType, -1);
    if (edge.edge !== 'value') return constant((edge.edge === 'min') === (symbol === '>'), boolType, -1);
    const at = keys[i] as Expr;
    if (i === key.parts.length - 1) return compare(over, symbol === '>' ? '>=' : '<', at, edge.value, part);
    const same = compare(over, '=', at, edge.value, part);
    return or([compare(over, symbol, at, edge.value, part), and([same, from(i + 1)])]);
  };
  return from(0);
}

function checkOf(
  over: Row,
  owner: TableDef,
  key: PartitionKey,
  bound: PartitionBound,
  catalog: Catalog,
): Expr {
  if (bound.kind === 'default') {
    const others = childrenOf(catalog, owner.id).flatMap((child) =>
      child.bound === undefined || child.bound.kind === 'default'
        ? []
        : [checkOf(over, owner, key, child.bound, catalog)],
    );
    const any = or(others);
    return isConstant(any, false) ? constant(true, boolType, -1) : { kind: 'not', arg: any, ...BOOLEAN };
  }
  const keys = keyExprs(over, owner, key);
  if (bound.kind === 'range')
    return and([
      ...keys.map((expr) => isNull(expr, true)),
      beside(over, key, keys, bound.from, '>'),
      beside(over, key, keys, bound.to, '<'),
    ]);
  if (bound.kind === 'hash') return hashCheck(owner, keys, bound);
  const [part] = key.parts as [PartitionKeyPart];
  const [expr] = keys as [Expr];
  const values = bound.values.filter((value) => value !== null);
  const equal = and([isNull(expr, true), or(values.map((value) => compare(over, '=', expr, value, part)))]);
  const takesNull = values.length < bound.values.length;
  if (values.length === 0) return takesNull ? isNull(expr, false) : constant(false, boolType, -1);
  return takesNull ? or([isNull(expr, false), equal]) : equal;
}

function hashCheck(
  owner: TableDef,
  keys: readonly Expr[],
  { modulus, remainder }: Extract<PartitionBound, { kind: 'hash' }>,
): Expr {
  const fn = partitionTest(keys.map(({ type }) => type));
  const head = [
    constant(owner.id, builtinType(Oid.oid), -1),
    constant(modulus, int4Type, -1),
    constant(remainder, int4Type, -1),
  ];
  return { kind: 'call', fn, args: [...head, ...keys], ...BOOLEAN };
}

/** What rows of a partition must satisfy, for each partitioned table above it; null for a table that is no partition. */
export function bindPartitionCheck(
  state: BindState,
  table: TableDef,
  row: readonly ColumnId[],
  bind: BindOverRow,
): Expr | null {
  const { catalog } = state.env;
  const over: Row = { state, table, row, bind };
  const parts: Expr[] = [];
  for (let at = partitionedParent(catalog, table); at !== null; at = partitionedParent(catalog, at.parent))
    parts.push(checkOf(over, at.parent, at.key, at.bound, catalog));
  return parts.length === 0 ? null : and(parts);
}

/** Where rows of a partitioned table go, over a row of it. */
export function bindRouting(
  state: BindState,
  table: TableDef,
  row: readonly ColumnId[],
  bind: BindOverRow,
): PartitionRouting | null {
  const key = table.partitionKey;
  if (key === undefined) return null;
  const routes = childrenOf(state.env.catalog, table.id).flatMap(({ id: tableId, bound }) =>
    bound === undefined ? [] : [{ tableId, bound }],
  );
  return {
    key,
    keys: keyExprs({ state, table, row, bind }, table, key),
    keyNames: key.parts.map((part) => partText(table, part)),
    routes,
  };
}

/** The key's parts as error messages name them. */
export function partText(table: TableDef, part: PartitionKeyPart): string {
  return part.expressionSql === null ? (table.columns[part.column]?.name ?? '') : part.expressionSql;
}
