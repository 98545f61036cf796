/**
 * Statements that differ only in literals share one plan.
 *
 *     SELECT * FROM t WHERE id = 17      skeleton: SELECT * FROM t WHERE id = #      template: ... WHERE id = $1
 *
 * I1  A literal becomes a parameter only where the plan cannot depend on its value: compared for equality with a column in
 *     WHERE, stored by a single-row INSERT, assigned by UPDATE. All others belong to the template's key.
 * I2  The parameter has the type the literal has (integer), or takes the type a quoted literal would take.
 * I3  Whenever anything about the template fails, the statement runs as it was written: errors keep their positions.
 */
import type { Expr, ParamRef, Statement } from '../../sql/ast/nodes.ts';
import { parseOne } from '../../sql/parse/parse.ts';
import { int4Type } from '../../types/integer-types.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { PlanCache } from '../plan-cache.ts';
import { type Skeleton, scanLiterals } from './literal-scan.ts';
import { isPreparable, type Prepared } from './prepared.ts';

/** A statement found by its skeleton, and its literals as parameter values: numbers, or texts to be read. */
export interface Templated {
  readonly prepared: Prepared;
  readonly literals: readonly (number | string)[];
}

interface Entry {
  /** Per literal of the skeleton: whether it is a parameter. Null: the skeleton has no template. */
  readonly isParam: readonly boolean[] | null;
  /** Templates by the values of the literals that are not parameters. */
  readonly byFixed: Map<string, Prepared>;
}

const SKELETONS_MAX = 1000;
const CHARS_MAX = 2_000_000;
const VARIANTS_MAX = 200;

export class Templates {
  readonly #entries = new PlanCache<Entry>(SKELETONS_MAX, CHARS_MAX);

  /** The template of a text; null when it has none. */
  find(sql: string): Templated | null {
    const skeleton = scanLiterals(sql);
    if (skeleton === null) return null;
    let entry = this.#entries.get(skeleton.key);
    if (entry === undefined) {
      entry = { isParam: paramsOf(sql, skeleton), byFixed: new Map() };
      this.#entries.set(skeleton.key, entry);
    }
    const { isParam } = entry;
    if (isParam === null) return null;
    const fixed = fixedKey(skeleton, isParam);
    let prepared = entry.byFixed.get(fixed);
    if (prepared === undefined) {
      if (entry.byFixed.size >= VARIANTS_MAX) return null;
      prepared = templateOf(sql, skeleton, isParam);
      entry.byFixed.set(fixed, prepared);
    }
    const literals =
      skeleton.values.length === isParam.length && fixed === ''
        ? skeleton.values
        : skeleton.values.filter((_, i) => isParam[i]);
    return { prepared, literals };
  }

  /** Says that a text's template does not work: it will not be tried again. */
  refuse(sql: string): void {
    const skeleton = scanLiterals(sql);
    if (skeleton !== null) this.#entries.set(skeleton.key, { isParam: null, byFixed: new Map() });
  }

  clear(): void {
    this.#entries.clear();
  }
}

function fixedKey(skeleton: Skeleton, isParam: readonly boolean[]): string {
  let key = '';
  for (let i = 0; i < isParam.length; i++)
    if (!isParam[i]) key += `${typeof skeleton.values[i]}:${skeleton.values[i]}\u0000`;
  return key;
}

/** Which literals may be parameters; null when none may. */
function paramsOf(sql: string, skeleton: Skeleton): readonly boolean[] | null {
  const { stmt } = parseOne(sql);
  if (!isPreparable(stmt)) return null;
  const eligible = eligibleLocations(stmt);
  const isParam = skeleton.locations.map((location) => eligible.has(location));
  return isParam.some(Boolean) ? isParam : null;
}

/** The statement with its eligible literals replaced by parameters. */
function templateOf(sql: string, skeleton: Skeleton, isParam: readonly boolean[]): Prepared {
  const { stmt } = parseOne(sql);
  const numbers = new Map<number, number>();
  const paramTypes: (SqlType | null)[] = [];
  skeleton.locations.forEach((location, i) => {
    if (!isParam[i]) return;
    numbers.set(location, paramTypes.length + 1);
    paramTypes.push(typeof skeleton.values[i] === 'number' ? int4Type : null);
  });
  const replace = (expr: Expr): Expr => replaceLiteral(expr, numbers);
  return { sql: '', stmt: mapEligible(stmt, replace), text: sql, paramTypes, compiled: null };
}

function replaceLiteral(expr: Expr, numbers: ReadonlyMap<number, number>): Expr {
  if (expr.kind !== 'A_Const') return expr;
  const number = numbers.get(expr.location);
  if (number === undefined) return expr;
  const param: ParamRef = { kind: 'ParamRef', number, location: expr.location };
  return param;
}

function eligibleLocations(stmt: Statement): ReadonlySet<number> {
  const found = new Set<number>();
  mapEligible(stmt, (expr) => {
    if (expr.kind === 'A_Const' && (expr.constType === 'Integer' || expr.constType === 'String'))
      found.add(expr.location);
    return expr;
  });
  return found;
}

/** Maps the expressions of a statement that stand where I1 allows a parameter. */
function mapEligible(stmt: Statement, map: (expr: Expr) => Expr): Statement {
  switch (stmt.kind) {
    case 'SelectStmt':
      if (stmt.op !== 'SETOP_NONE' || stmt.whereClause === null) return stmt;
      return { ...stmt, whereClause: mapCondition(stmt.whereClause, map) };
    case 'DeleteStmt':
      return stmt.whereClause === null ? stmt : { ...stmt, whereClause: mapCondition(stmt.whereClause, map) };
    case 'UpdateStmt': {
      const whereClause = stmt.whereClause === null ? null : mapCondition(stmt.whereClause, map);
      const targetList = stmt.targetList.map((t) => (t.val === null ? t : { ...t, val: map(t.val) }));
      return { ...stmt, whereClause, targetList };
    }
    case 'InsertStmt': {
      const select = stmt.selectStmt;
      if (select === null || select.valuesLists.length !== 1 || select.withClause !== null) return stmt;
      const valuesLists = select.valuesLists.map((row) => row.map(map));
      return { ...stmt, selectStmt: { ...select, valuesLists } };
    }
    default:
      return stmt;
  }
}

function mapCondition(expr: Expr, map: (expr: Expr) => Expr): Expr {
  if (expr.kind === 'BoolExpr') return { ...expr, args: expr.args.map((arg) => mapCondition(arg, map)) };
  if (
    expr.kind !== 'A_Expr' ||
    expr.exprKind !== 'AEXPR_OP' ||
    expr.name.length !== 1 ||
    expr.name[0] !== '='
  )
    return expr;
  const { lexpr, rexpr } = expr;
  if (lexpr?.kind === 'ColumnRef' && rexpr?.kind === 'A_Const') return { ...expr, rexpr: map(rexpr) };
  if (rexpr?.kind === 'ColumnRef' && lexpr?.kind === 'A_Const') return { ...expr, lexpr: map(lexpr) };
  return expr;
}
