// INSERT, UPDATE, DELETE, MERGE, COPY, TRUNCATE as SQL text.

import type {
  CopyStmt,
  DeleteStmt,
  IndexElem,
  InsertStmt,
  MergeStmt,
  MergeWhenClause,
  OnConflictClause,
  PreparableStmt,
  ResTarget,
  ReturningClause,
  TruncateStmt,
  UpdateStmt,
  WithClause,
} from '../ast/nodes.ts';
import { printExpr, printExprs, printNulls } from './expression.ts';
import { printDefArg, printRelOptions } from './options.ts';
import { quoteIdentifier, quoteName, quoteNames, quoteString } from './quote.ts';
import {
  printFrom,
  printFromItem,
  printRelation,
  printRelationExpr,
  printSelect,
  printTargetColumn,
  printTargets,
  printWith,
} from './select.ts';

export function printPreparable(s: PreparableStmt): string {
  switch (s.kind) {
    case 'InsertStmt':
      return printInsert(s);
    case 'UpdateStmt':
      return printUpdate(s);
    case 'DeleteStmt':
      return printDelete(s);
    case 'MergeStmt':
      return printMerge(s);
    default:
      return printSelect(s);
  }
}

function withPrefix(w: WithClause | null): string {
  return w === null ? '' : `${printWith(w)} `;
}

const OVERRIDING = {
  OVERRIDING_NOT_SET: '',
  OVERRIDING_USER_VALUE: ' OVERRIDING USER VALUE',
  OVERRIDING_SYSTEM_VALUE: ' OVERRIDING SYSTEM VALUE',
} as const;

function printInsert(s: InsertStmt): string {
  let text = `${withPrefix(s.withClause)}INSERT INTO ${printRelation(s.relation)}`;
  if (s.relation.alias !== null) text += ` AS ${quoteIdentifier(s.relation.alias.aliasname)}`;
  if (s.cols.length > 0) text += ` (${s.cols.map(printTargetColumn).join(', ')})`;
  text += OVERRIDING[s.override];
  text += s.selectStmt === null ? ' DEFAULT VALUES' : ` ${printSelect(s.selectStmt)}`;
  if (s.onConflictClause !== null) text += printOnConflict(s.onConflictClause);
  return text + printReturning(s.returningClause);
}

export function printIndexElem(e: IndexElem): string {
  let text = e.name !== null ? quoteIdentifier(e.name) : `(${printExpr(e.expr!)})`;
  if (e.collation.length > 0) text += ` COLLATE ${quoteName(e.collation)}`;
  if (e.opclass.length > 0) text += ` ${quoteName(e.opclass)}`;
  if (e.opclassopts.length > 0) text += ` ${printRelOptions(e.opclassopts)}`;
  if (e.ordering === 'SORTBY_ASC') text += ' ASC';
  else if (e.ordering === 'SORTBY_DESC') text += ' DESC';
  return text + printNulls(e.nulls_ordering);
}

function printOnConflict(c: OnConflictClause): string {
  let text = ' ON CONFLICT';
  if (c.infer !== null) {
    if (c.infer.conname !== null) text += ` ON CONSTRAINT ${quoteIdentifier(c.infer.conname)}`;
    else text += ` (${c.infer.indexElems.map(printIndexElem).join(', ')})`;
    if (c.infer.whereClause !== null) text += ` WHERE ${printExpr(c.infer.whereClause)}`;
  }
  if (c.action === 'ONCONFLICT_NOTHING') return `${text} DO NOTHING`;
  text += ` DO UPDATE SET ${printSet(c.targetList)}`;
  return c.whereClause === null ? text : `${text} WHERE ${printExpr(c.whereClause)}`;
}

/** SET's assignments; the columns of one multiple assignment stand together. */
function printSet(targets: readonly ResTarget[]): string {
  const parts: string[] = [];
  for (let i = 0; i < targets.length; i++) {
    const val = targets[i]!.val!;
    if (val.kind !== 'MultiAssignRef') {
      parts.push(`${printTargetColumn(targets[i]!)} = ${printExpr(val)}`);
      continue;
    }
    const columns = targets.slice(i, i + val.ncolumns).map(printTargetColumn);
    parts.push(`(${columns.join(', ')}) = ${printExpr(val.source)}`);
    i += val.ncolumns - 1;
  }
  return parts.join(', ');
}

