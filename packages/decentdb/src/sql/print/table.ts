// CREATE TABLE, its columns and constraints, CREATE INDEX as SQL text.

import type {
  ColumnDef,
  Constraint,
  CreateStmt,
  CreateTableAsStmt,
  FkAction,
  IndexStmt,
  OnCommitAction,
  PartitionBoundSpec,
  TableElement,
} from '../ast/nodes.ts';
import { printIndexElem } from './dml.ts';
import { printExpr, printExprs, printOperand } from './expression.ts';
import { printGenericOptions, printRelOptions, printSequenceOptions } from './options.ts';
import { printOperator, quoteIdentifier, quoteName, quoteNames } from './quote.ts';
import { PERSISTENCE, printRelation, printRelationExpr, printSelect } from './select.ts';
import { printTypeName } from './type-name.ts';
import { printExecute } from './utility.ts';

const ON_COMMIT: Readonly<Record<OnCommitAction, string>> = {
  ONCOMMIT_NOOP: '',
  ONCOMMIT_PRESERVE_ROWS: ' ON COMMIT PRESERVE ROWS',
  ONCOMMIT_DELETE_ROWS: ' ON COMMIT DELETE ROWS',
  ONCOMMIT_DROP: ' ON COMMIT DROP',
};

export function printCreateTable(s: CreateStmt): string {
  const elements = s.tableElts.map(printTableElement).join(', ');
  let text = `CREATE ${PERSISTENCE[s.relation.relpersistence]}TABLE ${s.if_not_exists ? 'IF NOT EXISTS ' : ''}${printRelation(s.relation)}`;
  if (s.ofTypename !== null)
    text += ` OF ${quoteName(s.ofTypename.names)}${elements === '' ? '' : ` (${elements})`}`;
  else if (s.partbound !== null)
    text += ` PARTITION OF ${printRelation(s.inhRelations[0]!)}${elements === '' ? '' : ` (${elements})`} ${printBound(s.partbound)}`;
  else {
    text += ` (${elements})`;
    if (s.inhRelations.length > 0) text += ` INHERITS (${s.inhRelations.map(printRelation).join(', ')})`;
  }
  const spec = s.partspec;
  if (spec !== null) {
    const keys = spec.partParams.map((k) => {
      const collate = k.collation.length > 0 ? ` COLLATE ${quoteName(k.collation)}` : '';
      const opclass = k.opclass.length > 0 ? ` ${quoteName(k.opclass)}` : '';
      return (k.name !== null ? quoteIdentifier(k.name) : `(${printExpr(k.expr!)})`) + collate + opclass;
    });
    text += ` PARTITION BY ${spec.strategy.slice(19)} (${keys.join(', ')})`;
  }
  if (s.accessMethod !== null) text += ` USING ${quoteIdentifier(s.accessMethod)}`;
  if (s.options.length > 0) text += ` WITH ${printRelOptions(s.options)}`;
  text += ON_COMMIT[s.oncommit];
  return s.tablespacename === null ? text : `${text} TABLESPACE ${quoteIdentifier(s.tablespacename)}`;
}

export function printBound(b: PartitionBoundSpec): string {
  if (b.is_default) return 'DEFAULT';
  if (b.strategy === 'l') return `FOR VALUES IN (${printExprs(b.listdatums)})`;
  if (b.strategy === 'r')
    return `FOR VALUES FROM (${printExprs(b.lowerdatums)}) TO (${printExprs(b.upperdatums)})`;
  return `FOR VALUES WITH (MODULUS ${b.modulus}, REMAINDER ${b.remainder})`;
}

const LIKE_OPTIONS: readonly (readonly [number, string])[] = [
  [1, 'COMMENTS'],
  [2, 'COMPRESSION'],
  [4, 'CONSTRAINTS'],
  [8, 'DEFAULTS'],
  [16, 'GENERATED'],
  [32, 'IDENTITY'],
  [64, 'INDEXES'],
  [128, 'STATISTICS'],
  [256, 'STORAGE'],
];
const LIKE_ALL = 0x7fffffff;

