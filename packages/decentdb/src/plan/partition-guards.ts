/**
 * What parameters and outer values must be for a partition to have rows a filter lets through.
 *
 *     filter k = $1 over a partition of k >= 5 and k < 10       $1 >= 5 and $1 < 10
 *     filter k > $1 over the same                               10 > $1
 *
 * Constants are the business of the rule partition_pruning; what is known when the statement runs is asked here, before a partition is
 * opened.
 *
 * I1  A guard is true whenever a row of the partition satisfies the filter; it may be true of others.
 * I2  An equal value stands for another only where the two cannot be told apart, or in comparisons and hashes.
 */
import type { ColumnId, Expr } from '../exec/expr.ts';
import { boolType } from '../types/bool-type.ts';
import { Oid } from '../types/oids.ts';
import type { SqlType } from '../types/sql-type.ts';
import { Physical } from '../types/vector.ts';
import type { PlanEnv } from './env.ts';
import { mapExpr, someExpr } from './expr-walk.ts';
import type { LogicalNode, ScanNode } from './logical.ts';
import { conjunctsOf } from './predicates.ts';
import { isBound, sameKeyType, stripRelabel } from './ranges.ts';

type Call = Extract<Expr, { kind: 'call' }>;

/** Values a column may have by the filter, as expressions without columns of the scan. */
type Alternatives = ReadonlyMap<ColumnId, readonly Expr[]>;

/** The guard of an input of a union; null when it has none. */
export function partitionGuard(input: LogicalNode, env: PlanEnv): Expr | null {
  const found = filteredScan(input);
  if (found === null || found.scan.table.bound === undefined) return null;
  const { scan, filters } = found;
  const { row, partition } = env.tableExpressions(scan.table);
  if (partition === null) return null;
  const own = new Set(scan.columns.map(({ id }) => id));
  const conjuncts = filters.flatMap(conjunctsOf);
  const equal = alternativesOf(conjuncts, scan, own);
  const bounds = conjuncts.filter((one): one is Call => isInequality(one, own));
  if (equal.size === 0 && bounds.length === 0) return null;
  const idOf = new Map<ColumnId, ColumnId>();
  for (const [i, { id }] of scan.columns.entries()) {
    const there = row[scan.stored[i] ?? -1];
    if (there !== undefined) idOf.set(there, id);
  }
  const asked = conjunctsOf(partition).map((one) => overScan(one, idOf));
  const parts = asked.flatMap((one) => [...whereEqual(one, equal), ...beyond(one, bounds)]);
  const useful = parts.filter((part) =>
    someExpr(part, (e) => e.kind === 'param' || e.kind === 'column' || isStable(e)),
  );
  return useful.length === 0 ? null : both(useful);
}

function isStable(expr: Expr): boolean {
  return expr.kind === 'call' && expr.fn.volatility === 'stable';
}

function both(args: readonly Expr[]): Expr {
  const [only] = args;
  if (args.length === 1 && only !== undefined) return only;
  return { kind: 'and', args, type: boolType, typmod: -1, location: -1 };
}

function either(args: readonly Expr[]): Expr {
  const [only] = args;
  if (args.length === 1 && only !== undefined) return only;
  return { kind: 'or', args, type: boolType, typmod: -1, location: -1 };
}

/** The scan below, with the filters that speak of its columns. */
function filteredScan(
  input: LogicalNode,
): { readonly scan: ScanNode; readonly filters: readonly Expr[] } | null {
  let filters: Expr[] = [];
  let at = input;
  for (;;) {
    if (at.kind === 'scan') return { scan: at, filters };
    if (at.kind === 'filter') filters.push(at.predicate);
    else if (at.kind === 'project') filters = [];
    else return null;
    at = at.input;
  }
}

/** A column that the scan does not read gets a number nobody has: its own may be that of another column there. */
function overScan(expr: Expr, idOf: ReadonlyMap<ColumnId, ColumnId>): Expr {
  return mapExpr(expr, (e) => {
    if (e.kind !== 'column') return e;
    return { ...e, id: idOf.get(e.id) ?? ((-1 - e.id) as ColumnId) };
  });
}

function ownColumn(expr: Expr | undefined, own: ReadonlySet<ColumnId>): ColumnId | null {
  const inner = expr === undefined ? null : stripRelabel(expr);
  return inner?.kind === 'column' && own.has(inner.id) ? inner.id : null;
}

function isFree(expr: Expr | undefined, type: SqlType, own: ReadonlySet<ColumnId>): expr is Expr {
  return expr !== undefined && isBound(expr, own) && sameKeyType(expr.type, type);
}

