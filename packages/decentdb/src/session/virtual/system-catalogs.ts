/**
 * Catalogues that tell of the engine itself and of what stands on what: operators, casts, operator classes, dependencies, triggers.
 */
import type { Catalog } from '../../catalog/catalog.ts';
import type { TriggerDef } from '../../catalog/schema.ts';
import { casts } from '../../functions/casts.ts';
import { allFunctions } from '../../functions/registry.ts';
import type { VirtualTable } from '../../plan/logical.ts';
import { SqlArray } from '../../types/array.ts';
import { builtinTypes } from '../../types/registry.ts';
import { multirangeTypeOf } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import { type VirtualContext, view } from './define.ts';
import { DATABASE_ID, OWNER_ID, OWNER_NAME, PG_CATALOG_ID } from './object-ids.ts';
import { operatorClassView } from './pg-opclass.ts';
import { textSearchViews } from './text-search-views.ts';

type Row = readonly Datum[];

const FIRST_OPERATOR = 200_000;
const FIRST_CAST = 14_000;

function* operatorRows(): Iterable<Row> {
  let id = FIRST_OPERATOR;
  for (const fn of [...allFunctions().operators].flat()) {
    const [left, right] = fn.args.length === 1 ? [0, fn.args[0] ?? 0] : [fn.args[0] ?? 0, fn.args[1] ?? 0];
    const isEqual = fn.operator?.btree === '=';
    yield [
      id++,
      fn.name,
      PG_CATALOG_ID,
      OWNER_ID,
      left === 0 ? 'l' : 'b',
      isEqual,
      isEqual,
      left,
      right,
      fn.returns,
      0,
      0,
      0,
      0,
      0,
    ];
  }
}

const CONTEXTS = { implicit: 'i', assignment: 'a', explicit: 'e' } as const;

function* castRows(): Iterable<Row> {
  let id = FIRST_CAST;
  for (const { source, target, context, fn } of casts)
    yield [id++, source, target, 0, CONTEXTS[context], fn === null ? 'b' : 'f'];
}

const CLASS = 1259;
const TYPE = 1247;
const REWRITE = 2618;
const PROC = 1255;
/** A view's rule has no number of its own: the view's, moved out of the way of all others. */
const RULE_IDS = 2 ** 31;

/** Owned sequences, and what views and functions use. */
function* dependRows({ catalog }: VirtualContext): Iterable<Row> {
  for (const sequence of catalog.sequences.values()) {
    if (sequence.ownedBy === null) continue;
    const column = catalog.table(sequence.ownedBy.tableId)?.columns[sequence.ownedBy.column];
    if (column !== undefined)
      yield [
        CLASS,
        sequence.id,
        0,
        CLASS,
        sequence.ownedBy.tableId,
        column.attnum,
        column.identity === null ? 'a' : 'i',
      ];
  }
  for (const one of catalog.views.values())
    for (const { id, columns } of one.dependsOn)
      yield* uses(catalog, REWRITE, RULE_IDS + one.id, id, columns);
  for (const one of catalog.routines.values())
    for (const { id, columns } of one.dependsOn) yield* uses(catalog, PROC, one.id, id, columns);
}

function* uses(
  catalog: Catalog,
  kind: number,
  user: number,
  id: number,
  columns: readonly number[] | null,
): Iterable<Row> {
  const isRelation = catalog.tables.has(id) || catalog.views.has(id) || catalog.sequences.has(id);
  const target = isRelation ? CLASS : catalog.routines.has(id) ? PROC : TYPE;
  if (columns === null || columns.length === 0) yield [kind, user, 0, target, id, 0, 'n'];
  else for (const column of columns) yield [kind, user, 0, target, id, column + 1, 'n'];
}

function* ruleRows({ catalog }: VirtualContext): Iterable<Row> {
  for (const one of catalog.views.values())
    yield [RULE_IDS + one.id, '_RETURN', one.id, '1', 'O', true, null, one.sql];
}

function* rangeRows({ catalog }: VirtualContext): Iterable<Row> {
  const own = [...catalog.types.keys()].map((id) => catalog.userType(id));
  for (const type of [...builtinTypes(), ...own])
    if (type !== undefined && type.rangeSubtype !== null)
      yield [type.oid, type.rangeSubtype.oid, multirangeTypeOf(type)?.oid ?? 0, 0, 0, 0, 0];
}

/** PostgreSQL's bits of tgtype. */
function triggerBits(trigger: TriggerDef): number {
  const events = { insert: 4, delete: 8, update: 16, truncate: 32 } as const;
  const timing = { before: 2, after: 0, insteadOf: 64 } as const;
  let bits = (trigger.forEach === 'row' ? 1 : 0) | timing[trigger.timing];
  for (const event of trigger.events) bits |= events[event];
  return bits;
}

function* triggerRows({ catalog }: VirtualContext): Iterable<Row> {
  for (const owner of [...catalog.tables.values(), ...catalog.views.values()])
    for (const trigger of owner.triggers)
      yield [
        trigger.id,
        owner.id,
        0,
        trigger.name,
        0,
        triggerBits(trigger),
        trigger.enabled ? 'O' : 'D',
        false,
        trigger.constraint?.fromTableId ?? 0,
        0,
        trigger.constraint == null ? 0 : trigger.id,
        trigger.constraint?.deferrable ?? false,
        trigger.constraint?.initiallyDeferred ?? false,
        trigger.args.length,
        SqlArray.of(trigger.updateColumns.map((column) => column + 1)),
        trigger.args.join('\0'),
        trigger.whenSql,
        trigger.oldTable,
        trigger.newTable,
      ];
}

