// Transactions, settings, prepared statements, cursors, maintenance, DROP as SQL text.

import type {
  DeclareCursorStmt,
  DefElem,
  DropStmt,
  ExecuteStmt,
  Expr,
  FetchStmt,
  LockStmt,
  ObjectName,
  ObjectType,
  TransactionStmt,
  VacuumStmt,
  VariableSetStmt,
} from '../ast/nodes.ts';
import { printExpr, printExprs } from './expression.ts';
import { printUtilityOptions } from './options.ts';
import { printQualifiedOperator, quoteIdentifier, quoteName, quoteNames, quoteString } from './quote.ts';
import { printRelationExpr, printSelect } from './select.ts';
import { printTypeName } from './type-name.ts';

export function printExecute(s: ExecuteStmt): string {
  return `EXECUTE ${quoteIdentifier(s.name)}${s.params.length > 0 ? `(${printExprs(s.params)})` : ''}`;
}

/** transaction_mode_list. */
function printModes(options: readonly (DefElem | Expr)[]): string {
  const modes = options.map((o) => {
    if (o.kind !== 'DefElem' || o.arg?.kind !== 'A_Const') return '';
    if (o.defname === 'transaction_isolation') return `ISOLATION LEVEL ${o.arg.sval.toUpperCase()}`;
    if (o.defname === 'transaction_read_only') return o.arg.ival === 1 ? 'READ ONLY' : 'READ WRITE';
    return o.arg.ival === 1 ? 'DEFERRABLE' : 'NOT DEFERRABLE';
  });
  return modes.join(', ');
}

export function printTransaction(s: TransactionStmt): string {
  const modes = s.options.length > 0 ? ` ${printModes(s.options)}` : '';
  const chain = s.chain ? ' AND CHAIN' : '';
  const name = s.savepoint_name === null ? '' : quoteIdentifier(s.savepoint_name);
  const gid = s.gid === null ? '' : quoteString(s.gid);
  switch (s.stmtKind) {
    case 'TRANS_STMT_BEGIN':
      return `BEGIN${modes}`;
    case 'TRANS_STMT_START':
      return `START TRANSACTION${modes}`;
    case 'TRANS_STMT_COMMIT':
      return `COMMIT${chain}`;
    case 'TRANS_STMT_ROLLBACK':
      return `ROLLBACK${chain}`;
    case 'TRANS_STMT_SAVEPOINT':
      return `SAVEPOINT ${name}`;
    case 'TRANS_STMT_RELEASE':
      return `RELEASE SAVEPOINT ${name}`;
    case 'TRANS_STMT_ROLLBACK_TO':
      return `ROLLBACK TO SAVEPOINT ${name}`;
    case 'TRANS_STMT_PREPARE':
      return `PREPARE TRANSACTION ${gid}`;
    case 'TRANS_STMT_COMMIT_PREPARED':
      return `COMMIT PREPARED ${gid}`;
    default:
      return `ROLLBACK PREPARED ${gid}`;
  }
}

/** A setting's name: dotted parts are quoted one by one. */
function settingName(name: string): string {
  return quoteName(name.split('.'));
}

/** From SET or RESET on. */
export function printVariableSet(s: VariableSetStmt): string {
  const name = s.name ?? '';
  const scope = s.is_local ? 'LOCAL ' : '';
  switch (s.setKind) {
    case 'VAR_RESET_ALL':
      return 'RESET ALL';
    case 'VAR_RESET':
      return `RESET ${settingName(name)}`;
    case 'VAR_SET_DEFAULT':
      return `SET ${scope}${settingName(name)} TO DEFAULT`;
    case 'VAR_SET_CURRENT':
      return `SET ${scope}${settingName(name)} FROM CURRENT`;
    case 'VAR_SET_MULTI':
      if (name === 'TRANSACTION') return `SET ${scope}TRANSACTION ${printModes(s.args)}`;
      if (name === 'SESSION CHARACTERISTICS')
        return `SET SESSION CHARACTERISTICS AS TRANSACTION ${printModes(s.args)}`;
      return `SET ${scope}TRANSACTION SNAPSHOT ${printExpr(s.args[0] as Expr)}`;
    default: {
      const first = s.args[0];
      if (first?.kind === 'TypeCast' && first.arg.kind === 'A_Const') {
        const fields = printTypeName(first.typeName).slice('interval'.length);
        const isPrecision = fields.startsWith('(');
        const text = printExpr(first.arg);
        return `SET ${scope}TIME ZONE INTERVAL${isPrecision ? `${fields} ${text}` : ` ${text}${fields}`}`;
      }
      return `SET ${scope}${settingName(name)} TO ${printExprs(s.args as readonly Expr[])}`;
    }
  }
}

export function printDeclare(s: DeclareCursorStmt): string {
  let text = `DECLARE ${quoteIdentifier(s.portalname)}`;
  if (s.options & 0x01) text += ' BINARY';
  if (s.options & 0x08) text += ' INSENSITIVE';
  if (s.options & 0x10) text += ' ASENSITIVE';
  if (s.options & 0x02) text += ' SCROLL';
  if (s.options & 0x04) text += ' NO SCROLL';
  return `${text} CURSOR${s.options & 0x20 ? ' WITH HOLD' : ''} FOR ${printSelect(s.query)}`;
}

export function printFetch(s: FetchStmt): string {
  const count = s.howMany === Number.POSITIVE_INFINITY ? 'ALL' : String(s.howMany);
  return `${s.ismove ? 'MOVE' : 'FETCH'} ${s.direction.slice(6)} ${count} FROM ${quoteIdentifier(s.portalname)}`;
}

