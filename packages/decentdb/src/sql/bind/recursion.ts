/**
 * Recursive WITH items: non-recursive term UNION [ALL] recursive term.
 *
 * I1  The first term fixes names and types; the second must fit them without widening (42804).
 * I2  The recursive reference stands once, in FROM of the recursive term itself, not under aggregates, outer joins' nullable
 *     sides, EXCEPT or subqueries in expressions (42P19).
 */
import type { LogicalNode, OutputColumn } from '../../plan/logical.ts';
import type * as ast from '../ast/nodes.ts';
import { bindError } from './errors.ts';
import { Level } from './level.ts';
import { requireEqualityOf } from './operator-lookup.ts';
import { extendRecursion } from './search-cycle.ts';
import { bindSelect } from './select.ts';
import { armExpr, coerceColumns } from './set-operations.ts';
import { bindWith, type CteBinding, setColumns, wrapWith } from './with.ts';

/** Whether a query mentions `name` as an unqualified relation (shadowing by inner WITH items counts as not mentioning). */
export function readsItself(query: ast.SelectStmt, name: string): boolean {
  return mentions(query, name);
}

function mentions(node: unknown, name: string): boolean {
  if (typeof node !== 'object' || node === null) return false;
  if (Array.isArray(node)) return node.some((item) => mentions(item, name));
  const at = node as { readonly kind?: string } & Record<string, unknown>;
  if (at.kind === 'RangeVar') return at['schemaname'] === null && at['relname'] === name;
  if (at.kind === 'SelectStmt') {
    const inner = at['withClause'] as ast.WithClause | null;
    if (inner?.ctes.some((cte) => cte.ctename === name)) return false;
  }
  return Object.values(at).some((child) => mentions(child, name));
}

export function bindRecursive(binding: CteBinding, written: ast.SelectStmt): void {
  const { name, node, level } = binding;
  const query = extended(binding, written);
  const { larg, rarg } = query;
  if (query.op !== 'SETOP_UNION' || larg === null || rarg === null)
    throw bindError(
      '42P19',
      `recursive query "${name}" does not have the form non-recursive-term UNION [ALL] recursive-term`,
      node.location,
    );
  refuseUnsupported(query);
  if (mentions(larg, name))
    throw bindError(
      '42P19',
      `recursive reference to query "${name}" must not appear within its non-recursive term`,
      referenceIn(larg, name),
    );
  const within = new Level(level.state, level);
  const outerWith = query.withClause === null ? [] : bindWith(within, query.withClause);
  const first = bindSelect(level.state, within, larg);
  setColumns(binding, first.columns);
  checkReferences(rarg, name);
  binding.state = 'recursiveTerm';
  const term = bindSelect(level.state, within, rarg, { keepUnknown: true });
  const fitted = fitTerm(within, binding, first, term);
  binding.plan = wrapWith(outerWith, first);
  if (!query.all) for (const { type } of first.columns) requireEqualityOf(within, type, -1);
  binding.recursive = { term: wrapWith(outerWith, fitted), all: query.all };
}

/** The query itself, or with the columns that SEARCH and CYCLE add. */
function extended(binding: CteBinding, query: ast.SelectStmt): ast.SelectStmt {
  const { node, level } = binding;
  if (node.search_clause === null && node.cycle_clause === null) return query;
  if (query.op !== 'SETOP_UNION' || query.larg === null || query.rarg === null) return query;
  const within = new Level(level.state, level);
  if (query.withClause !== null) bindWith(within, query.withClause);
  const first = bindSelect(level.state, within, query.larg);
  const names = first.columns.map((column, i) => node.aliascolnames[i] ?? column.name);
  const made = extendRecursion(node, query, names);
  binding.extraColumns = made.columns.slice(names.length);
  return made.query;
}

function refuseUnsupported(query: ast.SelectStmt): void {
  const refused = (what: string, location: number): Error =>
    bindError('0A000', `${what} in a recursive query is not implemented`, location);
  if (query.sortClause.length > 0) throw refused('ORDER BY', query.sortClause[0]?.location ?? -1);
  if (query.limitOffset !== null) throw refused('OFFSET', query.limitOffset.location);
  if (query.limitCount !== null) throw refused('LIMIT', query.limitCount.location);
  if (query.lockingClause.length > 0)
    throw refused('FOR UPDATE/SHARE', query.lockingClause[0]?.location ?? -1);
}

