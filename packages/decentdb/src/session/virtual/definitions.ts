/** Schema objects as SQL text: what pg_get_indexdef, pg_get_constraintdef and the views show. */
import type { Catalog } from '../../catalog/catalog.ts';
import {
  type ConstraintDef,
  type DomainForm,
  type ForeignKeyAction,
  type IndexDef,
  isForeignKeyIndex,
  type TableDef,
} from '../../catalog/schema.ts';
import { FOLD_OPTION, NOTES_OPTION } from '../../exec/storage/search-stores.ts';
import type { BindEnv } from '../../sql/bind/env.ts';
import { shownOverRow } from '../../sql/bind/shown-definitions.ts';
import { Oid } from '../../types/oids.ts';
import { typeByOid } from '../../types/registry.ts';
import { renameInExpression } from '../ddl/renamed-texts.ts';
import { loneColumn } from './lone-column.ts';
import { relationShown } from './visible-names.ts';

/** A name, in quotes where it needs them. */
export function quoted(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) && !reserved.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

const reserved = new Set(
  (
    'all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create ' +
    'current_date current_role current_time current_timestamp current_user default deferrable desc distinct do else ' +
    'end except false fetch for foreign from grant group having in initially intersect into leading limit localtime ' +
    'localtimestamp not null offset on only or order placing primary references returning select session_user some ' +
    'symmetric table then to trailing true union unique user using variadic when where window with'
  ).split(' '),
);

function columnNames(table: TableDef, columns: readonly number[]): string {
  return columns.map((c) => quoted(table.columns[c]?.name ?? '?')).join(', ');
}

/** `CREATE UNIQUE INDEX i ON public.t USING btree (a, b DESC)`; with `env`, its expressions as PostgreSQL shows them. */
export function indexSql(made: IndexDef, table: TableDef, env: BindEnv | null = null): string {
  const index = env === null ? made : withShownExpressions(made, table, env);
  const keys = index.keys.map((key) => {
    const what =
      key.column >= 0 ? quoted(table.columns[key.column]?.name ?? '?') : keySql(key.expressionSql ?? '?');
    const nulls = key.nullsFirst === key.descending ? '' : key.nullsFirst ? ' NULLS FIRST' : ' NULLS LAST';
    return `${what}${key.opclass === null ? '' : ` ${key.opclass}`}${key.descending ? ' DESC' : ''}${nulls}`;
  });
  const include = index.include.length === 0 ? '' : ` INCLUDE (${columnNames(table, index.include)})`;
  const distinct = index.nullsNotDistinct ? ' NULLS NOT DISTINCT' : '';
  const where = index.predicateSql === null ? '' : ` WHERE ${parenthesised(index.predicateSql)}`;
  const mode = index.method === 'btree' ? undefined : index.options['mode'];
  const method = isGin(index, mode) ? 'gin' : (index.options['method'] ?? index.method);
  const options = optionsSql(index);
  return (
    `CREATE ${index.unique ? 'UNIQUE ' : ''}INDEX ${quoted(index.name)} ON ${table.partitionKey === undefined ? '' : 'ONLY '}${quoted(table.schema)}.${quoted(table.name)} ` +
    `USING ${method} (${keys.join(', ')})${include}${distinct}${options}${where}`
  );
}

/** ` WITH (fastupdate=off, mode=immediate)`: of a search index what was written, but for what it keeps for itself. */
function optionsSql({ method, options }: IndexDef): string {
  if (method === 'btree') return '';
  const shown = Object.entries(options).filter(([name]) => name !== FOLD_OPTION && name !== NOTES_OPTION);
  if (shown.length === 0) return '';
  const valueSql = (value: string): string =>
    quoted(value) === value ? value : `'${value.replace(/^'(.*)'$/, '$1')}'`;
  return ` WITH (${shown.map(([name, value]) => `${name}=${valueSql(value)}`).join(', ')})`;
}

/** Search indexes that PostgreSQL has, too, go by its name for them: tools compare definitions. */
function isGin({ method, keys }: IndexDef, mode: string | undefined): boolean {
  if (method === 'gin') return true;
  if (method === 'trigram') return keys.every((key) => key.opclass?.startsWith('gin') === true);
  return method === 'fulltext' && mode === undefined && keys.every((key) => key.type.oid === Oid.tsvector);
}

/** `RANGE (a, lower(b))`: the key of a partitioned table. */
export function partitionKeySql(table: TableDef): string {
  const { partitionKey: key } = table;
  if (key === undefined) return '';
  const parts = key.parts.map((part) =>
    part.expressionSql === null
      ? quoted(table.columns[part.column]?.name ?? '?')
      : keySql(part.expressionSql),
  );
  return `${key.strategy.toUpperCase()} (${parts.join(', ')})`;
}

/** A call stands alone, other expressions in parentheses of their own, as PostgreSQL shows them. */
export function keySql(sql: string): string {
  const name = /^[\w.]+(?=\()/.exec(sql)?.[0];
  return name !== undefined && isEnclosed(sql, name.length) ? sql : `(${parenthesised(sql)})`;
}

function parenthesised(sql: string): string {
  return isEnclosed(sql, 0) ? sql : `(${sql})`;
}

/** Whether the parenthesis at `from` is closed by the last character. */
function isEnclosed(sql: string, from: number): boolean {
  if (sql[from] !== '(') return false;
  let depth = 0;
  let quote = '';
  for (let i = from; i < sql.length; i++) {
    const char = sql.charAt(i);
    if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === "'" || char === '"') quote = char;
    else if (char === '(') depth++;
    else if (char === ')' && --depth === 0) return i === sql.length - 1;
  }
  return false;
}