/** Counters of blocks are not kept: NULL. */
function* blockRows({ catalog }: VirtualContext): Iterable<Row> {
  for (const table of catalog.tables.values())
    yield [table.id, table.schema, table.name, null, null, null, null, null, null, null, null];
}

const BLOCK_COLUMNS =
  'relid oid, schemaname name, relname name, heap_blks_read int8, heap_blks_hit int8, idx_blks_read int8, idx_blks_hit int8, ' +
  'toast_blks_read int8, toast_blks_hit int8, tidx_blks_read int8, tidx_blks_hit int8';

export const systemCatalogs: readonly VirtualTable[] = [
  ...['pg_statio_all_tables', 'pg_statio_user_tables'].map((name) =>
    view('pg_catalog', name, BLOCK_COLUMNS, blockRows),
  ),
  view(
    'pg_catalog',
    'pg_operator',
    'oid oid, oprname name, oprnamespace oid, oprowner oid, oprkind char, oprcanmerge bool, oprcanhash bool, oprleft oid, oprright oid, oprresult oid, oprcom oid, oprnegate oid, oprcode regproc, oprrest regproc, oprjoin regproc',
    operatorRows,
  ),
  view(
    'pg_catalog',
    'pg_cast',
    'oid oid, castsource oid, casttarget oid, castfunc oid, castcontext char, castmethod char',
    castRows,
  ),
  view(
    'pg_catalog',
    'pg_depend',
    'classid oid, objid oid, objsubid int4, refclassid oid, refobjid oid, refobjsubid int4, deptype char',
    dependRows,
  ),
  view(
    'pg_catalog',
    'pg_rewrite',
    'oid oid, rulename name, ev_class oid, ev_type char, ev_enabled char, is_instead bool, ev_qual text, ev_action text',
    ruleRows,
  ),
  view(
    'pg_catalog',
    'pg_range',
    'rngtypid oid, rngsubtype oid, rngmultitypid oid, rngcollation oid, rngsubopc oid, rngcanonical regproc, rngsubdiff regproc',
    rangeRows,
  ),
  view(
    'pg_catalog',
    'pg_trigger',
    'oid oid, tgrelid oid, tgparentid oid, tgname name, tgfoid oid, tgtype int2, tgenabled char, tgisinternal bool, tgconstrrelid oid, tgconstrindid oid, tgconstraint oid, tgdeferrable bool, tginitdeferred bool, tgnargs int2, tgattr _int2, tgargs text, tgqual text, tgoldtable name, tgnewtable name',
    triggerRows,
  ),
  operatorClassView,
  view(
    'pg_catalog',
    'pg_opfamily',
    'oid oid, opfmethod oid, opfname name, opfnamespace oid, opfowner oid',
    () => [],
  ),
  view(
    'pg_catalog',
    'pg_amop',
    'oid oid, amopfamily oid, amoplefttype oid, amoprighttype oid, amopstrategy int2, amoppurpose char, amopopr oid, amopmethod oid, amopsortfamily oid',
    () => [],
  ),
  view(
    'pg_catalog',
    'pg_amproc',
    'oid oid, amprocfamily oid, amproclefttype oid, amprocrighttype oid, amprocnum int2, amproc regproc',
    () => [],
  ),
  ...textSearchViews,
  view(
    'pg_catalog',
    'pg_tablespace',
    'oid oid, spcname name, spcowner oid, spcacl _text, spcoptions _text',
    () => [
      [1663, 'pg_default', OWNER_ID, null, null],
      [1664, 'pg_global', OWNER_ID, null, null],
    ],
  ),
  view(
    'pg_catalog',
    'pg_extension',
    'oid oid, extname name, extowner oid, extnamespace oid, extrelocatable bool, extversion text, extconfig _oid, extcondition _text',
    () => [],
  ),
  view(
    'pg_catalog',
    'pg_collation',
    'oid oid, collname name, collnamespace oid, collowner oid, collprovider char, collisdeterministic bool, collencoding int4, collcollate text, collctype text, colliculocale text, collversion text',
    () => [
      [100, 'default', PG_CATALOG_ID, OWNER_ID, 'd', true, -1, null, null, null, null],
      [950, 'C', PG_CATALOG_ID, OWNER_ID, 'c', true, -1, 'C', 'C', null, null],
      [951, 'POSIX', PG_CATALOG_ID, OWNER_ID, 'c', true, -1, 'POSIX', 'POSIX', null, null],
    ],
  ),
  view(
    'pg_catalog',
    'pg_database',
    'oid oid, datname name, datdba oid, encoding int4, datlocprovider char, datistemplate bool, datallowconn bool, datconnlimit int4, datfrozenxid int8, datminmxid int8, dattablespace oid, datcollate text, datctype text, daticulocale text, datcollversion text, datacl _text',
    () => [
      [DATABASE_ID, OWNER_NAME, OWNER_ID, 6, 'c', false, true, -1, 0, 0, 1663, 'C', 'C', null, null, null],
    ],
  ),
];