function printTableElement(e: TableElement): string {
  if (e.kind === 'ColumnDef') return printColumnDef(e);
  if (e.kind === 'Constraint') return printConstraint(e, true);
  const isMost = (e.options & 0x40000000) !== 0;
  const options = LIKE_OPTIONS.filter(([bit]) => ((e.options & bit) !== 0) !== isMost).map(
    ([, name]) => ` ${isMost ? 'EXCLUDING' : 'INCLUDING'} ${name}`,
  );
  const all = isMost ? ' INCLUDING ALL' : '';
  return `LIKE ${printRelation(e.relation)}${all}${e.options === LIKE_ALL ? '' : options.join('')}`;
}

export function printColumnDef(c: ColumnDef): string {
  let text = quoteIdentifier(c.colname);
  if (c.typeName !== null) text += ` ${printTypeName(c.typeName)}`;
  if (c.storage_name !== null) text += ` STORAGE ${quoteStorage(c.storage_name)}`;
  if (c.compression !== null) text += ` COMPRESSION ${quoteStorage(c.compression)}`;
  if (c.fdwoptions.length > 0) text += ` ${printGenericOptions(c.fdwoptions)}`;
  if (c.collClause !== null) text += ` ${printExpr(c.collClause)}`;
  for (const constraint of c.constraints) text += ` ${printConstraint(constraint, false)}`;
  return text;
}

function quoteStorage(name: string): string {
  return name === 'default' ? 'DEFAULT' : quoteIdentifier(name);
}

const FK_ACTIONS: Readonly<Record<FkAction, string>> = {
  '': '',
  a: '',
  r: 'RESTRICT',
  c: 'CASCADE',
  n: 'SET NULL',
  d: 'SET DEFAULT',
};

export function printConstraint(c: Constraint, table: boolean): string {
  const name = c.conname === null ? '' : `CONSTRAINT ${quoteIdentifier(c.conname)} `;
  return (
    name + printConstraintBody(c, table) + (table ? printAttributes(c) : c.is_no_inherit ? ' NO INHERIT' : '')
  );
}

function printConstraintBody(c: Constraint, table: boolean): string {
  switch (c.contype) {
    case 'CONSTR_NULL':
      return 'NULL';
    case 'CONSTR_NOTNULL':
      return c.keys.length > 0 && table ? `NOT NULL ${quoteNames(c.keys)}` : 'NOT NULL';
    case 'CONSTR_DEFAULT':
      return `DEFAULT ${printOperand(c.raw_expr!)}`;
    case 'CONSTR_IDENTITY': {
      const options = c.options.length > 0 ? ` (${printSequenceOptions(c.options).trim()})` : '';
      return `GENERATED ${c.generated_when === 'a' ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY${options}`;
    }
    case 'CONSTR_GENERATED':
      return `GENERATED ALWAYS AS (${printExpr(c.raw_expr!)}) ${c.generated_kind === 's' ? 'STORED' : 'VIRTUAL'}`;
    case 'CONSTR_CHECK':
      return `CHECK (${printExpr(c.raw_expr!)})`;
    case 'CONSTR_PRIMARY':
      return `PRIMARY KEY${printKey(c)}`;
    case 'CONSTR_UNIQUE':
      return `UNIQUE${c.nulls_not_distinct ? ' NULLS NOT DISTINCT' : ''}${printKey(c)}`;
    case 'CONSTR_EXCLUSION': {
      const items = c.exclusions.map((e) => {
        const operator = e.operator.length === 1 ? e.operator[0]! : printOperator(e.operator);
        return `${printIndexElem(e.elem)} WITH ${operator}`;
      });
      const where = c.where_clause === null ? '' : ` WHERE (${printExpr(c.where_clause)})`;
      return `EXCLUDE USING ${quoteIdentifier(c.access_method!)} (${items.join(', ')})${printKeyOptions(c)}${where}`;
    }
    case 'CONSTR_FOREIGN':
      return printForeignKey(c);
    default:
      return c.contype === 'CONSTR_ATTR_DEFERRED' || c.contype === 'CONSTR_ATTR_IMMEDIATE'
        ? `INITIALLY ${c.contype.slice(12)}`
        : c.contype.slice(12).replaceAll('_', ' ');
  }
}

function printKey(c: Constraint): string {
  if (c.indexname !== null) return ` USING INDEX ${quoteIdentifier(c.indexname)}`;
  const keys =
    c.keys.length > 0 ? ` (${quoteNames(c.keys)}${c.without_overlaps ? ' WITHOUT OVERLAPS' : ''})` : '';
  return keys + printKeyOptions(c);
}

