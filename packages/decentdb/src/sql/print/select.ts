// Queries as SQL text.
//
// I1  Chains of set operations and joins are walked in loops: they are as deep as they are long.

import { unreachable } from '../../base/assert.ts';
import type {
  Alias,
  ColumnDef,
  CommonTableExpr,
  Expr,
  FromItem,
  GroupingSet,
  IntoClause,
  JoinExpr,
  LockingClause,
  RangeFunction,
  RangeVar,
  ResTarget,
  SelectStmt,
  WithClause,
} from '../ast/nodes.ts';
import { printPreparable } from './dml.ts';
import { printExpr, printExprs, printIndirection, printOperand, printOrderBy } from './expression.ts';
import { printWindow } from './function-call.ts';
import { printJsonTable, printXmlTable } from './json.ts';
import { quoteIdentifier, quoteName, quoteNames } from './quote.ts';
import { printTypeName } from './type-name.ts';

export function printSelect(s: SelectStmt): string {
  const parts: string[] = [];
  if (s.withClause !== null) parts.push(printWith(s.withClause));
  parts.push(s.op === 'SETOP_NONE' ? printCore(s) : printSetOperations(s));
  if (s.sortClause.length > 0) parts.push(printOrderBy(s.sortClause));
  if (s.limitCount !== null) parts.push(printLimit(s, s.limitCount));
  if (s.limitOffset !== null) parts.push(`OFFSET ${printOperand(s.limitOffset)}`);
  for (const lock of s.lockingClause) parts.push(printLock(lock));
  return parts.join(' ');
}

function printLimit(s: SelectStmt, count: Expr): string {
  const isNull = count.kind === 'A_Const' && count.constType === 'Null';
  if (s.limitOption === 'LIMIT_OPTION_WITH_TIES') return `FETCH FIRST ${printOperand(count)} ROWS WITH TIES`;
  return `LIMIT ${isNull ? 'ALL' : printOperand(count)}`;
}

/** Whether a query needs parentheses as an operand of a set operation. */
function hasTail(s: SelectStmt): boolean {
  return (
    s.withClause !== null ||
    s.sortClause.length > 0 ||
    s.limitCount !== null ||
    s.limitOffset !== null ||
    s.lockingClause.length > 0
  );
}

function printSetOperations(s: SelectStmt): string {
  const tail: string[] = [];
  let at = s;
  for (;;) {
    const right = at.rarg!;
    const rightText =
      right.op !== 'SETOP_NONE' || hasTail(right) ? `(${printSelect(right)})` : printCore(right);
    tail.push(`${at.op.slice(6)} ${at.all ? 'ALL ' : ''}${rightText}`);
    const left = at.larg!;
    const continues =
      left.op !== 'SETOP_NONE' &&
      !hasTail(left) &&
      (at.op !== 'SETOP_INTERSECT' || left.op === 'SETOP_INTERSECT');
    if (!continues) {
      tail.push(left.op !== 'SETOP_NONE' || hasTail(left) ? `(${printSelect(left)})` : printCore(left));
      return tail.reverse().join(' ');
    }
    at = left;
  }
}

function printCore(s: SelectStmt): string {
  if (s.valuesLists.length > 0)
    return `VALUES ${s.valuesLists.map((row) => `(${printExprs(row)})`).join(', ')}`;
  const parts = ['SELECT'];
  if (s.distinctClause !== null)
    parts.push(s.distinctClause.length === 0 ? 'DISTINCT' : `DISTINCT ON (${printExprs(s.distinctClause)})`);
  if (s.targetList.length > 0) parts.push(printTargets(s.targetList));
  if (s.intoClause !== null) parts.push(printIntoTarget(s.intoClause));
  if (s.fromClause.length > 0) parts.push(`FROM ${printFrom(s.fromClause)}`);
  if (s.whereClause !== null) parts.push(`WHERE ${printExpr(s.whereClause)}`);
  if (s.groupClause.length > 0)
    parts.push(
      `GROUP BY ${s.groupDistinct ? 'DISTINCT ' : ''}${s.groupClause.map(printGroupItem).join(', ')}`,
    );
  if (s.havingClause !== null) parts.push(`HAVING ${printExpr(s.havingClause)}`);
  if (s.windowClause.length > 0)
    parts.push(
      `WINDOW ${s.windowClause.map((w) => `${quoteIdentifier(w.name!)} AS ${printWindow(w)}`).join(', ')}`,
    );
  return parts.join(' ');
}

