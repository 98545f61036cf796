/**
 * The schema of one snapshot as SQL statements, in an order in which PostgreSQL and DecentDB can run them.
 *
 *     before the data   roles, schemas, types, sequences, tables with defaults and NOT NULL
 *     after the data    values of sequences, keys and checks, indexes, views, foreign keys, comments, owners and grants, triggers
 *
 * I1  Relations and types are written with their schema; the search path the script begins with finds functions.
 * I2  What cannot be written is named in `omitted`, never left out in silence.
 * I3  What is needed comes before what needs it, in whatever order the objects were made.
 */
import type { Catalog } from '../catalog/catalog.ts';
import type { CatalogMeta } from '../catalog/catalog-store.ts';
import { hasFamily } from '../catalog/family.ts';
import { boundSql } from '../catalog/partitioning.ts';
import type { RoutineDef } from '../catalog/routines.ts';
import type {
  ColumnDef,
  ConstraintDef,
  IndexDef,
  SequenceDef,
  TableDef,
  TypeDef,
  ViewDef,
} from '../catalog/schema.ts';
import { isForeignKeyIndex } from '../catalog/schema.ts';
import { readSequence } from '../catalog/sequence-values.ts';
import { viewAsTable } from '../catalog/view-table.ts';
import type { ReadView } from '../txn/page-view.ts';
import { accessStatements, roleStatements, schemaOwner } from './schema-script-access.ts';
import {
  named,
  routinesBeforeTables,
  typesInOrder,
  typeText,
  viewsAndRoutines,
} from './schema-script-order.ts';
import { isBuiltInTrigger } from './trigger-run.ts';
import { aggregateArguments, aggregateSql } from './virtual/aggregate-definition.ts';
import { constraintSql, indexSql, partitionKeySql, quoted } from './virtual/definitions.ts';
import { routineArguments, routineSql } from './virtual/routine-definition.ts';
import { triggerSql } from './virtual/trigger-definition.ts';

export interface TableScript {
  readonly schema: string;
  readonly name: string;
  /** Columns whose values a dump carries: all but generated ones. */
  readonly columns: readonly string[];
}

export interface SchemaScript {
  readonly before: readonly string[];
  readonly tables: readonly TableScript[];
  readonly after: readonly string[];
  readonly omitted: readonly string[];
}

const TEMPORARY = 'pg_temp';

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export function schemaScript(catalog: Catalog, view: ReadView, meta: CatalogMeta): SchemaScript {
  return new ScriptWriter(catalog, view, meta).write();
}

/** The column that a sequence belongs to. */
interface SequenceOwner {
  readonly table: TableDef;
  readonly column: ColumnDef;
}

class ScriptWriter {
  readonly #catalog: Catalog;
  readonly #view: ReadView;
  readonly #meta: CatalogMeta;
  readonly #before: string[] = [];
  readonly #after: string[] = [];
  readonly #omitted: string[] = [];
  readonly #tables: readonly TableDef[];
  /** Tables that keep the rows of materialised views. */
  readonly #hidden: readonly TableDef[];

  constructor(catalog: Catalog, view: ReadView, meta: CatalogMeta) {
    this.#catalog = catalog;
    this.#view = view;
    this.#meta = meta;
    const hidden = new Set<number>();
    for (const one of catalog.views.values())
      if (one.materializedTableId !== null) hidden.add(one.materializedTableId);
    const all = byId(catalog.tables).filter((table) => !table.isTemporary && table.schema !== TEMPORARY);
    this.#tables = all.filter((table) => !hidden.has(table.id));
    this.#hidden = all.filter((table) => hidden.has(table.id));
  }

