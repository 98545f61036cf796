/**
 * CREATE INDEX ... USING trigram, fulltext, gin: what may be indexed, options, trees, the build.
 *
 * I1  Texts and predicate are computed by the executor, so they mean what they mean in queries.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { IndexDef, IndexKey, TableDef } from '../../catalog/schema.ts';
import type { SortKey } from '../../exec/expr.ts';
import { searchedValue } from '../../exec/storage/item-search.ts';
import { feedStoredTexts, isFedByColumns } from '../../exec/storage/search-feed.ts';
import {
  FOLD_OPTION,
  hasLexemes,
  hasRuns,
  hasVectors,
  lexemeStore,
  NOTES_LAYOUT,
  NOTES_OPTION,
  postingStore,
  type SearchMode,
  searchFingerprint,
  searchMode,
  searchTrees,
} from '../../exec/storage/search-stores.ts';
import { datumAt } from '../../exec/vectors.ts';
import type { LogicalNode } from '../../plan/logical.ts';
import { LEXEME_SCHEMA } from '../../search/fulltext/lexeme-store.ts';
import { noteSchema } from '../../search/note-tree.ts';
import type { PostingCollector } from '../../search/trigram/posting-collector.ts';
import { POSTING_SCHEMA } from '../../search/trigram/posting-store.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { filter } from '../../sql/bind/select.ts';
import { bindIndexExpressions } from '../../sql/bind/stored-expressions.ts';
import { quoteIdentifier } from '../../sql/print/quote.ts';
import { createTree } from '../../tree/tree.ts';
import { Oid } from '../../types/oids.ts';
import { searchConfigName, searchConfigOid } from '../../types/regconfig.ts';
import { domainBase, type SqlType } from '../../types/sql-type.ts';
import { type TsVector, tsvectorType } from '../../types/tsvector.ts';
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

/** Refuses what a search index cannot be (0A000, 42704). */
export function checkSearchIndex(
  stmt: ast.IndexStmt,
  keys: readonly IndexKey[],
  method: IndexDef['method'],
): void {
  const refuse = (what: string): never => {
    throw new DecentDbError('0A000', `access method "${stmt.accessMethod}" does not support ${what}`);
  };
  if (stmt.unique) refuse('unique indexes');
  if (stmt.indexIncludingParams.length > 0) refuse('included columns');
  stmt.indexParams.forEach((element, i) => {
    if (element.ordering !== 'SORTBY_DEFAULT') refuse('ASC/DESC options');
    if (element.nulls_ordering !== 'SORTBY_NULLS_DEFAULT') refuse('NULLS FIRST/LAST options');
    const type = keys[i]!.type;
    if (method === 'gin' || (method === 'fulltext' ? type.oid === Oid.tsvector : isText(type))) return;
    throw new DecentDbError(
      '42704',
      `data type ${type.sqlName(-1)} has no default operator class for access method "${method}"`,
      {
        hint:
          method === 'fulltext'
            ? 'A full text index is made of text, varchar or tsvector columns.'
            : 'A trigram index is made of text or varchar columns.',
      },
    );
  });
}

function isText(type: SqlType): boolean {
  return type.oid === Oid.text || type.oid === Oid.varchar;
}

export function noDefaultClass(type: SqlType, method: string): DecentDbError {
  return new DecentDbError(
    '42704',
    `data type ${type.sqlName(-1)} has no default operator class for access method "${method}"`,
    {
      hint: 'You must specify an operator class for the index or define a default operator class for the data type.',
    },
  );
}

/** The class of a key of a gin index, to be remembered unless it is the type's own; 42704 and 42804 as PostgreSQL says it. */
export function ginClass(written: readonly string[], type: SqlType): string | null {
  const base = domainBase(type);
  const known = GIN_CLASSES.filter(([, takes]) => takes(base));
  if (written.length === 0) {
    if (known.length > 0) return null;
    throw noDefaultClass(type, 'gin');
  }
  const name = written.at(-1) as string;
  const found = known.findIndex(([one]) => one === name);
  if (found >= 0) return found === 0 ? null : written.join('.');
  if (GIN_CLASSES.some(([one]) => one === name))
    throw new DecentDbError(
      '42804',
      `operator class "${name}" does not accept data type ${type.sqlName(-1)}`,
    );
  if (name === 'gin_trgm_ops')
    throw new DecentDbError('0A000', 'gin indexes of trigrams and other items at once are not supported', {
      hint: 'Make an index for each; queries combine them.',
    });
  throw new DecentDbError(
    '42704',
    `operator class "${written.join('.')}" does not exist for access method "gin"`,
  );
}

/** Of a type the class that is its own comes first. */
const GIN_CLASSES: readonly (readonly [string, (type: SqlType) => boolean])[] = [
  ['array_ops', (type) => type.kind === 'array'],
  ['jsonb_ops', (type) => type.oid === Oid.jsonb],
  ['jsonb_path_ops', (type) => type.oid === Oid.jsonb],
  ['tsvector_ops', (type) => type.oid === Oid.tsvector],
];