function printIntoTarget(into: IntoClause): string {
  return `INTO ${PERSISTENCE[into.rel.relpersistence]}TABLE ${printRelation(into.rel)}`;
}

export const PERSISTENCE: Readonly<Record<'p' | 't' | 'u', string>> = {
  p: '',
  t: 'TEMPORARY ',
  u: 'UNLOGGED ',
};

export function printTargets(list: readonly ResTarget[]): string {
  return list
    .map((t) => printExpr(t.val!) + (t.name === null ? '' : ` AS ${quoteIdentifier(t.name)}`))
    .join(', ');
}

/** A target column of INSERT or SET. */
export function printTargetColumn(t: ResTarget): string {
  return quoteIdentifier(t.name!) + printIndirection(t.indirection);
}

function printGroupItem(item: Expr | GroupingSet): string {
  if (item.kind !== 'GroupingSet') return printExpr(item);
  const content = item.content.map(printGroupItem).join(', ');
  switch (item.setKind) {
    case 'GROUPING_SET_EMPTY':
      return '()';
    case 'GROUPING_SET_ROLLUP':
      return `ROLLUP(${content})`;
    case 'GROUPING_SET_CUBE':
      return `CUBE(${content})`;
    default:
      return `GROUPING SETS (${content})`;
  }
}

const STRENGTH: Readonly<Record<LockingClause['strength'], string>> = {
  LCS_FORKEYSHARE: 'KEY SHARE',
  LCS_FORSHARE: 'SHARE',
  LCS_FORNOKEYUPDATE: 'NO KEY UPDATE',
  LCS_FORUPDATE: 'UPDATE',
};

/** `FOR UPDATE`. */
export function printLockStrength(lock: LockingClause): string {
  return `FOR ${STRENGTH[lock.strength]}`;
}

function printLock(lock: LockingClause): string {
  const of = lock.lockedRels.length > 0 ? ` OF ${lock.lockedRels.map(printRelation).join(', ')}` : '';
  const wait =
    lock.waitPolicy === 'LockWaitSkip'
      ? ' SKIP LOCKED'
      : lock.waitPolicy === 'LockWaitError'
        ? ' NOWAIT'
        : '';
  return `${printLockStrength(lock)}${of}${wait}`;
}

export function printWith(w: WithClause): string {
  return `WITH ${w.recursive ? 'RECURSIVE ' : ''}${w.ctes.map(printCte).join(', ')}`;
}

function printCte(c: CommonTableExpr): string {
  let text = quoteIdentifier(c.ctename);
  if (c.aliascolnames.length > 0) text += ` (${quoteNames(c.aliascolnames)})`;
  text += ' AS ';
  if (c.ctematerialized === 'CTEMaterializeAlways') text += 'MATERIALIZED ';
  else if (c.ctematerialized === 'CTEMaterializeNever') text += 'NOT MATERIALIZED ';
  text += `(${printPreparable(c.ctequery)})`;
  const search = c.search_clause;
  if (search !== null)
    text += ` SEARCH ${search.search_breadth_first ? 'BREADTH' : 'DEPTH'} FIRST BY ${quoteNames(search.search_col_list)} SET ${quoteIdentifier(search.search_seq_column)}`;
  const cycle = c.cycle_clause;
  if (cycle !== null)
    text += ` CYCLE ${quoteNames(cycle.cycle_col_list)} SET ${quoteIdentifier(cycle.cycle_mark_column)} TO ${printOperand(cycle.cycle_mark_value!)} DEFAULT ${printOperand(cycle.cycle_mark_default!)} USING ${quoteIdentifier(cycle.cycle_path_column)}`;
  return text;
}

export function printFrom(list: readonly FromItem[]): string {
  return list.map(printFromItem).join(', ');
}

/** A relation's name, without ONLY and alias. */
export function printRelation(r: RangeVar): string {
  const names = [r.catalogname, r.schemaname, r.relname].filter((name): name is string => name !== null);
  return quoteName(names);
}

