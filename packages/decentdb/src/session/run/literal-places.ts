/**
 * Where a literal of a parsed statement may become a parameter.
 *
 * I1  Places are those where a literal can change what is found but not what the statement means: one side of a comparison in
 *     WHERE, ON or HAVING whose other side depends on columns, also as BETWEEN and IN, in any query of the statement; what a
 *     single-row INSERT stores; what UPDATE assigns.
 * I2  Literals that stand for a place in a list (GROUP BY 1), that must repeat an expression, whose text is looked at while
 *     planning (LIKE, LIMIT, arguments of functions), keep their value.
 * I3  A condition that all arms of an OR repeat keeps its literals: as parameters they would be different ones, and the condition would
 *     not be recognised as what the arms have in common.
 * I4  A node that the statement holds in several places (the source of `(a, b) = (SELECT ...)`) is one node in the copy, too:
 *     whoever binds it knows by that that it is evaluated once.
 */
import type { A_Expr, BoolExpr, Expr, MultiAssignRef, Statement, TypeCast } from '../../sql/ast/nodes.ts';

/** Members of a longer IN list are looked up as one set, which parameters would not be. */
const LIST_MAX = 10;

const comparisons: ReadonlySet<string> = new Set(['=', '<', '<=', '>', '>=', '<>']);

export type MapLiteral = (expr: Expr) => Expr;

/** The statement with the literals at such places mapped; `keepsRepeated`: but for those of I3. */
export function mapLiterals(stmt: Statement, map: MapLiteral, keepsRepeated = true): Statement {
  const walk: Walk = { map, sources: new Map(), repeated: keepsRepeated ? new Set() : null };
  switch (stmt.kind) {
    case 'SelectStmt':
    case 'DeleteStmt':
      return mapNode(stmt, false, walk);
    case 'UpdateStmt': {
      const targetList = stmt.targetList.map((t) =>
        t.val === null ? t : { ...t, val: mapConst(t.val, map) },
      );
      return mapNode({ ...stmt, targetList }, false, walk);
    }
    case 'InsertStmt': {
      const select = stmt.selectStmt;
      if (select === null || select.valuesLists.length !== 1 || select.withClause !== null) return stmt;
      const valuesLists = select.valuesLists.map((row) => row.map((value) => mapConst(value, map)));
      return { ...stmt, selectStmt: { ...select, valuesLists } };
    }
    default:
      return stmt;
  }
}

interface AnyNode {
  readonly kind?: string;
}

interface Walk {
  readonly map: MapLiteral;
  /** Sources of multiple assignments, mapped (I4). */
  readonly sources: Map<object, object>;
  /** Conditions that stay as they are (I3); null: none do. */
  readonly repeated: Set<object> | null;
}

/** Parts of a query that hold conditions; its other parts hold none, unless a query in them does. */
const conditions: ReadonlySet<string> = new Set(['whereClause', 'havingClause', 'quals']);
/** What is between a condition and the comparisons it is made of. */
const connectives: ReadonlySet<string> = new Set(['BoolExpr', 'List']);

/** Rebuilds what changes; `inCondition`: a comparison met here is part of a condition. */
function mapNode<T>(node: T, inCondition: boolean, walk: Walk): T {
  if (Array.isArray(node)) {
    let changed: unknown[] | null = null;
    for (let i = 0; i < node.length; i++) {
      const mapped: unknown = mapNode(node[i] as unknown, inCondition, walk);
      if (mapped === node[i]) continue;
      changed ??= [...(node as readonly unknown[])];
      changed[i] = mapped;
    }
    return (changed ?? node) as T;
  }
  if (typeof node !== 'object' || node === null) return node;
  const { kind } = node as AnyNode;
  if (kind === 'MultiAssignRef') return mapAssignment(node as unknown as MultiAssignRef, walk) as T;
  if (walk.repeated?.has(node) === true) return node;
  if (kind === 'BoolExpr' && walk.repeated !== null) noteRepeated(node as unknown as BoolExpr, walk.repeated);
  const from: object =
    inCondition && kind === 'A_Expr' ? mapComparison(node as unknown as A_Expr, walk.map) : node;
  const goesOn = inCondition && kind !== undefined && connectives.has(kind);
  let changed: Record<string, unknown> | null = null;
  for (const name in from) {
    const part = (from as Record<string, unknown>)[name];
    if (typeof part !== 'object' || part === null) continue;
    const mapped: unknown = mapNode(part, goesOn || conditions.has(name), walk);
    if (mapped === part) continue;
    changed ??= { ...from };
    changed[name] = mapped;
  }
  return (changed ?? from) as T;
}