export function printVacuum(s: VacuumStmt): string {
  const rels = s.rels.map(
    (r) => printRelationExpr(r.relation) + (r.va_cols.length > 0 ? ` (${quoteNames(r.va_cols)})` : ''),
  );
  return `${s.is_vacuumcmd ? 'VACUUM' : 'ANALYZE'}${printUtilityOptions(s.options)}${rels.length > 0 ? ` ${rels.join(', ')}` : ''}`;
}

const LOCK_MODES = [
  '',
  'ACCESS SHARE',
  'ROW SHARE',
  'ROW EXCLUSIVE',
  'SHARE UPDATE EXCLUSIVE',
  'SHARE',
  'SHARE ROW EXCLUSIVE',
  'EXCLUSIVE',
  'ACCESS EXCLUSIVE',
] as const;

export function printLockTable(s: LockStmt): string {
  return `LOCK TABLE ${s.relations.map(printRelationExpr).join(', ')} IN ${LOCK_MODES[s.mode]} MODE${s.nowait ? ' NOWAIT' : ''}`;
}

const WORDS: Partial<Record<ObjectType, string>> = {
  OBJECT_MATVIEW: 'MATERIALIZED VIEW',
  OBJECT_ACCESS_METHOD: 'ACCESS METHOD',
  OBJECT_FOREIGN_TABLE: 'FOREIGN TABLE',
  OBJECT_FOREIGN_SERVER: 'SERVER',
  OBJECT_FDW: 'FOREIGN DATA WRAPPER',
  OBJECT_EVENT_TRIGGER: 'EVENT TRIGGER',
  OBJECT_LARGEOBJECT: 'LARGE OBJECT',
  OBJECT_OPCLASS: 'OPERATOR CLASS',
  OBJECT_OPFAMILY: 'OPERATOR FAMILY',
  OBJECT_STATISTIC_EXT: 'STATISTICS',
  OBJECT_TABCONSTRAINT: 'CONSTRAINT',
  OBJECT_DOMCONSTRAINT: 'CONSTRAINT',
  OBJECT_TSCONFIGURATION: 'TEXT SEARCH CONFIGURATION',
  OBJECT_TSDICTIONARY: 'TEXT SEARCH DICTIONARY',
  OBJECT_TSPARSER: 'TEXT SEARCH PARSER',
  OBJECT_TSTEMPLATE: 'TEXT SEARCH TEMPLATE',
};

/** The words that name an object type in SQL. */
export function objectWords(type: ObjectType): string {
  return WORDS[type] ?? type.slice(7).replaceAll('_', ' ');
}

export function printObject(o: ObjectName, type: ObjectType): string {
  switch (type) {
    case 'OBJECT_TYPE':
    case 'OBJECT_DOMAIN':
      return o.typeName === null ? quoteName(o.names) : printTypeName(o.typeName);
    case 'OBJECT_CAST':
      return `(${printTypeName(o.sourceType!)} AS ${printTypeName(o.typeName!)})`;
    case 'OBJECT_TRANSFORM':
      return `FOR ${printTypeName(o.typeName!)} LANGUAGE ${quoteIdentifier(o.using!)}`;
    case 'OBJECT_OPCLASS':
    case 'OBJECT_OPFAMILY':
      return `${quoteName(o.names)} USING ${quoteIdentifier(o.using!)}`;
    case 'OBJECT_POLICY':
    case 'OBJECT_RULE':
    case 'OBJECT_TRIGGER':
    case 'OBJECT_TABCONSTRAINT':
      return `${quoteIdentifier(o.names[o.names.length - 1]!)} ON ${quoteName(o.names.slice(0, -1))}`;
    case 'OBJECT_DOMCONSTRAINT':
      return `${quoteIdentifier(o.names[o.names.length - 1]!)} ON DOMAIN ${quoteName(o.names.slice(0, -1))}`;
    case 'OBJECT_LARGEOBJECT':
      return o.names[0]!;
    case 'OBJECT_OPERATOR':
      return `${printQualifiedOperator(o.names)}(${o.args!.map((a) => (a === null ? 'NONE' : printTypeName(a))).join(', ')})`;
    default:
      return quoteName(o.names) + printObjectArguments(o, type);
  }
}

const MODES = {
  FUNC_PARAM_IN: 'IN ',
  FUNC_PARAM_OUT: 'OUT ',
  FUNC_PARAM_INOUT: 'INOUT ',
  FUNC_PARAM_VARIADIC: 'VARIADIC ',
  FUNC_PARAM_TABLE: '',
  FUNC_PARAM_DEFAULT: '',
} as const;

export function printParameter(p: ObjectName['funcargs'][number]): string {
  const name = p.name === null ? '' : `${quoteIdentifier(p.name)} `;
  const fallback = p.defexpr === null ? '' : ` DEFAULT ${printExpr(p.defexpr)}`;
  return `${MODES[p.mode]}${name}${printTypeName(p.argType)}${fallback}`;
}

function printObjectArguments(o: ObjectName, type: ObjectType): string {
  if (o.args === null) return '';
  if (type === 'OBJECT_AGGREGATE' && o.funcargs.length === 0) return '(*)';
  return `(${o.funcargs.map(printParameter).join(', ')})`;
}

export function printDrop(s: DropStmt): string {
  const objects = s.objects.map((o) => printObject(o, s.removeType)).join(', ');
  return `DROP ${objectWords(s.removeType)}${s.concurrent ? ' CONCURRENTLY' : ''}${s.missing_ok ? ' IF EXISTS' : ''} ${objects}${s.behavior === 'DROP_CASCADE' ? ' CASCADE' : ''}`;
}