/** The recursive term in the types of the first one. */
function fitTerm(level: Level, binding: CteBinding, first: LogicalNode, term: LogicalNode): LogicalNode {
  if (first.columns.length !== term.columns.length)
    throw bindError('42601', 'each UNION query must have the same number of columns', -1);
  const wanted = coerceColumns(level, [first, term], 'UNION');
  wanted.types.forEach(({ type, typmod }, i) => {
    const column = first.columns[i] as OutputColumn;
    if (type.oid === column.type.oid && typmod === column.typmod) return;
    throw bindError(
      '42804',
      `recursive query "${binding.name}" column ${i + 1} has type ${column.type.sqlName(column.typmod)} in non-recursive term but type ${type.sqlName(typmod)} overall`,
      armExpr(first, i).location,
      { hint: 'Cast the output of the non-recursive term to the correct type.' },
    );
  });
  return wanted.inputs[1] as LogicalNode;
}

function referenceIn(node: unknown, name: string): number {
  let location = -1;
  const visit = (at: unknown): void => {
    if (location >= 0 || typeof at !== 'object' || at === null) return;
    const record = at as { readonly kind?: string; readonly location?: number } & Record<string, unknown>;
    if (record.kind === 'RangeVar' && record['relname'] === name) location = record.location ?? -1;
    else for (const child of Array.isArray(at) ? at : Object.values(record)) visit(child);
  };
  visit(node);
  return location;
}

type Place = 'ok' | 'a subquery' | 'an outer join' | 'INTERSECT' | 'EXCEPT';

/** Refuses references where recursion has no meaning (I2). */
function checkReferences(term: ast.SelectStmt, name: string): void {
  let count = 0;
  const seen = (node: ast.RangeVar, place: Place): void => {
    if (place !== 'ok')
      throw bindError(
        '42P19',
        `recursive reference to query "${name}" must not appear within ${place}`,
        node.location,
      );
    if (++count > 1)
      throw bindError(
        '42P19',
        `recursive reference to query "${name}" must not appear more than once`,
        node.location,
      );
  };
  checkSelect(term, name, 'ok', seen);
}

type Seen = (node: ast.RangeVar, place: Place) => void;

function checkSelect(query: ast.SelectStmt, name: string, place: Place, seen: Seen): void {
  if (query.withClause?.ctes.some((cte) => cte.ctename === name)) return;
  if (query.op !== 'SETOP_NONE') {
    const right: Place = query.op === 'SETOP_EXCEPT' ? 'EXCEPT' : place;
    if (query.larg !== null) checkSelect(query.larg, name, place, seen);
    if (query.rarg !== null) checkSelect(query.rarg, name, place === 'ok' ? right : place, seen);
    return;
  }
  for (const item of query.fromClause) checkFrom(item, name, place, seen);
  const rest = [query.targetList, query.whereClause, query.groupClause, query.havingClause, query.sortClause];
  for (const part of rest) checkOther(part, name, seen);
}

function checkFrom(item: ast.FromItem, name: string, place: Place, seen: Seen): void {
  switch (item.kind) {
    case 'RangeVar':
      if (item.schemaname === null && item.relname === name) seen(item, place);
      return;
    case 'RangeSubselect':
      checkSelect(item.subquery, name, place, seen);
      return;
    case 'JoinExpr': {
      const nullable = (side: 'left' | 'right'): Place => {
        if (place !== 'ok') return place;
        const both = item.jointype === 'JOIN_FULL';
        const isNullable =
          both || (side === 'left' ? item.jointype === 'JOIN_RIGHT' : item.jointype === 'JOIN_LEFT');
        return isNullable ? 'an outer join' : 'ok';
      };
      checkFrom(item.larg, name, nullable('left'), seen);
      checkFrom(item.rarg, name, nullable('right'), seen);
      checkOther(item.quals, name, seen);
      return;
    }
    default:
      checkOther(item, name, seen);
  }
}

/** Anywhere but FROM: a reference there is inside a subquery. */
function checkOther(node: unknown, name: string, seen: Seen): void {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) {
    for (const item of node) checkOther(item, name, seen);
    return;
  }
  const record = node as { readonly kind?: string } & Record<string, unknown>;
  if (record.kind === 'RangeVar' && record['schemaname'] === null && record['relname'] === name)
    seen(node as ast.RangeVar, 'a subquery');
  for (const child of Object.values(record)) checkOther(child, name, seen);
}
