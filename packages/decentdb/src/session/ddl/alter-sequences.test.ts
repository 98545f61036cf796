/**
 * Random sequences of ALTER TABLE, changes of rows, savepoints, rollbacks, snapshots and reopenings against a model in memory: rows
 * stored before a column came must have its value whatever happens to them. SEED replays a run.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Database, openSync } from '../../api/database.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const RUNS = process.env['DECENTDB_LONG_TESTS'] === '1' ? 40 : 3;
const STEPS = 120;

type Value = string | null;

/** A column type with texts of values as the database shows them. */
interface Kind {
  readonly type: string;
  value(random: () => number): string;
}

const KINDS: readonly Kind[] = [
  { type: 'int', value: (random) => String(Math.floor(random() * 2000) - 1000) },
  {
    type: 'bigint',
    value: (random) => (random() < 0.5 ? '9007199254740993' : String(Math.floor(random() * 9))),
  },
  { type: 'text', value: (random) => 'x'.repeat(Math.floor(random() * 30)) + Math.floor(random() * 5) },
  { type: 'varchar(40)', value: (random) => `é${Math.floor(random() * 100)}` },
  { type: 'numeric(9,2)', value: (random) => (Math.floor(random() * 10000) / 100).toFixed(2) },
  {
    type: 'numeric',
    value: (random) => (random() < 0.2 ? '1e40' : '0.5').replace('1e40', `1${'0'.repeat(40)}`),
  },
  { type: 'double precision', value: (random) => String(Math.floor(random() * 100) / 4) },
  { type: 'boolean', value: (random) => (random() < 0.5 ? 't' : 'f') },
  { type: 'jsonb', value: (random) => `{"a": ${Math.floor(random() * 10)}}` },
  { type: 'int[]', value: (random) => `{1,${Math.floor(random() * 10)}}` },
  { type: 'bytea', value: (random) => `\\x0${Math.floor(random() * 10)}ff` },
  { type: 'uuid', value: (random) => `00000000-0000-4000-8000-00000000000${Math.floor(random() * 10)}` },
  { type: 'mood', value: (random) => ['sad', 'ok', 'happy'][Math.floor(random() * 3)] as string },
  { type: 'timestamp', value: (random) => `2024-01-0${1 + Math.floor(random() * 9)} 00:00:00` },
];

interface ModelColumn {
  readonly name: string;
  readonly kind: Kind;
  defaultValue: Value;
  readonly notNull: boolean;
}

class Model {
  columns: ModelColumn[] = [];
  rows: Map<number, Map<string, Value>> = new Map();

  copy(): Model {
    const copy = new Model();
    copy.columns = this.columns.map((column) => ({ ...column }));
    copy.rows = new Map([...this.rows].map(([id, row]) => [id, new Map(row)]));
    return copy;
  }

  lines(): Value[][] {
    const ids = [...this.rows.keys()].sort((a, b) => a - b);
    return ids.map((id) => [
      String(id),
      ...this.columns.map(({ name }) => this.rows.get(id)!.get(name) ?? null),
    ]);
  }
}

function literal(value: Value): string {
  return value === null ? 'NULL' : `'${value.replace(/'/g, "''")}'`;
}

class Run {
  readonly path: string;
  readonly random: () => number;
  readonly log: string[] = [];
  db: Database;
  model = new Model();
  before: Model | null = null;
  savepoint: Model | null = null;
  snapshot: { readonly view: ReturnType<Database['snapshot']>; readonly model: Model } | null = null;
  names = 0;
  ids = 0;
  readonly #pageSize: number;

  constructor(path: string, seed: number) {
    this.path = path;
    let state = seed >>> 0;
    this.random = () => {
      state = (state + 0x6d2b79f5) >>> 0;
      let t = Math.imul(state ^ (state >>> 15), state | 1);
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
      return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    };
    this.#pageSize = [512, 1024, 4096][seed % 3] as number;
    this.db = this.#open();
    this.exec("CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')");
    this.exec(seed % 2 === 0 ? 'CREATE TABLE t (id int PRIMARY KEY)' : 'CREATE TABLE t (id int)');
  }