function printKeyOptions(c: Constraint): string {
  let text = '';
  if (c.including.length > 0) text += ` INCLUDE (${quoteNames(c.including)})`;
  if (c.options.length > 0) text += ` WITH ${printRelOptions(c.options)}`;
  if (c.indexspace !== null) text += ` USING INDEX TABLESPACE ${quoteIdentifier(c.indexspace)}`;
  return text;
}

function withPeriod(columns: readonly string[], period: boolean): string {
  return columns
    .map((name, i) => (period && i === columns.length - 1 ? 'PERIOD ' : '') + quoteIdentifier(name))
    .join(', ');
}

function printForeignKey(c: Constraint): string {
  let text = c.fk_attrs.length > 0 ? `FOREIGN KEY (${withPeriod(c.fk_attrs, c.fk_with_period)}) ` : '';
  text += `REFERENCES ${printRelation(c.pktable!)}`;
  if (c.pk_attrs.length > 0) text += ` (${withPeriod(c.pk_attrs, c.pk_with_period)})`;
  if (c.fk_matchtype === 'f') text += ' MATCH FULL';
  if (FK_ACTIONS[c.fk_upd_action] !== '') text += ` ON UPDATE ${FK_ACTIONS[c.fk_upd_action]}`;
  if (FK_ACTIONS[c.fk_del_action] !== '') text += ` ON DELETE ${FK_ACTIONS[c.fk_del_action]}`;
  if (c.fk_del_set_cols.length > 0) text += ` (${quoteNames(c.fk_del_set_cols)})`;
  return text;
}

function printAttributes(c: Constraint): string {
  let text = '';
  if (c.deferrable) text += ' DEFERRABLE';
  if (c.initdeferred) text += ' INITIALLY DEFERRED';
  if (c.is_no_inherit) text += ' NO INHERIT';
  const canBeUnenforced = c.contype === 'CONSTR_CHECK' || c.contype === 'CONSTR_FOREIGN';
  if (canBeUnenforced && !c.is_enforced) text += ' NOT ENFORCED';
  else if (c.skip_validation) text += ' NOT VALID';
  return text;
}

export function printCreateIndex(s: IndexStmt): string {
  const name = s.idxname === null ? '' : ` ${quoteIdentifier(s.idxname)}`;
  let text = `CREATE ${s.unique ? 'UNIQUE ' : ''}INDEX${s.concurrent ? ' CONCURRENTLY' : ''}${s.if_not_exists ? ' IF NOT EXISTS' : ''}${name}`;
  text += ` ON ${printRelationExpr(s.relation)} USING ${quoteIdentifier(s.accessMethod)} (${s.indexParams.map(printIndexElem).join(', ')})`;
  if (s.indexIncludingParams.length > 0)
    text += ` INCLUDE (${s.indexIncludingParams.map(printIndexElem).join(', ')})`;
  if (s.nulls_not_distinct) text += ' NULLS NOT DISTINCT';
  if (s.options.length > 0) text += ` WITH ${printRelOptions(s.options)}`;
  if (s.tableSpace !== null) text += ` TABLESPACE ${quoteIdentifier(s.tableSpace)}`;
  return s.whereClause === null ? text : `${text} WHERE ${printExpr(s.whereClause)}`;
}

export function printCreateTableAs(s: CreateTableAsStmt): string {
  const { into } = s;
  const what = s.objtype === 'OBJECT_MATVIEW' ? 'MATERIALIZED VIEW' : 'TABLE';
  let text = `CREATE ${PERSISTENCE[into.rel.relpersistence]}${what} ${s.if_not_exists ? 'IF NOT EXISTS ' : ''}${printRelation(into.rel)}`;
  if (into.colNames.length > 0) text += ` (${quoteNames(into.colNames)})`;
  if (into.accessMethod !== null) text += ` USING ${quoteIdentifier(into.accessMethod)}`;
  if (into.options.length > 0) text += ` WITH ${printRelOptions(into.options)}`;
  text += ON_COMMIT[into.onCommit];
  if (into.tableSpaceName !== null) text += ` TABLESPACE ${quoteIdentifier(into.tableSpaceName)}`;
  text += ` AS ${s.query.kind === 'ExecuteStmt' ? printExecute(s.query) : printSelect(s.query)}`;
  return into.skipData ? `${text} WITH NO DATA` : text;
}