/** With ONLY and alias. */
export function printRelationExpr(r: RangeVar): string {
  return `${r.inh ? '' : 'ONLY '}${printRelation(r)}${printAlias(r.alias)}`;
}

function printAlias(alias: Alias | null): string {
  if (alias === null) return '';
  const columns = alias.colnames.length > 0 ? ` (${quoteNames(alias.colnames)})` : '';
  return ` AS ${quoteIdentifier(alias.aliasname)}${columns}`;
}

export function printFromItem(item: FromItem): string {
  switch (item.kind) {
    case 'RangeVar':
      return printRelationExpr(item);
    case 'RangeSubselect':
      return `${lateral(item.lateral)}(${printSelect(item.subquery)})${printAlias(item.alias)}`;
    case 'RangeFunction':
      return printRangeFunction(item);
    case 'RangeTableSample': {
      const repeatable = item.repeatable === null ? '' : ` REPEATABLE (${printExpr(item.repeatable)})`;
      return `${printRelationExpr(item.relation)} TABLESAMPLE ${quoteName(item.method)}(${printExprs(item.args)})${repeatable}`;
    }
    case 'RangeTableFunc':
      return `${lateral(item.lateral)}${printXmlTable(item)}${printAlias(item.alias)}`;
    case 'JsonTable':
      return `${lateral(item.lateral)}${printJsonTable(item)}${printAlias(item.alias)}`;
    case 'JoinExpr':
      return item.alias === null ? printJoins(item) : `(${printJoins(item)})${printAlias(item.alias)}`;
    default:
      return unreachable(item, 'printFromItem');
  }
}

function lateral(on: boolean): string {
  return on ? 'LATERAL ' : '';
}

/** A left-deep chain of joins (I1). */
function printJoins(top: JoinExpr): string {
  const tail: string[] = [];
  let at: FromItem = top;
  for (;;) {
    if (at.kind !== 'JoinExpr' || (at !== top && at.alias !== null)) {
      tail.push(printFromItem(at));
      return tail.reverse().join(' ');
    }
    tail.push(printJoinTail(at));
    at = at.larg;
  }
}

function printJoinTail(j: JoinExpr): string {
  const right =
    j.rarg.kind === 'JoinExpr' && j.rarg.alias === null ? `(${printJoins(j.rarg)})` : printFromItem(j.rarg);
  const type = j.jointype.slice(5);
  const join = type === 'INNER' ? 'JOIN' : `${type} JOIN`;
  if (j.isNatural) return `NATURAL ${join} ${right}`;
  if (j.quals !== null) return `${join} ${right} ON ${printExpr(j.quals)}`;
  if (j.usingClause.length > 0)
    return `${join} ${right} USING (${quoteNames(j.usingClause)})${printAlias(j.join_using_alias)}`;
  return `CROSS JOIN ${right}`;
}

/** `name type [COLLATE c], ...`. */
export function printColumnDefs(list: readonly ColumnDef[]): string {
  return list
    .map((c) => {
      const collate = c.collClause === null ? '' : ` ${printExpr(c.collClause)}`;
      return `${quoteIdentifier(c.colname)} ${printTypeName(c.typeName!)}${collate}`;
    })
    .join(', ');
}

/** In FROM a cast can only be written CAST(...). */
function printTableFunction(e: Expr): string {
  return e.kind === 'TypeCast' ? `CAST(${printExpr(e.arg)} AS ${printTypeName(e.typeName)})` : printExpr(e);
}

function printRangeFunction(f: RangeFunction): string {
  const functions = f.functions.map(
    (item) =>
      printTableFunction(item.func) +
      (item.coldeflist.length > 0 ? ` AS (${printColumnDefs(item.coldeflist)})` : ''),
  );
  let text = lateral(f.lateral) + (f.is_rowsfrom ? `ROWS FROM (${functions.join(', ')})` : functions[0]!);
  if (f.ordinality) text += ' WITH ORDINALITY';
  if (f.coldeflist.length === 0) return text + printAlias(f.alias);
  const name = f.alias === null ? '' : `${quoteIdentifier(f.alias.aliasname)} `;
  return `${text} AS ${name}(${printColumnDefs(f.coldeflist)})`;
}