/** Notes what all arms of an OR have in common (I3). */
function noteRepeated({ boolop, args }: BoolExpr, into: Set<object>): void {
  if (boolop !== 'OR_EXPR' || args.length < 2) return;
  const arms = args.map((arm) => {
    const isAll = arm.kind === 'BoolExpr' && arm.boolop === 'AND_EXPR';
    return new Map((isAll ? arm.args : [arm]).map((part) => [textOf(part), part]));
  });
  for (const text of (arms[0] as Map<string, Expr>).keys())
    if (arms.every((arm) => arm.has(text))) for (const arm of arms) into.add(arm.get(text) as Expr);
}

/** The expression without the places where it stands. */
function textOf(expr: Expr): string {
  return JSON.stringify(expr, (name, value: unknown) =>
    name === 'location' ? undefined : typeof value === 'bigint' ? `${value}n` : value,
  );
}

function mapAssignment(node: MultiAssignRef, walk: Walk): MultiAssignRef {
  const known = walk.sources.get(node.source) as Expr | undefined;
  const source = known ?? mapNode(node.source, false, walk);
  walk.sources.set(node.source, source);
  return source === node.source ? node : { ...node, source };
}

function mapComparison(expr: A_Expr, map: MapLiteral): A_Expr {
  const { lexpr, rexpr } = expr;
  if (lexpr === null || rexpr === null || expr.name.length !== 1) return expr;
  if (rexpr.kind === 'List') {
    const isList = expr.exprKind === 'AEXPR_IN' && rexpr.items.length <= LIST_MAX && isUniform(rexpr.items);
    if (!(isList || expr.exprKind === 'AEXPR_BETWEEN') || !dependsOnColumns(lexpr)) return expr;
    return { ...expr, rexpr: { ...rexpr, items: rexpr.items.map((item) => mapConst(item, map)) } };
  }
  if (expr.exprKind !== 'AEXPR_OP' || !comparisons.has(expr.name[0] as string)) return expr;
  if (dependsOnColumns(lexpr)) return { ...expr, rexpr: mapConst(rexpr, map) };
  if (dependsOnColumns(rexpr)) return { ...expr, lexpr: mapConst(lexpr, map) };
  return expr;
}

/** Members of one kind: then all of them take the type that one of them would. */
function isUniform(items: readonly Expr[]): boolean {
  const [first] = items;
  return (
    first?.kind === 'A_Const' && items.every((i) => i.kind === 'A_Const' && i.constType === first.constType)
  );
}

/** A column, arithmetic on columns, or a function of columns alone. */
function dependsOnColumns(expr: Expr): boolean {
  switch (expr.kind) {
    case 'ColumnRef':
      return true;
    case 'A_Expr': {
      if (expr.exprKind !== 'AEXPR_OP' || expr.lexpr === null || expr.rexpr === null) return false;
      const sides = [expr.lexpr, expr.rexpr as Expr];
      return sides.some(dependsOnColumns) && sides.every((s) => s.kind === 'A_Const' || dependsOnColumns(s));
    }
    case 'FuncCall':
      return expr.agg_star || (expr.args.length > 0 && expr.args.every((arg) => arg.kind === 'ColumnRef'));
    default:
      return false;
  }
}

/** Maps a literal, plain or of a type that reads it as a parameter would be read, also with something added to it. */
function mapConst(expr: Expr, map: MapLiteral): Expr {
  switch (expr.kind) {
    case 'A_Const': {
      const { constType } = expr;
      return constType === 'Integer' || constType === 'String' || constType === 'Float' ? map(expr) : expr;
    }
    case 'TypeCast':
      return isMoment(expr) ? { ...expr, arg: map(expr.arg) } : expr;
    case 'A_Expr': {
      const { lexpr, rexpr, name } = expr;
      const isSum = expr.exprKind === 'AEXPR_OP' && (name[0] === '+' || name[0] === '-');
      if (!isSum || lexpr?.kind !== 'TypeCast' || !isMoment(lexpr)) return expr;
      if (rexpr?.kind !== 'A_Const' && rexpr?.kind !== 'TypeCast') return expr;
      return { ...expr, lexpr: mapConst(lexpr, map) };
    }
    default:
      return expr;
  }
}

const moments: ReadonlySet<string> = new Set(['date', 'timestamp', 'timestamptz']);

/** `DATE '2024-01-31'`, `'...'::timestamp`. A modifier or the unit of an interval would change how the text is read. */
function isMoment({ arg, typeName }: TypeCast): boolean {
  const { names, typmods, arrayBounds, setof } = typeName;
  const isBuiltIn = names.length === 1 || (names.length === 2 && names[0] === 'pg_catalog');
  return (
    arg.kind === 'A_Const' &&
    arg.constType === 'String' &&
    isBuiltIn &&
    moments.has(names.at(-1) as string) &&
    typmods.length === 0 &&
    arrayBounds.length === 0 &&
    !setof
  );
}
