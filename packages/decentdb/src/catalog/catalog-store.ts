/**
 * Where the catalogue lives: one ordinary tree whose root is in the database's meta (layout: catalog-rows.ts).
 *
 * I1  The schema cookie of the meta names a state of the catalogue; the cache is keyed on it and holds committed states only.
 *     A reader of an older snapshot has an older cookie and gets the older catalogue (LESSONS 11).
 * I2  `save` writes the rows that differ and moves the cookie; rolling back the pages and the meta undoes both.
 * I3  Object ids come from a counter of the meta and are never given twice.
 */

import type { PageNo } from '../base/ids.ts';
import { createTree, Tree } from '../tree/tree.ts';
import { TreeCursor, WHOLE_TREE } from '../tree/tree-cursor.ts';
import type { ReadView, SavepointView, WriteView } from '../txn/page-view.ts';
import { type Datum, Physical } from '../types/vector.ts';
import { Catalog, FIRST_OBJECT_ID } from './catalog.ts';
import { decodeCatalog } from './catalog-load.ts';
import { type CatalogRow, ROW_KEY_FIELDS, RowField, RowKind, rowKey } from './catalog-rows.ts';
import {
  encodeSchema,
  encodeSequence,
  encodeTable,
  encodeType,
  encodeView,
  type SchemaNames,
} from './definition-codec.ts';
import { unknownToThisVersion } from './definition-fields.ts';
import { encodeAccess, encodeRole } from './roles.ts';
import { encodeRoutine } from './routines.ts';

/** The part of the database's meta that belongs to the catalogue. */
export interface CatalogMeta {
  readonly catalogRoot: PageNo;
  readonly schemaCookie: number;
  readonly counters: readonly number[];
}

/** A write transaction that can change the catalogue's part of the meta. */
export interface CatalogWriteView extends WriteView {
  readonly meta: CatalogMeta;
  setCatalogRoot(page: PageNo): void;
  setSchemaCookie(cookie: number): void;
  setCounter(index: number, value: number): void;
}

/** A write transaction that can make the file shorter. */
export interface PackingView extends CatalogWriteView, SavepointView {
  packFreePages(): void;
}

/** Counter of the meta that holds the last object id given out. */
export const OBJECT_ID_COUNTER = 0;

/** How many states the cache keeps: readers rarely lag behind more than one schema change. */
const STATES_MAX = 4;

const SCHEMA = {
  columns: [
    { physical: Physical.int32 },
    { physical: Physical.int64 },
    { physical: Physical.int32 },
    { physical: Physical.int64 },
    { physical: Physical.text },
    { physical: Physical.text },
  ],
  keyCount: ROW_KEY_FIELDS,
};

export function catalogTree(root: PageNo): Tree {
  return new Tree(root, SCHEMA, 'catalogue');
}

export class CatalogStore {
  readonly #states: Map<number, Catalog>;

  constructor() {
    this.#states = new Map();
  }

  /** The catalogue of a committed state. */
  load(view: ReadView, meta: CatalogMeta): Catalog {
    const known = this.#states.get(meta.schemaCookie);
    if (known !== undefined) return known;
    const catalog =
      meta.catalogRoot === 0
        ? Catalog.empty().atVersion(meta.schemaCookie)
        : decodeCatalog(readRows(view, meta.catalogRoot), meta.schemaCookie);
    this.remember(catalog);
    return catalog;
  }