/** A key whose column has another type now: 42704 or 42804 where its index cannot have that. */
export function retypedKey(method: IndexDef['method'], key: IndexKey): IndexKey {
  const { type, opclass } = key;
  if (method === 'gin') return { ...key, opclass: ginClass(opclass === null ? [] : [opclass], type) };
  if (method === 'fulltext' && type.oid !== Oid.tsvector) ginClass(['tsvector_ops'], type);
  if (method === 'trigram' && !isText(type))
    throw new DecentDbError(
      '42804',
      `operator class "${opclass ?? 'gin_trgm_ops'}" does not accept data type ${type.sqlName(-1)}`,
    );
  return key;
}

/**
 * A key of a full text index: a tsvector as it is; a text as its vector under the configuration of `WITH (config = ...)`, else
 * `english`.
 */
export function fullTextKey(
  key: IndexKey,
  table: TableDef,
  given: Readonly<Record<string, string>>,
): IndexKey {
  if (!isText(key.type)) return key;
  const config = (given['config'] ?? 'english').replace(/^'(.*)'$/, '$1');
  const name = searchConfigName(searchConfigOid(config));
  const text =
    key.column >= 0 ? quoteIdentifier(table.columns[key.column]?.name ?? '') : `(${key.expressionSql})`;
  const expressionSql = `to_tsvector('${name}'::regconfig, ${text})`;
  return { ...key, column: -1, expressionSql, type: tsvectorType };
}

/** What an index made now keeps for itself. */
export function hiddenOptions(method: IndexDef['method']): Record<string, string> {
  return { [FOLD_OPTION]: searchFingerprint(method), [NOTES_OPTION]: NOTES_LAYOUT };
}

/** Options as stored: the mode as written, checked, and the fingerprint of now. */
export function searchOptions(
  given: Readonly<Record<string, string>>,
  method: IndexDef['method'],
): Record<string, string> {
  const options: Record<string, string> = hiddenOptions(method);
  for (const [name, value] of Object.entries(given)) {
    if (name === 'config' && method === 'fulltext') continue;
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

export function createSearchTrees(ctx: DdlContext, index: IndexDef): IndexDef {
  const root = createTree(ctx.view, hasLexemes(index) ? LEXEME_SCHEMA : POSTING_SCHEMA);
  return { ...index, root, pendingRoot: createTree(ctx.view, noteSchema(index.keys.length, hasRuns(index))) };
}

/** Fills the postings from the table; a disabled index is left empty. */
export function buildSearchIndex(ctx: DdlContext, table: TableDef, index: IndexDef): void {
  // One of an old layout stays empty and unused until REINDEX.
  const isOld = hasVectors(index) && !hasLexemes(index);
  if (isOld || searchMode(index) === 'disabled') searchTrees(index).truncate(ctx.view);
  else if (hasVectors(index))
    lexemeStore(index).build(ctx.view, (add) => {
      eachRow(ctx, table, index, (rowId, values) => {
        const vectors = values.map((value, key) => searchedValue(index, key, value));
        add(rowId, vectors as (TsVector | null)[]);
      });
    });
  else
    postingStore(index).build(ctx.view, {
      columnCount: index.keys.length,
      feed: (collector) => feedTexts(ctx, table, index, collector),
      temporary: ctx.openTemporary,
    });
}

/** Gives the collector the index's rows with their texts, by ascending row id, straight from the columns of batches. */
function feedTexts(ctx: DdlContext, table: TableDef, index: IndexDef, collector: PostingCollector): void {
  if (isFedByColumns(table, index)) {
    feedStoredTexts(table, index, ctx.view, collector, (rowId) => checkedRowId(rowId, index));
    return;
  }
  eachRow(ctx, table, index, (rowId, values) => {
    collector.startRow(rowId);
    for (let c = 0; c < values.length; c++) {
      const text = values[c] ?? null;
      if (text !== null) collector.addText(c, text as string);
    }
  });
}

/** Tells of the index's rows with the values of its keys, by ascending row id; the array is reused. */
function eachRow(
  ctx: DdlContext,
  table: TableDef,
  index: IndexDef,
  tell: (rowId: number, values: readonly Datum[]) => void,
): void {
  const read = readTable(ctx, table);
  const bound = bindIndexExpressions(read.state, table, index, read.row);
  const keys = index.keys.map((key, i) => bound.keys[i] ?? columnOfRead(read, table, key.column));
  const source = bound.predicate === null ? read.node : filter(read.node, bound.predicate);
  // A table with an integer primary key has its row ids under that name: the planner sees that they come in order.
  const rowId = columnOfRead(read, table, table.rowIdColumn);
  const byRowId: SortKey = { expr: rowId, descending: false, nullsFirst: false };
  const sorted: LogicalNode = { kind: 'sort', input: source, keys: [byRowId], columns: source.columns };
  const width = keys.length;
  const values = new Array<Datum>(width);
  for (const batch of ctx.runBatches(project(read.state, sorted, [...keys, rowId]))) {
    const columns = keys.map((_, i) => batch.column(i));
    const ids = batch.column(width);
    for (let i = 0; i < batch.count; i++) {
      const at = batch.position(i);
      for (let c = 0; c < width; c++) values[c] = datumAt(columns[c]!, at);
      tell(checkedRowId(datumAt(ids, at), index), values);
    }
  }
}

function checkedRowId(rowId: unknown, index: IndexDef): number {
  if (typeof rowId === 'number') return rowId;
  throw new DecentDbError(
    '22003',
    `row id ${String(rowId)} is out of range for search index "${index.name}"`,
  );
}