  write(): SchemaScript {
    const catalog = this.#catalog;
    const schemas = byId(catalog.schemas).filter(({ name }) => name !== TEMPORARY);
    this.#before.push(...roleStatements(catalog));
    for (const { id, name } of schemas)
      if (name !== 'public')
        this.#before.push(`CREATE SCHEMA IF NOT EXISTS ${quoted(name)}${schemaOwner(catalog, id)}`);
    const path = ['public', ...schemas.map(({ name }) => name).filter((name) => name !== 'public')];
    this.#before.push(`SET search_path = ${path.map(quoted).join(', ')}`);
    if (this.#tables.some((table) => table.indexes.some(({ method }) => method === 'trigram')))
      this.#before.push('CREATE EXTENSION IF NOT EXISTS pg_trgm');
    // A multirange is made with its range.
    for (const type of typesInOrder(catalog))
      if (type.form.kind !== 'multirange') this.#before.push(this.#type(type));
    this.#sequences();
    this.#independentRoutines();
    for (const table of this.#parentsFirst()) {
      this.#before.push(this.#table(table));
      // At once: its own children have it from there.
      if (table.bound === undefined) this.#differences(table, this.#parentsOf(table));
    }
    this.#places();
    for (const table of this.#tables) {
      const type = table.ofTypeId === undefined ? undefined : this.#catalog.types.get(table.ofTypeId);
      if (type !== undefined) this.#before.push(`ALTER TABLE ONLY ${named(table)} OF ${named(type)}`);
    }
    this.#owners();
    this.#sequenceValues();
    for (const table of this.#tables) this.#constraints(table, (one) => one.kind !== 'foreignKey');
    for (const table of this.#tables) this.#indexes(table);
    this.#attachIndexes();
    this.#viewsAndRoutines();
    for (const table of this.#hidden) this.#indexes(table);
    for (const table of this.#tables) this.#constraints(table, (one) => one.kind === 'foreignKey');
    this.#comments();
    this.#after.push(...accessStatements(catalog));
    this.#triggers();
    const tables = this.#tables
      .filter(({ partitionKey }) => partitionKey === undefined)
      .map((table) => ({
        schema: table.schema,
        name: table.name,
        columns: table.columns.filter((c) => !c.isDropped && c.generated === null).map((c) => c.name),
      }));
    return { before: this.#before, tables, after: this.#after, omitted: this.#omitted };
  }

  #type(type: TypeDef): string {
    const { form } = type;
    switch (form.kind) {
      case 'enum': {
        const labels = [...form.labels].sort((a, b) => a.order - b.order).map(({ label }) => literal(label));
        return `CREATE TYPE ${named(type)} AS ENUM (${labels.join(', ')})`;
      }
      case 'domain': {
        const base = this.#typeName(form.baseTypeId, form.typmod);
        const checks = form.checks.map(({ name, sql }) => ` CONSTRAINT ${quoted(name)} CHECK (${sql})`);
        const fallback = form.defaultSql === null ? '' : ` DEFAULT ${form.defaultSql}`;
        const notNull = form.notNull ? ' NOT NULL' : '';
        return `CREATE DOMAIN ${named(type)} AS ${base}${fallback}${notNull}${checks.join('')}`;
      }
      case 'composite': {
        const fields = form.fields.map(
          ({ name, typeId, typmod }) => `${quoted(name)} ${this.#typeName(typeId, typmod)}`,
        );
        return `CREATE TYPE ${named(type)} AS (${fields.join(', ')})`;
      }
      case 'range': {
        const multirange = this.#catalog.types.get(form.multirangeId)?.name ?? '';
        const diff = form.subtypeDiff === null ? '' : `, subtype_diff = ${form.subtypeDiff}`;
        return (
          `CREATE TYPE ${named(type)} AS RANGE (subtype = ${this.#typeName(form.subtypeId, -1)}${diff}, ` +
          `multirange_type_name = ${quoted(multirange)})`
        );
      }
      case 'multirange':
        return '';
    }
  }

  #typeName(id: number, typmod: number): string {
    return typeText(this.#catalog, this.#catalog.userTypes.resolve(id), typmod);
  }

  /** Sequences that are not made by an identity column. */
  #standalone(): readonly SequenceDef[] {
    return byId(this.#catalog.sequences).filter(
      (one) => !one.isTemporary && one.schema !== TEMPORARY && this.#identityOf(one) === null,
    );
  }

  #ownerOf(sequence: SequenceDef): SequenceOwner | null {
    const { ownedBy } = sequence;
    const table = ownedBy === null ? undefined : this.#catalog.table(ownedBy.tableId);
    const column = ownedBy === null ? undefined : table?.columns[ownedBy.column];
    return table === undefined || column === undefined ? null : { table, column };
  }

  #identityOf(sequence: SequenceDef): SequenceOwner | null {
    const owner = this.#ownerOf(sequence);
    return owner?.column.identity === null ? null : owner;
  }

  #sequences(): void {
    for (const one of this.#standalone())
      this.#before.push(`CREATE SEQUENCE ${named(one)} AS ${one.type.sqlName(-1)} ${sequenceOptions(one)}`);
  }

  #owners(): void {
    for (const one of this.#standalone()) {
      const owner = this.#ownerOf(one);
      if (owner !== null)
        this.#before.push(
          `ALTER SEQUENCE ${named(one)} OWNED BY ${named(owner.table)}.${quoted(owner.column.name)}`,
        );
    }
  }