  /** Keeps a state whose commit was published, so that the next reader need not load it. */
  remember(catalog: Catalog): void {
    this.#states.delete(catalog.version);
    this.#states.set(catalog.version, catalog);
    for (const version of this.#states.keys()) {
      if (this.#states.size <= STATES_MAX) return;
      this.#states.delete(version);
    }
  }

  /** An id for a new object. */
  newId(view: CatalogWriteView): number {
    const id = Math.max(view.meta.counters[OBJECT_ID_COUNTER] ?? 0, FIRST_OBJECT_ID - 1) + 1;
    view.setCounter(OBJECT_ID_COUNTER, id);
    return id;
  }

  /** The version the next `save` in this transaction will give. */
  nextVersion(view: CatalogWriteView): number {
    return view.meta.schemaCookie + 1;
  }

  /** Writes the difference between two states of one transaction; returns `after` under its version. */
  save(view: CatalogWriteView, before: Catalog, after: Catalog): Catalog {
    let root = view.meta.catalogRoot;
    const isNew = root === 0;
    if (isNew) {
      root = createTree(view, SCHEMA);
      view.setCatalogRoot(root);
    }
    const tree = catalogTree(root);
    const old = changedRows(isNew ? null : before, after, before);
    const now = changedRows(after, isNew ? null : before, after);
    for (const [key, row] of old) if (!now.has(key)) tree.delete(view, keyOf(row));
    for (const [key, row] of now) {
      const was = old.get(key);
      if (was === undefined) tree.insert(view, valuesOf(row));
      else if (!isSameRow(was, row))
        tree.update(
          view,
          keyOf(row),
          [RowField.parent, RowField.name, RowField.definition],
          [row.parent, row.name, row.definition],
        );
    }
    const version = this.nextVersion(view);
    view.setSchemaCookie(version);
    return after.atVersion(version);
  }
}

function keyOf(row: CatalogRow): Datum[] {
  return [row.kind, row.id, row.number];
}

function valuesOf(row: CatalogRow): Datum[] {
  return [row.kind, row.id, row.number, row.parent, row.name, row.definition];
}

function isSameRow(a: CatalogRow, b: CatalogRow): boolean {
  return a.parent === b.parent && a.name === b.name && a.definition === b.definition;
}

/** Rows of the objects of `state` that `other` has not, or has differently. Schema names are those of `names`. */
function changedRows(state: Catalog | null, other: Catalog | null, names: Catalog): Map<string, CatalogRow> {
  const rows = new Map<string, CatalogRow>();
  if (state === null) return rows;
  const schemas = schemaNames(names);
  const add = <T extends { readonly id: number }>(
    mine: ReadonlyMap<number, T>,
    theirs: ReadonlyMap<number, T> | undefined,
    encode: (def: T) => CatalogRow[],
  ): void => {
    if (mine === theirs) return;
    for (const [id, def] of mine)
      if (theirs?.get(id) !== def) for (const row of encode(def)) rows.set(rowKey(row), row);
  };
  add(state.schemas, other?.schemas, encodeSchema);
  add(state.types, other?.types, (def) => encodeType(def, schemas));
  add(state.sequences, other?.sequences, (def) => encodeSequence(def, schemas));
  add(state.tables, other?.tables, (def) => encodeTable(def, schemas));
  add(state.views, other?.views, (def) => encodeView(def, schemas));
  add(state.roles, other?.roles, encodeRole);
  add(state.access, other?.access, encodeAccess);
  add(state.routines, other?.routines, (def) => encodeRoutine(def, schemas.idOf(def.schema)));
  return rows;
}

function schemaNames(catalog: Catalog): SchemaNames {
  return {
    nameOf: (id) => catalog.schemas.get(id)?.name ?? '',
    idOf: (name) => catalog.schema(name)?.id ?? 0,
  };
}

/** Rows of the tree with their kinds checked, in key order; sequence values are left out. */
function readRows(view: ReadView, root: PageNo): CatalogRow[] {
  const tree = catalogTree(root);
  const cursor = new TreeCursor(tree, view);
  const rows: CatalogRow[] = [];
  cursor.seek(WHOLE_TREE);
  while (cursor.next()) {
    const leaf = cursor.leaf;
    if (leaf === null) break;
    for (let i = cursor.from; i < cursor.to; i++) {
      const cell = (field: number): Datum => tree.datum(view, leaf, i, field);
      const kind = cell(RowField.kind) as RowKind;
      if (!KINDS.has(kind)) throw unknownToThisVersion(`object ${cell(RowField.id)}`, `the kind ${kind}`);
      if (kind === RowKind.sequenceValue) continue;
      rows.push({
        kind,
        id: cell(RowField.id) as number,
        number: cell(RowField.number) as number,
        parent: cell(RowField.parent) as number,
        name: cell(RowField.name) as string,
        definition: cell(RowField.definition) as string,
      });
    }
  }
  return rows;
}

const KINDS: ReadonlySet<number> = new Set(Object.values(RowKind));
