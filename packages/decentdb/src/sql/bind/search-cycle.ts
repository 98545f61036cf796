/**
 * SEARCH and CYCLE of recursive queries, rewritten as PostgreSQL does into plain recursion over more columns:
 *
 *     SEARCH DEPTH FIRST BY a SET s     s = ARRAY[ROW(a)], then s || ROW(a)
 *     SEARCH BREADTH FIRST BY a SET s   s = ROW(0, a), then ROW(depth + 1, a)
 *     CYCLE a SET m USING p             p as above; m says whether ROW(a) is in p already, and such rows go no further
 *
 * I1  The written query gives the first columns, in its order; sequence, mark and path columns follow.
 * I2  What was written is bound itself, no copy of its text: errors have their places, and views know what names meant.
 */
import type * as ast from '../ast/nodes.ts';
import { parseOne } from '../parse/parse.ts';
import { printExpr } from '../print/expression.ts';
import { quoteIdentifier } from '../print/quote.ts';
import { bindError } from './errors.ts';

export interface Extended {
  readonly query: ast.SelectStmt;
  /** Names of all columns. */
  readonly columns: readonly string[];
}

/** The query with its extra columns; `names` are those of the written query. */
export function extendRecursion(
  node: ast.CommonTableExpr,
  query: ast.SelectStmt,
  names: readonly string[],
): Extended {
  const { search_clause: search, cycle_clause: cycle } = node;
  checkNames(node, names);
  const larg = query.larg as ast.SelectStmt;
  const rarg = query.rarg as ast.SelectStmt;
  if (rarg.op !== 'SETOP_NONE')
    throw bindError(
      '0A000',
      'with a SEARCH or CYCLE clause, the right side of the UNION must be a SELECT',
      node.location,
    );
  const alias = referenceIn(rarg.fromClause, node.ctename);
  if (alias === null)
    throw bindError(
      '0A000',
      `with a SEARCH or CYCLE clause, the recursive reference to WITH query "${node.ctename}" must be at the top level of its right-hand SELECT`,
      node.location,
    );
  const written = rarg.targetList;
  const hasStar = written.some(({ val }) => val?.kind === 'ColumnRef' && val.star);
  if (!hasStar && written.length !== names.length)
    throw bindError(
      '42601',
      'each UNION query must have the same number of columns',
      written[0]?.location ?? -1,
    );
  const extra = [
    ...(search === null ? [] : [search.search_seq_column]),
    ...(cycle === null ? [] : [cycle.cycle_mark_column, cycle.cycle_path_column]),
  ];
  const all = [...names, ...extra];
  const list = (columns: readonly string[]): string => columns.map(quoteIdentifier).join(', ');
  const first = `SELECT ${[...names.map(quoteIdentifier), ...firstValues(node)].join(', ')} FROM (SELECT) AS decentdb_first(${list(names)})`;
  const passed: readonly ast.ResTarget[] = extra.map((name) => ({
    kind: 'ResTarget',
    name: null,
    indirection: [],
    val: { kind: 'ColumnRef', fields: [alias, name], star: false, location: -1 },
    location: -1,
  }));
  const inner = { ...rarg, targetList: [...written, ...passed] };
  const mark =
    cycle === null ? '' : ` WHERE ${quoteIdentifier(cycle.cycle_mark_column)} <> ${markValue(cycle)}`;
  const next = `SELECT ${[...names.map(quoteIdentifier), ...nextValues(node)].join(', ')} FROM (SELECT) AS decentdb_next(${list(all)})${mark}`;
  const union = parseOne(`${first} UNION ${query.all ? 'ALL ' : ''}${next}`).stmt as ast.SelectStmt;
  const arms = { larg: over(union.larg, larg), rarg: over(union.rarg, inner) };
  return { query: { ...union, ...arms, withClause: query.withClause }, columns: all };
}

/** I2. */
function over(made: ast.SelectStmt | null, written: ast.SelectStmt): ast.SelectStmt {
  const { fromClause, ...rest } = made as ast.SelectStmt;
  return { ...rest, fromClause: [{ ...(fromClause[0] as ast.RangeSubselect), subquery: written }] };
}