  #sequenceValues(): void {
    for (const one of byId(this.#catalog.sequences)) {
      if (one.isTemporary || one.schema === TEMPORARY) continue;
      const { lastValue, isCalled } = readSequence(this.#view, this.#meta, one);
      const owner = this.#identityOf(one);
      const target =
        owner === null
          ? literal(named(one))
          : `pg_get_serial_sequence(${literal(named(owner.table))}, ${literal(owner.column.name)})`;
      this.#after.push(`SELECT setval(${target}, ${lastValue}, ${isCalled})`);
    }
  }

  #table(table: TableDef): string {
    // A partition is made whole and attached; another child has its parents' columns from them.
    const isChild = table.bound === undefined && table.parents !== undefined;
    const columns = table.columns
      .filter((column) => !column.isDropped && !(isChild && column.isLocal === false))
      .map((column) => this.#column(table.bound === undefined ? column : { ...column, identity: null }));
    const kind = table.isUnlogged === true ? 'UNLOGGED TABLE' : 'TABLE';
    const parents = isChild ? ` INHERITS (${this.#parentsOf(table).map(named).join(', ')})` : '';
    const key = table.partitionKey === undefined ? '' : ` PARTITION BY ${partitionKeySql(table)}`;
    return `CREATE ${kind} ${named(table)} (\n    ${columns.join(',\n    ')}\n)${parents}${key}`;
  }

  #parentsOf(table: TableDef): readonly TableDef[] {
    return (table.parents ?? []).flatMap((id) => this.#catalog.table(id) ?? []);
  }

  /** Tables in the order they were made, but none before those it inherits from. */
  #parentsFirst(): readonly TableDef[] {
    const ordered = new Set<TableDef>();
    const add = (table: TableDef): void => {
      if (ordered.has(table)) return;
      for (const parent of this.#parentsOf(table)) add(parent);
      ordered.add(table);
    };
    for (const table of this.#tables) add(table);
    return [...ordered];
  }

  /** Partitions take their places. */
  #places(): void {
    for (const table of this.#parentsFirst()) {
      const [parent] = this.#parentsOf(table);
      const key = parent?.partitionKey;
      if (table.bound === undefined || key === undefined || parent === undefined) continue;
      const place = boundSql(table.bound, key);
      this.#before.push(`ALTER TABLE ONLY ${named(parent)} ATTACH PARTITION ${named(table)} ${place}`);
    }
  }

  /** What columns of a child have otherwise than its parents. */
  #differences(table: TableDef, parents: readonly TableDef[]): void {
    for (const column of table.columns) {
      if (column.isDropped || (column.inheritCount ?? 0) === 0) continue;
      const theirs = parents.flatMap(({ columns }) =>
        columns.filter(({ name, isDropped }) => name === column.name && !isDropped),
      );
      const at = `ALTER TABLE ONLY ${named(table)} ALTER COLUMN ${quoted(column.name)}`;
      // A column the child has on its own too is written with it, and says nothing where there is no default.
      const isWritten = column.isLocal !== false;
      if (column.notNull && !isWritten && !theirs.some(({ notNull }) => notNull))
        this.#before.push(`${at} SET NOT NULL`);
      if (column.generated !== null || column.identity !== null) continue;
      const fallback = this.#default(column);
      const isSame =
        fallback === null
          ? theirs.every(({ defaultSql, identity }) => defaultSql === null || identity !== null)
          : isWritten ||
            theirs.some(
              ({ defaultSql, sequenceId }) =>
                defaultSql === column.defaultSql && sequenceId === column.sequenceId,
            );
      if (!isSame) this.#before.push(fallback === null ? `${at} DROP DEFAULT` : `${at} SET ${fallback}`);
    }
  }