function printReturning(r: ReturningClause | null): string {
  if (r === null) return '';
  const options = r.options.map(
    (o) => `${o.option === 'RETURNING_OPTION_NEW' ? 'NEW' : 'OLD'} AS ${quoteIdentifier(o.value)}`,
  );
  const withOptions = options.length > 0 ? `WITH (${options.join(', ')}) ` : '';
  return ` RETURNING ${withOptions}${printTargets(r.exprs)}`;
}

function printUpdate(s: UpdateStmt): string {
  let text = `${withPrefix(s.withClause)}UPDATE ${printRelationExpr(s.relation)} SET ${printSet(s.targetList)}`;
  if (s.fromClause.length > 0) text += ` FROM ${printFrom(s.fromClause)}`;
  if (s.whereClause !== null) text += ` WHERE ${printExpr(s.whereClause)}`;
  return text + printReturning(s.returningClause);
}

function printDelete(s: DeleteStmt): string {
  let text = `${withPrefix(s.withClause)}DELETE FROM ${printRelationExpr(s.relation)}`;
  if (s.usingClause.length > 0) text += ` USING ${printFrom(s.usingClause)}`;
  if (s.whereClause !== null) text += ` WHERE ${printExpr(s.whereClause)}`;
  return text + printReturning(s.returningClause);
}

function printMerge(s: MergeStmt): string {
  const whens = s.mergeWhenClauses.map(printMergeWhen).join('');
  return `${withPrefix(s.withClause)}MERGE INTO ${printRelationExpr(s.relation)} USING ${printFromItem(s.sourceRelation)} ON ${printExpr(s.joinCondition)}${whens}${printReturning(s.returningClause)}`;
}

const MATCH = {
  MERGE_WHEN_MATCHED: 'MATCHED',
  MERGE_WHEN_NOT_MATCHED_BY_SOURCE: 'NOT MATCHED BY SOURCE',
  MERGE_WHEN_NOT_MATCHED_BY_TARGET: 'NOT MATCHED',
} as const;

function printMergeWhen(w: MergeWhenClause): string {
  const condition = w.condition === null ? '' : ` AND ${printExpr(w.condition)}`;
  return ` WHEN ${MATCH[w.matchKind]}${condition} THEN ${printMergeAction(w)}`;
}

function printMergeAction(w: MergeWhenClause): string {
  switch (w.commandType) {
    case 'CMD_NOTHING':
      return 'DO NOTHING';
    case 'CMD_DELETE':
      return 'DELETE';
    case 'CMD_UPDATE':
      return `UPDATE SET ${printSet(w.targetList)}`;
    default: {
      const columns = w.targetList.length > 0 ? ` (${w.targetList.map(printTargetColumn).join(', ')})` : '';
      const values = w.values.length > 0 ? ` VALUES (${printExprs(w.values)})` : ' DEFAULT VALUES';
      return `INSERT${columns}${OVERRIDING[w.override]}${values}`;
    }
  }
}

export function printCopy(s: CopyStmt): string {
  const columns = s.attlist.length > 0 ? ` (${quoteNames(s.attlist)})` : '';
  const what = s.query !== null ? `(${printPreparable(s.query)})` : printRelation(s.relation!) + columns;
  const file =
    s.filename === null
      ? s.is_from
        ? 'STDIN'
        : 'STDOUT'
      : `${s.is_program ? 'PROGRAM ' : ''}${quoteString(s.filename)}`;
  const options = s.options.map(
    (o) => quoteIdentifier(o.defname) + (o.arg === null ? '' : ` ${printCopyArg(o.arg)}`),
  );
  const withOptions = options.length > 0 ? ` WITH (${options.join(', ')})` : '';
  const where = s.whereClause === null ? '' : ` WHERE ${printExpr(s.whereClause)}`;
  return `COPY ${what} ${s.is_from ? 'FROM' : 'TO'} ${file}${withOptions}${where}`;
}

function printCopyArg(arg: NonNullable<CopyStmt['options'][number]['arg']>): string {
  if (arg.kind !== 'NameList') return printDefArg(arg);
  return arg.names.length === 1 && arg.names[0] === '*'
    ? '*'
    : `(${arg.names.map(quoteIdentifier).join(', ')})`;
}

export function printTruncate(s: TruncateStmt): string {
  const restart = s.restart_seqs ? ' RESTART IDENTITY' : '';
  return `TRUNCATE TABLE ${s.relations.map(printRelationExpr).join(', ')}${restart}${s.behavior === 'DROP_CASCADE' ? ' CASCADE' : ''}`;
}