const actions: Readonly<Record<ForeignKeyAction, string>> = {
  noAction: '',
  restrict: 'RESTRICT',
  cascade: 'CASCADE',
  setNull: 'SET NULL',
  setDefault: 'SET DEFAULT',
};

function checkText(sql: string, table: TableDef, env: BindEnv | null): string {
  return env === null ? `(${sql})` : shownOverRow(env, table, sql, 'check');
}

/** No column is called so: stands for VALUE while a domain's check is shown. */
const VALUE_COLUMN = '........value........';

/** The condition of a domain's check as PostgreSQL shows it. */
export function domainCheckSql(env: BindEnv, form: DomainForm, sql: string): string {
  const type = typeByOid(form.baseTypeId) ?? env.catalog.userType(form.baseTypeId);
  if (type === undefined) return sql;
  const { table } = loneColumn(VALUE_COLUMN, type, form.typmod);
  const named = renameInExpression(sql, 'value', VALUE_COLUMN);
  return shownOverRow(env, table, named, 'check').replaceAll(`"${VALUE_COLUMN}"`, 'VALUE');
}

/** The constraint as CREATE TABLE would write it; with `env`, its condition as PostgreSQL shows it. */
export function constraintSql(
  constraint: ConstraintDef,
  table: TableDef,
  catalog: Catalog,
  env: BindEnv | null = null,
): string {
  switch (constraint.kind) {
    case 'primaryKey':
    case 'unique': {
      const index = table.indexes.find(({ id }) => id === constraint.indexId);
      const kind = constraint.kind === 'primaryKey' ? 'PRIMARY KEY' : 'UNIQUE';
      const distinct = index?.nullsNotDistinct === true ? ' NULLS NOT DISTINCT' : '';
      const include = index?.include ?? [];
      const more = include.length === 0 ? '' : ` INCLUDE (${columnNames(table, include)})`;
      return `${kind}${distinct} (${columnNames(table, constraint.columns)})${more}${deferral(constraint)}`;
    }
    case 'check':
      return `CHECK (${checkText(constraint.sql, table, env)})${constraint.isNoInherit === true ? ' NO INHERIT' : ''}${constraint.validated ? '' : ' NOT VALID'}`;
    case 'foreignKey': {
      const target = catalog.table(constraint.targetTableId);
      const name =
        target === undefined ? '?' : relationShown(catalog, env?.searchPath ?? [target.schema], target);
      const columns = target === undefined ? '' : columnNames(target, constraint.targetColumns);
      const onUpdate = actions[constraint.onUpdate];
      const onDelete = actions[constraint.onDelete];
      const some = constraint.deleteSetColumns;
      return (
        `FOREIGN KEY (${columnNames(table, constraint.columns)}) REFERENCES ${name}(${columns})` +
        `${constraint.match === 'full' ? ' MATCH FULL' : ''}` +
        `${onUpdate === '' ? '' : ` ON UPDATE ${onUpdate}`}${onDelete === '' ? '' : ` ON DELETE ${onDelete}`}` +
        `${some === null ? '' : ` (${columnNames(table, some)})`}${deferral(constraint)}${constraint.validated ? '' : ' NOT VALID'}`
      );
    }
  }
}

function deferral(constraint: ConstraintDef): string {
  if (!constraint.deferrable) return '';
  return constraint.initiallyDeferred ? ' DEFERRABLE INITIALLY DEFERRED' : ' DEFERRABLE';
}

/**
 * The indexes PostgreSQL would show: those there are, and one for a primary key that is the row id itself (the table's own
 * tree serves it). Such an index goes by its constraint's number. Indexes made for foreign keys are not among them: tools that
 * compare schemas would want to drop them.
 */
export function indexesShown(table: TableDef): readonly IndexDef[] {
  const visible = table.indexes.filter((index) => !isForeignKeyIndex(index));
  const key = table.constraints.find((c) => c.kind === 'primaryKey' && c.indexId === null);
  const column = table.columns[table.rowIdColumn];
  if (key === undefined || column === undefined) return visible;
  const own: IndexDef = {
    id: key.id,
    name: key.name,
    tableId: table.id,
    method: 'btree',
    root: table.root,
    unique: true,
    nullsNotDistinct: false,
    keys: [
      {
        column: table.rowIdColumn,
        expressionSql: null,
        type: column.type,
        descending: false,
        nullsFirst: false,
        opclass: null,
      },
    ],
    include: [],
    predicateSql: null,
    constraintId: key.id,
    options: {},
    comment: null,
  };
  return [own, ...visible];
}

/** The index with its key expressions and its condition as PostgreSQL shows them. */
export function withShownExpressions(index: IndexDef, table: TableDef, env: BindEnv): IndexDef {
  const { predicateSql } = index;
  if (predicateSql === null && index.keys.every((key) => key.expressionSql === null)) return index;
  const keys = index.keys.map((key) =>
    key.expressionSql === null
      ? key
      : { ...key, expressionSql: shownOverRow(env, table, key.expressionSql, 'indexExpression') },
  );
  const shown = predicateSql === null ? null : shownOverRow(env, table, predicateSql, 'indexPredicate');
  return { ...index, keys, predicateSql: shown };
}