  /** Keys and indexes of partitions become parts of those of their tables. */
  #attachIndexes(): void {
    for (const table of this.#parentsFirst()) {
      const [parent] = this.#parentsOf(table);
      if (table.bound === undefined || parent === undefined) continue;
      const attach = (whole: { readonly name: string } | undefined, part: string): void => {
        if (whole !== undefined)
          this.#after.push(
            `ALTER INDEX ${named({ schema: parent.schema, name: whole.name })} ATTACH PARTITION ${named({ schema: table.schema, name: part })}`,
          );
      };
      for (const one of table.constraints)
        if ((one.kind === 'primaryKey' || one.kind === 'unique') && one.parentId !== undefined)
          attach(
            parent.constraints.find(({ id }) => id === one.parentId),
            one.name,
          );
      for (const index of table.indexes)
        if (index.constraintId === null && index.parentId !== undefined)
          attach(
            parent.indexes.find(({ id }) => id === index.parentId),
            index.name,
          );
    }
  }

  /** DEFAULT as written for a column; null when it has none. */
  #default(column: ColumnDef): string | null {
    const sequence = column.sequenceId === null ? undefined : this.#catalog.sequences.get(column.sequenceId);
    if (sequence !== undefined && /^nextval\(/i.test(column.defaultSql ?? ''))
      return `DEFAULT nextval(${literal(named(sequence))}::regclass)`;
    return column.defaultSql === null ? null : `DEFAULT ${column.defaultSql}`;
  }

  #column(column: ColumnDef): string {
    const parts = [quoted(column.name), typeText(this.#catalog, column.type, column.typmod)];
    const sequence = column.sequenceId === null ? undefined : this.#catalog.sequences.get(column.sequenceId);
    if (column.generated !== null)
      parts.push(`GENERATED ALWAYS AS (${column.defaultSql}) ${column.generated.toUpperCase()}`);
    else if (column.identity !== null) {
      const when = column.identity === 'always' ? 'ALWAYS' : 'BY DEFAULT';
      const options = sequence === undefined ? '' : ` (${sequenceOptions(sequence)})`;
      parts.push(`GENERATED ${when} AS IDENTITY${options}`);
    } else {
      const fallback = this.#default(column);
      if (fallback !== null) parts.push(fallback);
    }
    if (column.notNull) parts.push('NOT NULL');
    return parts.join(' ');
  }

  #constraints(table: TableDef, isWanted: (constraint: ConstraintDef) => boolean): void {
    for (const one of table.constraints) {
      if (!isWanted(one)) continue;
      // What a parent's constraint brings comes with it.
      if (
        one.kind === 'check'
          ? (one.inheritCount ?? 0) > 0
          : one.kind === 'foreignKey' && one.parentId !== undefined
      )
        continue;
      const goesDown = one.kind === 'check' ? one.isNoInherit !== true : one.kind === 'foreignKey';
      const only = goesDown && hasFamily(this.#catalog, table) ? '' : 'ONLY ';
      let sql = constraintSql(one, table, this.#catalog);
      const target = one.kind === 'foreignKey' ? this.#catalog.table(one.targetTableId) : undefined;
      if (target !== undefined)
        sql = sql.replace(`) REFERENCES ${quoted(target.name)}(`, () => `) REFERENCES ${named(target)}(`);
      this.#after.push(`ALTER TABLE ${only}${named(table)} ADD CONSTRAINT ${quoted(one.name)} ${sql}`);
    }
  }

  #indexes(table: TableDef): void {
    for (const index of table.indexes)
      if (index.constraintId === null && !isForeignKeyIndex(index)) this.#after.push(portable(index, table));
  }

  /** Functions that defaults and checks of tables may call: those that stand on no relation. */
  #independentRoutines(): void {
    if (this.#catalog.routines.size === 0) return;
    // Bodies may name tables that come later.
    this.#before.push('SET check_function_bodies = off');
    for (const routine of routinesBeforeTables(this.#catalog))
      this.#before.push(routineText(this.#catalog, routine));
  }

  #viewsAndRoutines(): void {
    for (const one of viewsAndRoutines(this.#catalog))
      if ('bodyForm' in one) this.#after.push(routineText(this.#catalog, one));
      else this.#writeView(one);
    // Last: they may call functions that stand on views.
    for (const one of byId(this.#catalog.views)) this.#viewDefaults(one);
  }

  #viewDefaults(view: ViewDef): void {
    if (view.isTemporary || view.schema === TEMPORARY) return;
    for (const column of viewAsTable(view).columns) {
      const fallback = this.#default(column);
      if (fallback !== null)
        this.#after.push(`ALTER VIEW ${named(view)} ALTER COLUMN ${quoted(column.name)} SET ${fallback}`);
    }
  }

  #writeView(view: ViewDef): void {
    if (view.isTemporary || view.schema === TEMPORARY) return;
    const columns = view.columns.map(({ name }) => quoted(name)).join(', ');
    const kind = view.materializedTableId === null ? 'VIEW' : 'MATERIALIZED VIEW';
    const options = Object.entries(view.options).map(([name, value]) => `${name}=${literal(value)}`);
    const settings = options.length === 0 ? '' : ` WITH (${options.join(', ')})`;
    const noData = view.isUnpopulated === true ? '\n WITH NO DATA' : '';
    const check = view.checkOption === null ? '' : `\n WITH ${view.checkOption.toUpperCase()} CHECK OPTION`;
    this.#after.push(
      `CREATE ${kind} ${named(view)} (${columns})${settings} AS\n ${view.sql}${check}${noData}`,
    );
  }

  /** Those whose functions are JavaScript come last: PostgreSQL has no such functions, and stops there if it is told to. */
  #triggers(): void {
    const waiting: string[] = [];
    const owners = [...this.#tables, ...byId(this.#catalog.views).filter((view) => !view.isTemporary)];
    for (const owner of owners)
      for (const trigger of owner.triggers) {
        if (trigger.parentId !== undefined) continue;
        const list = isBuiltInTrigger(trigger.functionName) ? this.#after : waiting;
        list.push(triggerSql(this.#catalog, owner, trigger));
        if (trigger.comment !== undefined)
          list.push(
            `COMMENT ON TRIGGER ${quoted(trigger.name)} ON ${named(owner)} IS ${literal(trigger.comment)}`,
          );
        if (!trigger.enabled)
          list.push(`ALTER TABLE ${named(owner)} DISABLE TRIGGER ${quoted(trigger.name)}`);
        if (list === waiting)
          this.#omitted.push(
            `function "${trigger.functionName}" of trigger "${trigger.name}" on "${owner.name}": it is JavaScript`,
          );
      }
    if (waiting.length > 0) this.#after.push('SET decentdb.javascript_triggers = on', ...waiting);
  }

  #comments(): void {
    const say = (what: string, comment: string | null): void => {
      if (comment !== null) this.#after.push(`COMMENT ON ${what} IS ${literal(comment)}`);
    };
    for (const schema of byId(this.#catalog.schemas)) say(`SCHEMA ${quoted(schema.name)}`, schema.comment);
    for (const type of byId(this.#catalog.types)) this.#typeComments(type, say);
    for (const sequence of this.#standalone()) say(`SEQUENCE ${named(sequence)}`, sequence.comment);
    for (const table of this.#tables) {
      say(`TABLE ${named(table)}`, table.comment);
      for (const column of table.columns)
        if (!column.isDropped) say(`COLUMN ${named(table)}.${quoted(column.name)}`, column.comment);
      for (const index of table.indexes)
        say(`INDEX ${named({ schema: table.schema, name: index.name })}`, index.comment);
      for (const one of table.constraints)
        say(`CONSTRAINT ${quoted(one.name)} ON ${named(table)}`, one.comment);
    }
    for (const role of byId(this.#catalog.roles)) say(`ROLE ${quoted(role.name)}`, role.comment);
    for (const routine of byId(this.#catalog.routines))
      say(
        `${routine.kind.toUpperCase()} ${named(routine)}(${aggregateOrRoutineArguments(this.#catalog, routine)})`,
        routine.comment,
      );
    for (const view of byId(this.#catalog.views))
      say(`${view.materializedTableId === null ? 'VIEW' : 'MATERIALIZED VIEW'} ${named(view)}`, view.comment);
    for (const view of byId(this.#catalog.views))
      for (const { name, comment } of view.columns)
        say(`COLUMN ${named(view)}.${quoted(name)}`, comment ?? null);
  }

  #typeComments(type: TypeDef, say: (what: string, comment: string | null) => void): void {
    const { form } = type;
    say(`${form.kind === 'domain' ? 'DOMAIN' : 'TYPE'} ${named(type)}`, type.comment);
    if (form.kind === 'domain')
      for (const { name, comment } of form.checks)
        say(`CONSTRAINT ${quoted(name)} ON DOMAIN ${named(type)}`, comment ?? null);
    if (form.kind === 'composite')
      for (const { name, comment } of form.fields)
        say(`COLUMN ${named(type)}.${quoted(name)}`, comment ?? null);
  }
}

/** An index as PostgreSQL knows it too: a trigram index is a GIN index of pg_trgm there, a full text index one of tsvectors. */
function portable(index: IndexDef, table: TableDef): string {
  if (index.method === 'fulltext')
    return indexSql({ ...index, options: {} }, table).replace(' USING fulltext (', ' USING gin (');
  if (index.method === 'gin') return indexSql({ ...index, options: {} }, table);
  if (index.method !== 'trigram') return indexSql(index, table);
  const keys = index.keys.map((key) => ({ ...key, opclass: 'gin_trgm_ops' }));
  return indexSql({ ...index, keys, options: {} }, table);
}

function routineText(catalog: Catalog, routine: RoutineDef): string {
  return routine.kind === 'aggregate' ? aggregateSql(catalog, routine) : routineSql(catalog, routine);
}

function aggregateOrRoutineArguments(catalog: Catalog, routine: RoutineDef): string {
  return routine.kind === 'aggregate'
    ? aggregateArguments(catalog, routine)
    : routineArguments(catalog, routine, false);
}

function sequenceOptions(one: SequenceDef): string {
  return (
    `INCREMENT BY ${String(one.increment)} MINVALUE ${String(one.min)} MAXVALUE ${String(one.max)} ` +
    `START WITH ${String(one.start)} CACHE ${one.cache}${one.cycle ? ' CYCLE' : ''}`
  );
}

function byId<T extends { readonly id: number }>(objects: ReadonlyMap<number, T>): T[] {
  return [...objects.values()].sort((a, b) => a.id - b.id);
}