  #open(): Database {
    return openSync(this.path, { pageSize: this.#pageSize, durability: 'none' });
  }

  exec(sql: string): void {
    this.log.push(sql);
    this.db.exec(sql);
  }

  below(count: number): number {
    return Math.floor(this.random() * count);
  }

  any<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  compare(view: { query: Database['query'] }, model: Model, what: string): void {
    const options = { rowMode: 'array', format: 'text' } as const;
    const names = ['id', ...model.columns.map(({ name }) => name)].join(', ');
    const rows = view.query<readonly Value[]>(`SELECT ${names} FROM t ORDER BY id`, [], options).rows;
    assert.deepEqual(rows, model.lines(), `${what}, SEED=${SEED}\n${this.log.join(';\n')}`);
    const column = this.any([...model.columns, null]);
    if (column === null || model.rows.size === 0) return;
    const row = this.any([...model.rows.entries()]);
    const value = row[1].get(column.name) ?? null;
    if (column.kind.type === 'jsonb') return;
    const test = value === null ? 'IS NULL' : `= ${literal(value)}`;
    const found = view.query<readonly Value[]>(
      `SELECT id FROM t WHERE ${column.name} ${test} ORDER BY id`,
      [],
      options,
    );
    const wanted = model.lines().filter((line) => line[1 + model.columns.indexOf(column)] === value);
    assert.deepEqual(
      found.rows.map(([id]) => id),
      wanted.map(([id]) => id),
      `${what} where ${column.name} ${test}, SEED=${SEED}\n${this.log.join(';\n')}`,
    );
  }

  addColumn(): void {
    if (this.model.columns.length > 12) return;
    const kind = this.any(KINDS);
    const name = `c${this.names++}`;
    const defaultValue = this.random() < 0.7 ? kind.value(this.random) : null;
    const notNull = defaultValue !== null && this.random() < 0.3;
    const rest = defaultValue === null ? '' : ` DEFAULT ${literal(defaultValue)}`;
    this.exec(`ALTER TABLE t ADD COLUMN ${name} ${kind.type}${rest}${notNull ? ' NOT NULL' : ''}`);
    this.model.columns.push({ name, kind, defaultValue, notNull });
    for (const row of this.model.rows.values()) row.set(name, defaultValue);
  }

  addBySeries(): void {
    const kind = KINDS[0] as Kind;
    const name = `c${this.names++}`;
    this.exec(`ALTER TABLE t ADD COLUMN ${name} int GENERATED ALWAYS AS (id + 1) STORED`);
    this.exec(`ALTER TABLE t ALTER COLUMN ${name} DROP EXPRESSION`);
    this.model.columns.push({ name, kind, defaultValue: null, notNull: false });
    for (const [id, row] of this.model.rows) row.set(name, String(id + 1));
  }

  dropColumn(): void {
    if (this.model.columns.length === 0) return;
    const column = this.any(this.model.columns);
    this.exec(`ALTER TABLE t DROP COLUMN ${column.name}`);
    this.model.columns = this.model.columns.filter((one) => one !== column);
  }

  alterColumn(): void {
    if (this.model.columns.length === 0) return;
    const at = this.below(this.model.columns.length);
    const column = this.model.columns[at] as ModelColumn;
    const { kind, name } = column;
    if (this.random() < 0.5) {
      column.defaultValue = this.random() < 0.7 || column.notNull ? kind.value(this.random) : null;
      this.exec(`ALTER TABLE t ALTER COLUMN ${name} SET DEFAULT ${literal(column.defaultValue)}`);
      return;
    }
    const isText = kind.type === 'text' || kind.type.startsWith('varchar');
    const next = isText
      ? this.any(['text', 'varchar', 'varchar(50)'])
      : kind.type === 'int'
        ? 'bigint'
        : null;
    if (next === null) return;
    this.exec(`ALTER TABLE t ALTER COLUMN ${name} TYPE ${next}`);
    this.model.columns[at] = { ...column, kind: { ...kind, type: next } };
  }

  insert(): void {
    const rows: string[] = [];
    const given = this.model.columns.filter((column) => column.defaultValue === null || this.random() < 0.5);
    for (let i = this.below(30); i >= 0; i--) {
      const id = this.ids++;
      const row = new Map<string, Value>();
      for (const column of this.model.columns) row.set(column.name, column.defaultValue);
      for (const { name, kind, notNull } of given)
        row.set(name, this.random() < 0.2 && !notNull ? null : kind.value(this.random));
      this.model.rows.set(id, row);
      rows.push(`(${[String(id), ...given.map(({ name }) => literal(row.get(name) ?? null))].join(', ')})`);
    }
    this.exec(
      `INSERT INTO t (${['id', ...given.map(({ name }) => name)].join(', ')}) VALUES ${rows.join(', ')}`,
    );
  }

  update(): void {
    if (this.model.columns.length === 0) return;
    const { name, kind } = this.any(this.model.columns);
    const value = kind.value(this.random);
    const modulo = 1 + this.below(20);
    this.exec(`UPDATE t SET ${name} = ${literal(value)} WHERE id % ${modulo} = 0`);
    for (const [id, row] of this.model.rows) if (id % modulo === 0) row.set(name, value);
  }

  delete(): void {
    const modulo = 2 + this.below(8);
    const from = this.below(this.ids + 1);
    this.exec(`DELETE FROM t WHERE id % ${modulo} = 0 AND id >= ${from}`);
    for (const id of [...this.model.rows.keys()])
      if (id % modulo === 0 && id >= from) this.model.rows.delete(id);
  }

  index(): void {
    if (this.model.columns.length === 0) return;
    const { name } = this.any(this.model.columns);
    this.exec(`DROP INDEX IF EXISTS i_${name}`);
    this.exec(`CREATE INDEX i_${name} ON t (${name})`);
  }

  transaction(): void {
    if (this.before === null) {
      this.exec('BEGIN');
      this.before = this.model.copy();
      return;
    }
    const choice = this.random();
    if (choice < 0.3 && this.savepoint === null) {
      this.exec('SAVEPOINT s');
      this.savepoint = this.model.copy();
    } else if (choice < 0.5 && this.savepoint !== null) {
      this.exec('ROLLBACK TO s; RELEASE s');
      this.model = this.savepoint;
      this.savepoint = null;
    } else {
      const undo = choice < 0.75;
      this.exec(undo ? 'ROLLBACK' : 'COMMIT');
      if (undo) this.model = this.before;
      this.before = null;
      this.savepoint = null;
    }
  }

  look(): void {
    if (this.snapshot !== null) {
      this.compare(this.snapshot.view, this.snapshot.model, 'a snapshot');
      if (this.random() < 0.5) {
        this.snapshot.view.close();
        this.snapshot = null;
      }
    } else this.snapshot = { view: this.db.snapshot(), model: (this.before ?? this.model).copy() };
  }

  reopen(): void {
    if (this.before !== null) return;
    this.snapshot?.view.close();
    this.snapshot = null;
    this.log.push('-- reopen');
    assert.deepEqual(this.db.check().findings, [], `SEED=${SEED}\n${this.log.join(';\n')}`);
    this.db.close();
    this.db = this.#open();
  }

  step(): void {
    const choice = this.random();
    if (choice < 0.16) this.addColumn();
    else if (choice < 0.18) this.addBySeries();
    else if (choice < 0.23) this.dropColumn();
    else if (choice < 0.3) this.alterColumn();
    else if (choice < 0.5) this.insert();
    else if (choice < 0.62) this.update();
    else if (choice < 0.68) this.delete();
    else if (choice < 0.73) this.index();
    else if (choice < 0.9) this.transaction();
    else if (choice < 0.96) this.look();
    else this.reopen();
    this.compare(this.db, this.model, 'the table');
  }

  end(): void {
    this.snapshot?.view.close();
    this.snapshot = null;
    if (this.before !== null) this.exec('COMMIT');
    this.before = null;
    this.reopen();
    this.compare(this.db, this.model, 'the table in the end');
    this.db.close();
  }
}

test(`rows have the columns they should after any sequence of changes (SEED=${SEED})`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'decentdb-alter-'));
  try {
    for (let i = 0; i < RUNS; i++) {
      const run = new Run(join(folder, `${i}.ddb`), SEED + i);
      try {
        for (let step = 0; step < STEPS; step++) run.step();
        run.end();
      } catch (error) {
        const what = error instanceof Error ? error.stack : String(error);
        throw new Error(`SEED=${SEED} run ${i}\n${run.log.join(';\n')}\n${what}`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});
