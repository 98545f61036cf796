// Statements and expressions as canonical SQL text: keywords in upper case, one blank between tokens, parentheses around every
// compound operand.
//
// I1  parse(print(s)) equals s but for locations, for every statement printed.
// I2  What is not printed yet is refused by name (0A000), never printed wrongly.

import { notSupported } from '../../base/errors.ts';
import type { Expr, Statement } from '../ast/nodes.ts';
import { printCopy, printPreparable, printTruncate } from './dml.ts';
import { printExpr } from './expression.ts';
import { printRelOptions, printSequenceOptions, printUtilityOptions } from './options.ts';
import { quoteIdentifier, quoteName, quoteNames, quoteString } from './quote.ts';
import { printCreateFunction, printCreateTrigger } from './routine.ts';
import { PERSISTENCE, printColumnDefs, printRelation, printSelect } from './select.ts';
import { printConstraint, printCreateIndex, printCreateTable, printCreateTableAs } from './table.ts';
import { printTypeName } from './type-name.ts';
import {
  objectWords,
  printDeclare,
  printDrop,
  printExecute,
  printFetch,
  printLockTable,
  printObject,
  printTransaction,
  printVacuum,
  printVariableSet,
} from './utility.ts';

/** One expression as SQL text.
 *
 * @example
 * printExpression(parseExpression('a+b*2')) === 'a + (b * 2)'
 */
export function printExpression(e: Expr): string {
  return printExpr(e);
}

/** One statement as SQL text, without a semicolon. */
export function print(s: Statement): string {
  return printQueryLike(s) ?? printDefinition(s) ?? printSession(s) ?? refuse(s);
}

function refuse(s: Statement): never {
  throw notSupported(`printing ${s.kind}`);
}

function printQueryLike(s: Statement): string | null {
  switch (s.kind) {
    case 'SelectStmt':
    case 'InsertStmt':
    case 'UpdateStmt':
    case 'DeleteStmt':
    case 'MergeStmt':
      return printPreparable(s);
    case 'CopyStmt':
      return printCopy(s);
    case 'TruncateStmt':
      return printTruncate(s);
    case 'ExplainStmt':
      return `EXPLAIN${printUtilityOptions(s.options)} ${print(s.query)}`;
    case 'PrepareStmt': {
      const types = s.argtypes.length > 0 ? ` (${s.argtypes.map(printTypeName).join(', ')})` : '';
      return `PREPARE ${quoteIdentifier(s.name)}${types} AS ${printPreparable(s.query)}`;
    }
    case 'ExecuteStmt':
      return printExecute(s);
    case 'DeclareCursorStmt':
      return printDeclare(s);
    case 'FetchStmt':
      return printFetch(s);
    case 'CallStmt':
      return `CALL ${printExpr(s.funccall)}`;
    default:
      return null;
  }
}

const CHECK_OPTION = {
  NO_CHECK_OPTION: '',
  LOCAL_CHECK_OPTION: ' WITH LOCAL CHECK OPTION',
  CASCADED_CHECK_OPTION: ' WITH CASCADED CHECK OPTION',
} as const;

function printDefinition(s: Statement): string | null {
  switch (s.kind) {
    case 'CreateStmt':
      return printCreateTable(s);
    case 'IndexStmt':
      return printCreateIndex(s);
    case 'CreateTableAsStmt':
      return printCreateTableAs(s);
    case 'ViewStmt': {
      const aliases = s.aliases.length > 0 ? ` (${quoteNames(s.aliases)})` : '';
      const options = s.options.length > 0 ? ` WITH ${printRelOptions(s.options)}` : '';
      return `CREATE ${s.replace ? 'OR REPLACE ' : ''}${PERSISTENCE[s.view.relpersistence]}VIEW ${printRelation(s.view)}${aliases}${options} AS ${printSelect(s.query)}${CHECK_OPTION[s.withCheckOption]}`;
    }
    case 'RefreshMatViewStmt':
      return `REFRESH MATERIALIZED VIEW${s.concurrent ? ' CONCURRENTLY' : ''} ${printRelation(s.relation)}${s.skipData ? ' WITH NO DATA' : ''}`;
    case 'CreateSeqStmt':
      return `CREATE ${PERSISTENCE[s.sequence.relpersistence]}SEQUENCE ${s.if_not_exists ? 'IF NOT EXISTS ' : ''}${printRelation(s.sequence)}${printSequenceOptions(s.options)}`;
    case 'AlterSeqStmt':
      return `ALTER SEQUENCE ${s.missing_ok ? 'IF EXISTS ' : ''}${printRelation(s.sequence)}${printSequenceOptions(s.options)}`;
    case 'CreateEnumStmt':
      return `CREATE TYPE ${quoteName(s.typeName)} AS ENUM (${s.vals.map(quoteString).join(', ')})`;
    case 'CompositeTypeStmt':
      return `CREATE TYPE ${printRelation(s.typevar)} AS (${printColumnDefs(s.coldeflist)})`;
    case 'CreateDomainStmt': {
      const collate = s.collClause === null ? '' : ` ${printExpr(s.collClause)}`;
      const constraints = s.constraints.map((c) => ` ${printConstraint(c, false)}`).join('');
      return `CREATE DOMAIN ${quoteName(s.domainname)} AS ${printTypeName(s.typeName)}${collate}${constraints}`;
    }
    case 'CreateFunctionStmt':
      return printCreateFunction(s);
    case 'CreateTrigStmt':
      return printCreateTrigger(s);
    case 'DropStmt':
      return printDrop(s);
    case 'CommentStmt': {
      const text = s.comment === null ? 'NULL' : quoteString(s.comment);
      return `COMMENT ON ${objectWords(s.objtype)} ${printObject(s.object, s.objtype)} IS ${text}`;
    }
    default:
      return null;
  }
}

function printSession(s: Statement): string | null {
  switch (s.kind) {
    case 'TransactionStmt':
      return printTransaction(s);
    case 'VariableSetStmt':
      return printVariableSet(s);
    case 'VariableShowStmt':
      return s.name === 'all' ? 'SHOW ALL' : `SHOW ${quoteName(s.name.split('.'))}`;
    case 'ConstraintsSetStmt': {
      const names = s.constraints.length > 0 ? s.constraints.map(printRelation).join(', ') : 'ALL';
      return `SET CONSTRAINTS ${names} ${s.deferred ? 'DEFERRED' : 'IMMEDIATE'}`;
    }
    case 'DeallocateStmt':
      return `DEALLOCATE ${s.name === null ? 'ALL' : quoteIdentifier(s.name)}`;
    case 'ClosePortalStmt':
      return `CLOSE ${s.portalname === null ? 'ALL' : quoteIdentifier(s.portalname)}`;
    case 'ListenStmt':
      return `LISTEN ${quoteIdentifier(s.conditionname)}`;
    case 'UnlistenStmt':
      return `UNLISTEN ${s.conditionname === null ? '*' : quoteIdentifier(s.conditionname)}`;
    case 'NotifyStmt':
      return `NOTIFY ${quoteIdentifier(s.conditionname)}${s.payload === null ? '' : `, ${quoteString(s.payload)}`}`;
    case 'VacuumStmt':
      return printVacuum(s);
    case 'CheckPointStmt':
      return 'CHECKPOINT';
    case 'DiscardStmt':
      return `DISCARD ${s.target.slice(8)}`;
    case 'LockStmt':
      return printLockTable(s);
    default:
      return null;
  }
}
