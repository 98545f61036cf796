/**
 * What all sessions of one open database share: the engine, the catalogue's cache, the bound expressions of tables.
 */
import type { Catalog } from '../catalog/catalog.ts';
import { CatalogStore } from '../catalog/catalog-store.ts';
import type { TableDef } from '../catalog/schema.ts';
import type { TableExpressions } from '../plan/env.ts';
import type { BindEnv } from '../sql/bind/env.ts';
import { bindTableExpressions } from '../sql/bind/stored-expressions.ts';
import type { StorageEngine } from '../txn/engine.ts';

const shared = new WeakMap<StorageEngine, SharedDatabase>();

export class SharedDatabase {
  readonly engine: StorageEngine;
  readonly store: CatalogStore = new CatalogStore();
  readonly #expressions = new WeakMap<Catalog, Map<TableDef, TableExpressions>>();

  private constructor(engine: StorageEngine) {
    this.engine = engine;
  }

  /** The one of an engine. */
  static of(engine: StorageEngine): SharedDatabase {
    let one = shared.get(engine);
    if (one === undefined) {
      one = new SharedDatabase(engine);
      shared.set(engine, one);
    }
    return one;
  }

  /** Bound expressions of a table, made once for each catalogue (foreign keys that point at it are among them). */
  tableExpressions(table: TableDef, env: BindEnv): TableExpressions {
    let byTable = this.#expressions.get(env.catalog);
    if (byTable === undefined) {
      byTable = new Map();
      this.#expressions.set(env.catalog, byTable);
    }
    let bound = byTable.get(table);
    if (bound === undefined) {
      bound = bindTableExpressions(env, table);
      byTable.set(table, bound);
    }
    return bound;
  }
}
