/**
 * CREATE INDEX ... USING trigram: what may be indexed, options, trees, the build.
 *
 * I1  Texts and predicate are computed by the executor, so they mean what they mean in queries.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { IndexDef, IndexKey, TableDef } from '../../catalog/schema.ts';
import type { SortKey } from '../../exec/expr.ts';
import { FOLD_OPTION, postingStore, type SearchMode, searchMode } from '../../exec/storage/search-stores.ts';
import type { LogicalNode } from '../../plan/logical.ts';
import { type IndexedRow, POSTING_SCHEMA, pendingSchema } from '../../search/trigram/posting-store.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { filter } from '../../sql/bind/select.ts';
import { bindIndexExpressions } from '../../sql/bind/stored-expressions.ts';
import { createTree } from '../../tree/tree.ts';
import { foldFingerprint } from '../../types/case-fold.ts';
import { Oid } from '../../types/oids.ts';
import type { Datum } from '../../types/vector.ts';
import type { DdlContext } from './context.ts';
import { columnOfRead, project, readTable } from './storage.ts';

const MODES: readonly string[] = ['deferred', 'immediate', 'disabled'] satisfies SearchMode[];
/** Storage parameters of PostgreSQL's gin and gist: accepted, without a meaning here. */
const IGNORED_OPTIONS = new Set([
  'fastupdate',
  'gin_pending_list_limit',
  'buffering',
  'fillfactor',
  'siglen',
]);

/** Refuses what a trigram index cannot be (0A000, 42704). */
export function checkTrigramIndex(stmt: ast.IndexStmt, keys: readonly IndexKey[]): void {
  const refuse = (what: string): never => {
    throw new DecentDbError('0A000', `access method "${stmt.accessMethod}" does not support ${what}`);
  };
  if (stmt.unique) refuse('unique indexes');
  if (stmt.indexIncludingParams.length > 0) refuse('included columns');
  stmt.indexParams.forEach((element, i) => {
    if (element.ordering !== 'SORTBY_DEFAULT') refuse('ASC/DESC options');
    if (element.nulls_ordering !== 'SORTBY_NULLS_DEFAULT') refuse('NULLS FIRST/LAST options');
    const type = keys[i]!.type;
    if (type.oid === Oid.text || type.oid === Oid.varchar) return;
    throw new DecentDbError(
      '42704',
      `data type ${type.sqlName(-1)} has no default operator class for access method "trigram"`,
      { hint: 'A trigram index is made of text or varchar columns.' },
    );
  });
}

/** Options as stored: the mode as written, checked, and the case folding of now. */
export function trigramOptions(given: Readonly<Record<string, string>>): Record<string, string> {
  const options: Record<string, string> = { [FOLD_OPTION]: String(foldFingerprint()) };
  for (const [name, value] of Object.entries(given)) {
    if (name === 'mode') {
      const mode = value.replace(/^'(.*)'$/, '$1').toLowerCase();
      if (!MODES.includes(mode))
        throw new DecentDbError('22023', `invalid value for option "mode": "${value}"`, {
          hint: `Valid values are ${MODES.map((one) => `"${one}"`).join(', ')}.`,
        });
      options['mode'] = mode;
    } else if (IGNORED_OPTIONS.has(name)) {
      options[name] = value;
    } else {
      throw new DecentDbError('22023', `unrecognized parameter "${name}"`);
    }
  }
  return options;
}

export function createTrigramTrees(ctx: DdlContext, index: IndexDef): IndexDef {
  const root = createTree(ctx.view, POSTING_SCHEMA);
  return { ...index, root, pendingRoot: createTree(ctx.view, pendingSchema(index.keys.length)) };
}

/** Fills the postings from the table; a disabled index is left empty. */
export function buildTrigramIndex(ctx: DdlContext, table: TableDef, index: IndexDef): void {
  const store = postingStore(index);
  if (searchMode(index) === 'disabled') store.truncate(ctx.view);
  else store.build(ctx.view, () => indexedRows(ctx, table, index), index.keys.length);
}

/** The index's rows with their texts, by ascending row id. */
function* indexedRows(ctx: DdlContext, table: TableDef, index: IndexDef): Iterable<IndexedRow> {
  const read = readTable(ctx, table);
  const bound = bindIndexExpressions(read.state, table, index, read.row);
  const keys = index.keys.map((key, i) => bound.keys[i] ?? columnOfRead(read, table, key.column));
  const source = bound.predicate === null ? read.node : filter(read.node, bound.predicate);
  const byRowId: SortKey = { expr: read.rowId, descending: false, nullsFirst: false };
  const sorted: LogicalNode = { kind: 'sort', input: source, keys: [byRowId], columns: source.columns };
  const texts = new Array<string | null>(keys.length);
  for (const row of ctx.run(project(read.state, sorted, [...keys, read.rowId]))) {
    for (let i = 0; i < texts.length; i++) texts[i] = row[i] as string | null;
    yield { rowId: checkedRowId(row[keys.length]!, index), texts };
  }
}

function checkedRowId(rowId: Datum, index: IndexDef): number {
  if (typeof rowId === 'number') return rowId;
  throw new DecentDbError(
    '22003',
    `row id ${String(rowId)} is out of range for trigram index "${index.name}"`,
  );
}
