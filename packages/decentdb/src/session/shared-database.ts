/**
 * What all sessions of one open database share: the engine, the catalogue's cache, the bound expressions of tables.
 */
import type { Catalog } from '../catalog/catalog.ts';
import { CatalogStore } from '../catalog/catalog-store.ts';
import type { IndexDef, TableDef } from '../catalog/schema.ts';
import type { ColumnStatistics, TableExpressions } from '../plan/env.ts';
import type { BindEnv } from '../sql/bind/env.ts';
import { bindTableExpressions } from '../sql/bind/stored-expressions.ts';
import type { StorageEngine } from '../txn/engine.ts';
import type { ReadView } from '../txn/page-view.ts';
import type { SqlType } from '../types/sql-type.ts';
import { sampleColumn, sampleLocality, samplePrefixDistinct } from './column-sample.ts';
import { NotificationHub } from './notifications.ts';
import { SequenceCounters } from './sequence-counters.ts';

const shared = new WeakMap<StorageEngine, SharedDatabase>();

interface ColumnSample {
  readonly rows: number;
  readonly statistics: ColumnStatistics | null;
  readonly type: SqlType | undefined;
}

const SAMPLES_MAX = 5000;
const NEAR_FACTOR = 2;

function isNear(before: number, now: number): boolean {
  return now <= before * NEAR_FACTOR && before <= now * NEAR_FACTOR;
}

export class SharedDatabase {
  readonly engine: StorageEngine;
  readonly store: CatalogStore = new CatalogStore();
  readonly sequences: SequenceCounters = new SequenceCounters();
  readonly notifications: NotificationHub = new NotificationHub();
  /** Sessions open now: the first and the last one clear temporary objects away. */
  sessionCount = 0;
  /** Counts what ANALYZE made anew: plans of an earlier count are made again. */
  statisticsEpoch = 0;
  #expressions = new WeakMap<Catalog, Map<TableDef, TableExpressions>>();

  readonly #samples = new Map<string, ColumnSample>();
  readonly #localities = new Map<string, { readonly rows: number; readonly share: number }>();
  readonly #prefixes = new Map<string, { readonly rows: number; readonly distinct: number }>();

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

  /** Statistics of a column: sampled when first asked for, and again when the table has grown or shrunk a lot. */
  columnStatistics(table: TableDef, column: number, rows: number, view: ReadView): ColumnStatistics | null {
    const key = `${table.id}.${column}`;
    const known = this.#samples.get(key);
    if (known !== undefined && known.type === table.columns[column]?.type && isNear(known.rows, rows))
      return known.statistics;
    const statistics = sampleColumn(table, column, rows, view);
    if (this.#samples.size >= SAMPLES_MAX) this.#samples.clear();
    this.#samples.set(key, { rows, statistics, type: table.columns[column]?.type });
    return statistics;
  }

  /** How near each other in the table an index's neighbours lie: sampled like {@link columnStatistics}. */
  locality(table: TableDef, index: IndexDef, rows: number, view: ReadView): number {
    const key = `${table.id}.i${index.id}`;
    const known = this.#localities.get(key);
    if (known !== undefined && isNear(known.rows, rows)) return known.share;
    const share = sampleLocality(table, index, view);
    if (this.#localities.size >= SAMPLES_MAX) this.#localities.clear();
    this.#localities.set(key, { rows, share });
    return share;
  }

  /** Different combinations of an index's first columns: sampled likewise. */
  prefixDistinct(table: TableDef, index: IndexDef, length: number, rows: number, view: ReadView): number {
    const key = `${table.id}.p${index.id}.${length}`;
    const known = this.#prefixes.get(key);
    if (known !== undefined && isNear(known.rows, rows)) return known.distinct;
    const distinct = samplePrefixDistinct(table, index, length, rows, view);
    if (this.#prefixes.size >= SAMPLES_MAX) this.#prefixes.clear();
    this.#prefixes.set(key, { rows, distinct });
    return distinct;
  }

  /** Forgets what was sampled (ANALYZE): of one table, or of all. */
  forgetStatistics(tableId: number | null): void {
    this.statisticsEpoch++;
    for (const samples of [this.#samples, this.#localities, this.#prefixes])
      for (const key of samples.keys())
        if (tableId === null || key.startsWith(`${tableId}.`)) samples.delete(key);
  }

  /** Expressions are bound again: a function they may call was registered. */
  forgetExpressions(): void {
    this.#expressions = new WeakMap();
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
