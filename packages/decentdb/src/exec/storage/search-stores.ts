/**
 * Trigram indexes as the executor meets them: their stores, and whether they may be used.
 *
 *     mode 'deferred'   a change is noted in the pending tree; merges turn notes into postings later (default)
 *     mode 'immediate'  merged by the commit that made the change
 *     mode 'disabled'   not kept and not used until it is enabled again, which builds it anew
 *
 * I1  One PostingStore for each definition, shared like the trees of stored-trees.ts.
 * I2  An index made under another case folding is kept (its pending tree stays complete) but never read or merged: REINDEX it.
 */
import { assert } from '../../base/assert.ts';
import type { IndexDef, TableDef } from '../../catalog/schema.ts';
import { ANALYSIS_VERSION, TextSource } from '../../functions/text-search/analysis.ts';
import { joinLexemes } from '../../search/fulltext/lexeme-posting.ts';
import { LEXEME_SCHEMA, LexemeStore } from '../../search/fulltext/lexeme-store.ts';
import { noteSchema } from '../../search/note-tree.ts';
import { type SearchTrees, UnreadTrees } from '../../search/search-trees.ts';
import { POSTING_SCHEMA, PostingStore } from '../../search/trigram/posting-store.ts';
import { textCodesOf } from '../../search/trigram/trigram-code.ts';
import type { TreeSchema } from '../../tree/node-schema.ts';
import { Tree } from '../../tree/tree.ts';
import type { WriteView } from '../../txn/page-view.ts';
import { foldFingerprint } from '../../types/case-fold.ts';
import { TsVector } from '../../types/tsvector.ts';
import type { Datum } from '../../types/vector.ts';
import { searchedValue } from './item-search.ts';

export type SearchMode = 'deferred' | 'immediate' | 'disabled';

/** Key of `IndexDef.options` for the fingerprint an index was built with; not shown to users. */
export const FOLD_OPTION = 'fold';

/** Key of `IndexDef.options` for the layout of an index's notes: '2', those with runs (search/note-tree.ts). Not shown to users. */
export const NOTES_OPTION = 'notes';
export const NOTES_LAYOUT = '2';

/** Whether the notes of an index have runs, so that they are merged in slices. */
export function hasRuns(index: IndexDef): boolean {
  return index.options[NOTES_OPTION] === NOTES_LAYOUT;
}

/** Whether an index is one of postings: trigrams, lexemes or items. */
export function isSearchIndex(index: IndexDef): boolean {
  return index.method !== 'btree';
}

/** Whether what an index keeps of a value is a vector: of lexemes or of items. */
export function hasVectors(index: IndexDef): boolean {
  return index.method === 'fulltext' || index.method === 'gin';
}

/** What an index makes codes of: the text itself, or the lexemes of a vector. */
function searchText(value: Datum): string | null {
  return value instanceof TsVector ? joinLexemes(lexemesIn(value)) : (value as string | null);
}

/** The texts that values of an index's keys are noted by. */
export function searchTexts(index: IndexDef, values: readonly Datum[]): readonly (string | null)[] {
  return values.map((value, key) => searchText(searchedValue(index, key, value)));
}

/** Raised when texts get other codes. */
const TRIGRAM_VERSION = 2;

/** The different lexemes of a vector, in any order. */
function lexemesIn(vector: TsVector): readonly string[] {
  const { source } = vector;
  if (!(source instanceof TextSource)) return vector.lexemes;
  const found = new Set<string>();
  source.scan((lexeme) => {
    found.add(lexeme);
    return false;
  });
  return [...found];
}

/** Raised when a full text index is laid out in another way. */
const LEXEME_LAYOUT = 2;
/** Raised when arrays or jsonb values get other items. */
const ITEM_VERSION = 1;

/** What the postings of an index depend on beside the texts: it is kept with the index, and another one means a rebuild. */
export function searchFingerprint(method: IndexDef['method']): string {
  const fold = String(foldFingerprint());
  if (method === 'gin') return `${fold}.${ANALYSIS_VERSION}.${LEXEME_LAYOUT}.${ITEM_VERSION}`;
  return method === 'fulltext'
    ? `${fold}.${ANALYSIS_VERSION}.${LEXEME_LAYOUT}`
    : `${fold}.${TRIGRAM_VERSION}`;
}

/** Full text indexes once were trees of lexemes' hashes: they are kept, but never read before they are rebuilt. */
export function hasLexemes(index: IndexDef): boolean {
  return hasVectors(index) && (index.options[FOLD_OPTION] ?? '').split('.').length > 2;
}

const stores = new WeakMap<IndexDef, SearchTrees>();

/** The trees of a search index. */
export function searchTrees(index: IndexDef): SearchTrees {
  let store = stores.get(index);
  if (store === undefined) {
    assert(isSearchIndex(index) && index.pendingRoot !== undefined, 'a search index has two trees');
    const pending = new Tree(index.pendingRoot, noteSchema(index.keys.length, hasRuns(index)), index.name);
    const postings = (schema: TreeSchema): Tree => new Tree(index.root, schema, index.name);
    if (hasLexemes(index)) store = new LexemeStore(postings(LEXEME_SCHEMA), pending);
    else if (index.method === 'trigram')
      store = new PostingStore(postings(POSTING_SCHEMA), pending, textCodesOf);
    else store = new UnreadTrees(postings(POSTING_SCHEMA), pending);
    stores.set(index, store);
  }
  return store;
}

export function postingStore(index: IndexDef): PostingStore {
  const store = searchTrees(index);
  assert(store instanceof PostingStore, 'a trigram index has postings of codes');
  return store;
}

export function lexemeStore(index: IndexDef): LexemeStore {
  const store = searchTrees(index);
  assert(store instanceof LexemeStore, 'an index of vectors has postings of lexemes');
  return store;
}

export function searchMode(index: IndexDef): SearchMode {
  return (index.options['mode'] as SearchMode | undefined) ?? 'deferred';
}

/** Whether the index was built with the case folding of this platform. */
export function isFoldCurrent(index: IndexDef): boolean {
  return index.options[FOLD_OPTION] === searchFingerprint(index.method);
}

/** Whether queries may use the index. */
export function isSearchable(index: IndexDef): boolean {
  return isSearchIndex(index) && searchMode(index) !== 'disabled' && isFoldCurrent(index);
}

const changed = new WeakMap<WriteView, Map<IndexDef, TableDef>>();

/** Remembers that a transaction changed rows of the index's table. */
export function noteSearchChange(view: WriteView, table: TableDef, index: IndexDef): void {
  const known = changed.get(view);
  if (known === undefined) changed.set(view, new Map([[index, table]]));
  else known.set(index, table);
}

/** Trigram indexes with rows noted by a transaction. */
export function searchChanges(view: WriteView): ReadonlyMap<IndexDef, TableDef> | undefined {
  return changed.get(view);
}