const rowOf = (columns: readonly string[]): string => `ROW(${columns.map(quoteIdentifier).join(', ')})`;

function markValue({ cycle_mark_value: value }: ast.CTECycleClause): string {
  return value === null ? 'true' : printExpr(value);
}

function markDefault({ cycle_mark_default: value }: ast.CTECycleClause): string {
  return value === null ? 'false' : printExpr(value);
}

function firstValues({ search_clause: search, cycle_clause: cycle }: ast.CommonTableExpr): string[] {
  const values: string[] = [];
  if (search !== null) {
    const columns = search.search_col_list;
    values.push(
      search.search_breadth_first
        ? `ROW(0::bigint, ${columns.map(quoteIdentifier).join(', ')})`
        : `ARRAY[${rowOf(columns)}]`,
    );
  }
  if (cycle !== null) values.push(markDefault(cycle), `ARRAY[${rowOf(cycle.cycle_col_list)}]`);
  return values;
}

function nextValues({ search_clause: search, cycle_clause: cycle }: ast.CommonTableExpr): string[] {
  const values: string[] = [];
  if (search !== null) {
    const columns = search.search_col_list;
    const sequence = quoteIdentifier(search.search_seq_column);
    values.push(
      search.search_breadth_first
        ? `ROW((${sequence}).f1 + 1, ${columns.map(quoteIdentifier).join(', ')})`
        : `array_append(${sequence}, ${rowOf(columns)})`,
    );
  }
  if (cycle === null) return values;
  const path = quoteIdentifier(cycle.cycle_path_column);
  const row = rowOf(cycle.cycle_col_list);
  values.push(`CASE WHEN ${row} = ANY (${path}) THEN ${markValue(cycle)} ELSE ${markDefault(cycle)} END`);
  values.push(`array_append(${path}, ${row})`);
  return values;
}

/** The name the recursive term has for the query itself; null when it stands deeper than its FROM. */
function referenceIn(items: readonly ast.FromItem[], name: string): string | null {
  for (const item of items) {
    if (item.kind === 'RangeVar' && item.schemaname === null && item.relname === name)
      return item.alias?.aliasname ?? item.relname;
    if (item.kind !== 'JoinExpr') continue;
    const found = referenceIn([item.larg, item.rarg], name);
    if (found !== null) return found;
  }
  return null;
}

function checkNames(node: ast.CommonTableExpr, names: readonly string[]): void {
  const { search_clause: search, cycle_clause: cycle } = node;
  if (search !== null) {
    checkList('search', search.search_col_list, names, search.location);
    refuseTaken('search sequence', search.search_seq_column, names, search.location);
  }
  if (cycle === null) return;
  const { cycle_mark_column: mark, cycle_path_column: path, location } = cycle;
  checkList('cycle', cycle.cycle_col_list, names, location);
  refuseTaken('cycle mark', mark, names, location);
  refuseTaken('cycle path', path, names, location);
  const same = (one: string, other: string): Error =>
    bindError('42601', `${one} column name and ${other} column name are the same`, location);
  if (mark === path) throw same('cycle mark', 'cycle path');
  if (search?.search_seq_column === mark) throw same('search sequence', 'cycle mark');
  if (search?.search_seq_column === path) throw same('search sequence', 'cycle path');
}

function checkList(what: string, list: readonly string[], names: readonly string[], location: number): void {
  const seen = new Set<string>();
  for (const name of list) {
    if (!names.includes(name))
      throw bindError('42601', `${what} column "${name}" not in WITH query column list`, location);
    if (seen.has(name))
      throw bindError('42701', `${what} column "${name}" specified more than once`, location);
    seen.add(name);
  }
}

function refuseTaken(what: string, name: string, names: readonly string[], location: number): void {
  if (names.includes(name))
    throw bindError(
      '42601',
      `${what} column name "${name}" already used in WITH query column list`,
      location,
    );
}