function alternativesOf(
  conjuncts: readonly Expr[],
  scan: ScanNode,
  own: ReadonlySet<ColumnId>,
): Alternatives {
  const typeOf = new Map(scan.columns.map(({ id, type }) => [id, type]));
  const found = new Map<ColumnId, readonly Expr[]>();
  const add = (id: ColumnId | null, values: readonly (Expr | undefined)[]): void => {
    const type = id === null ? undefined : typeOf.get(id);
    if (id === null || type === undefined || found.has(id)) return;
    if (values.every((value) => isFree(value, type, own))) found.set(id, values as readonly Expr[]);
  };
  for (const one of conjuncts) {
    if (one.kind === 'call' && one.fn.operator?.btree === '=') {
      const [left, right] = one.args;
      add(ownColumn(left, own), [right]);
      add(ownColumn(right, own), [left]);
    } else if (one.kind === 'quantified' && one.quantifier === 'any' && one.op.operator?.btree === '=') {
      if (one.list !== null && one.list.length > 0) add(ownColumn(one.left, own), one.list);
    }
  }
  return found;
}

function isInequality(expr: Expr, own: ReadonlySet<ColumnId>): boolean {
  if (expr.kind !== 'call') return false;
  const { btree } = expr.fn.operator ?? {};
  if (btree === undefined || btree === '=') return false;
  const [left, right] = expr.args as [Expr, Expr];
  const isLeft = ownColumn(left, own) !== null;
  if (isLeft === (ownColumn(right, own) !== null)) return false;
  return isFree(isLeft ? right : left, (isLeft ? left : right).type, own);
}

/** More combinations of values than that are not asked about. */
const COMBINATIONS_MAX = 64;

/** What the bounds ask, of the values the filter wants. */
function whereEqual(asked: Expr, equal: Alternatives): readonly Expr[] {
  const ids = new Set<ColumnId>();
  const isPlain = !someExpr(asked, (e) => {
    if (e.kind === 'column') ids.add(e.id);
    return e.kind === 'column' && !equal.has(e.id);
  });
  if (!isPlain || ids.size === 0 || !isSubstitutable(asked)) return [];
  let chosen: ReadonlyMap<ColumnId, Expr>[] = [new Map()];
  for (const id of ids) {
    const values = equal.get(id) as readonly Expr[];
    if (values.length * chosen.length > COMBINATIONS_MAX) return [];
    chosen = chosen.flatMap((map) => values.map((value) => new Map([...map, [id, value]])));
  }
  const over = (values: ReadonlyMap<ColumnId, Expr>): Expr =>
    mapExpr(asked, (e) => (e.kind === 'column' ? (values.get(e.id) ?? e) : e));
  return [either(chosen.map(over))];
}

/** Physical kinds whose equal values are the same value. */
const EXACT: ReadonlySet<Physical> = new Set([
  ...[Physical.bool, Physical.int32, Physical.int64, Physical.uuid, Physical.text, Physical.bytes],
]);

function isExact(type: SqlType): boolean {
  return EXACT.has(type.physical) && type.oid !== Oid.bpchar;
}

/** I2. */
function isSubstitutable(asked: Expr): boolean {
  const isDirect = (e: Expr): boolean =>
    e.kind === 'call' && (e.fn.operator?.btree !== undefined || e.fn.name === 'satisfies_hash_partition');
  const isSound = (e: Expr, isInside: boolean): boolean => {
    if (e.kind === 'column') return !isInside || isExact(e.type);
    if (e.kind === 'const') return true;
    if (e.kind === 'and' || e.kind === 'or') return e.args.every((arg) => isSound(arg, isInside));
    if (e.kind === 'not' || e.kind === 'isNull') return isSound(e.arg, isInside);
    return e.kind === 'call' && e.args.every((arg) => isSound(arg, isInside || !isDirect(e)));
  };
  return isSound(asked, false);
}

/** `k < $1` where the partition begins at a constant: that is before $1 too. */
function beyond(asked: Expr, bounds: readonly Call[]): readonly Expr[] {
  if (asked.kind !== 'call') return [];
  const [column, value] = asked.args;
  const direction = directionOf(asked.fn.operator?.btree);
  if (column?.kind !== 'column' || value?.kind !== 'const' || direction === 0) return [];
  return bounds.flatMap((bound) => {
    const [left, right] = bound.args as [Expr, Expr];
    const isLeft =
      stripRelabel(left).kind === 'column' && (stripRelabel(left) as typeof column).id === column.id;
    const isRight =
      stripRelabel(right).kind === 'column' && (stripRelabel(right) as typeof column).id === column.id;
    if (isLeft === isRight) return [];
    const wanted = directionOf(bound.fn.operator?.btree) * (isLeft ? 1 : -1);
    if (wanted !== -direction || !sameKeyType((isLeft ? left : right).type, value.type)) return [];
    return [{ ...bound, args: isLeft ? [value, right] : [left, value] }];
  });
}

/** 1 for what asks for larger values, -1 for smaller ones. */
function directionOf(operator: string | undefined): number {
  return operator === '>' || operator === '>=' ? 1 : operator === '<' || operator === '<=' ? -1 : 0;
}
