/**
 * Random schema statements over few names, so that they meet: tables, columns, constraints, indexes, views, sequences, domains, enums,
 * functions, and transactions and changes of rows between them.
 *
 * I1  A sequence is a function of the generator's state: the seed rebuilds it.
 * I2  Statements are valid to the grammar; what they name may be missing, taken, in use or of the wrong kind.
 */
import type { Prng } from 'decentdb/testing';
import type { StatementGenerator } from './statement-generator.ts';

const TABLES = ['t1', 't2', 't3'];
const COLUMNS = ['a', 'b', 'c', 'd', 'e'];
const NAMES = ['n1', 'n2', 'n3'];
const TYPES = [
  'int',
  'bigint',
  'text',
  'varchar(5)',
  'numeric(5,2)',
  'boolean',
  'date',
  'm1',
  'd1',
  'd2',
  'int[]',
];
const VALUES = [
  '0',
  '1',
  '2',
  '7',
  'NULL',
  "'x'",
  "'2024-01-01'",
  "'ok'",
  'true',
  'DEFAULT',
  '-3.5',
  "'{1,2}'",
];
const DEFAULTS = [
  '1',
  '0',
  "'x'",
  "'ok'",
  '2.5',
  'now()',
  '1 + 1',
  'length($$abc$$)',
  'true',
  "nextval('s1')",
  "'ok'::m1",
  'f1(2)',
  "nextval('s1') * 2",
];
const CHECKS = [
  (column: string): string => `${column} > 0`,
  (column: string): string => `${column} IS NOT NULL`,
  (column: string): string => `${column} <> '7'`,
  (column: string): string => `length(${column}::text) < 9`,
  (column: string): string => `f1(${column}) > 0`,
  (column: string): string => `${column}::text::m1 <> 'x'`,
  (column: string): string => `${column}::d1 IS NOT NULL`,
];
const ACTIONS = [
  '',
  ' ON DELETE CASCADE',
  ' ON DELETE SET NULL',
  ' ON UPDATE CASCADE',
  ' ON DELETE SET DEFAULT',
  ' ON DELETE RESTRICT',
  ' ON DELETE CASCADE ON UPDATE CASCADE',
  ' ON DELETE SET NULL ON UPDATE CASCADE',
  ' DEFERRABLE INITIALLY DEFERRED',
  ' ON UPDATE CASCADE DEFERRABLE',
  ' ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED',
];

export class DdlGenerator implements StatementGenerator {
  readonly #prng: Prng;
  #inTransaction = false;
  #hasSavepoint = false;

  constructor(prng: Prng) {
    this.#prng = prng;
  }

  /** What most statements need. */
  prelude(): readonly string[] {
    return [
      `CREATE TYPE m1 AS ENUM ('ok', 'x')`,
      'CREATE DOMAIN d1 AS int',
      'CREATE DOMAIN d2 AS int CONSTRAINT n1 CHECK (VALUE > 0)',
      'CREATE SEQUENCE s1',
      `CREATE TABLE t1 (a int PRIMARY KEY, b ${this.#any(TYPES)}, c text DEFAULT 'x', d int, e int)`,
      `INSERT INTO t1 (a) VALUES (1), (2), (7)`,
      `CREATE TABLE t3 (a text, b int CHECK (b > 0), c ${this.#any(TYPES)}, d date, e m1)`,
      `INSERT INTO t3 (a, b) VALUES ('x', 1), ('y', 2), (NULL, 7)`,
      this.#any([
        'CREATE TABLE t2 (a int REFERENCES t1, b int, c date)',
        'CREATE TABLE t2 (a int UNIQUE, b m1)',
      ]),
    ];
  }

  statement(): string {
    const make = this.#any(this.#kinds);
    return make();
  }

  get inTransaction(): boolean {
    return this.#inTransaction;
  }

  /** What goes on after a failure in a transaction. */
  rollback(): string {
    if (this.#hasSavepoint) return 'ROLLBACK TO p1';
    this.#inTransaction = false;
    return 'ROLLBACK';
  }

  readonly #kinds: readonly (() => string)[] = [
    () => this.#createTable(),
    () => this.#alterTable(),
    () => this.#alterTable(),
    () => this.#alterTable(),
    () => this.#alterTable(),
    () => this.#alterTable(),
    () => this.#insert(),
    () => this.#insert(),
    () => this.#insert(),
    () => `UPDATE ${this.#table()} SET ${this.#column()} = ${this.#any(VALUES)}`,
    () => `DELETE FROM ${this.#table()} WHERE ${this.#column()} IS NULL`,
    () => this.#index(),
    () => this.#index(),
    () => this.#view(),
    () => this.#type(),
    () => this.#sequence(),
    () => this.#drop(),
    () => this.#rename(),
    () => this.#transaction(),
    () => this.#transaction(),
    () => this.#write(),
    () => this.#write(),
    () => this.#routine(),
  ];

  #transaction(): string {
    if (!this.#inTransaction) {
      if (this.#prng.unit() < 0.4) return '-- reopen';
      this.#inTransaction = true;
      this.#hasSavepoint = false;
      return 'BEGIN';
    }
    if (!this.#hasSavepoint && this.#prng.unit() < 0.5) {
      this.#hasSavepoint = true;
      return 'SAVEPOINT p1';
    }
    if (this.#hasSavepoint && this.#prng.unit() < 0.4) return 'ROLLBACK TO p1';
    if (this.#prng.unit() < 0.2) return `SET CONSTRAINTS ALL ${this.#any(['DEFERRED', 'IMMEDIATE'])}`;
    this.#inTransaction = false;
    this.#hasSavepoint = false;
    return this.#any(['COMMIT', 'COMMIT', 'ROLLBACK']);
  }

  /** Changes of rows that meet constraints in other ways than plain ones. */
  #write(): string {
    const [table, column, other] = [this.#table(), this.#column(), this.#column()];
    return this.#any([
      () => `UPDATE ${table} SET ${column} = ${column} + ${this.#any(['1', '-1', '10'])}`,
      () => `UPDATE ${table} SET ${column} = ${other}`,
      () => `UPDATE ${table} SET ${column} = DEFAULT WHERE ${other} IS NOT NULL`,
      () => `UPDATE ${table} SET ${column} = ${this.#any(VALUES)} WHERE ${other} = ${this.#any(VALUES)}`,
      () => `DELETE FROM ${table} WHERE ${column} = ${this.#any(VALUES)}`,
      () =>
        `INSERT INTO ${table} (${column}, ${other}) VALUES (${this.#any(VALUES)}, ${this.#any(VALUES)}) ON CONFLICT (${column}) DO UPDATE SET ${other} = excluded.${other}`,
      () => `INSERT INTO ${table} SELECT * FROM ${this.#table()}`,
      () =>
        `MERGE INTO ${table} AS x USING ${this.#table()} AS y ON x.${column} = y.${column} WHEN MATCHED THEN ${this.#any(['DELETE', `UPDATE SET ${other} = y.${other}`, 'DO NOTHING'])} WHEN NOT MATCHED THEN INSERT (${column}) VALUES (y.${column})`,
    ])();
  }

  #routine(): string {
    return this.#any([
      'CREATE FUNCTION f1(x int) RETURNS int IMMUTABLE RETURN x + 1',
      `CREATE OR REPLACE FUNCTION f2() RETURNS bigint RETURN (SELECT count(${this.#column()}) FROM ${this.#table()})`,
      'SELECT f2()',
      `DROP FUNCTION ${this.#any(['f1', 'f2'])}${this.#behavior()}`,
      `ALTER FUNCTION f1 RENAME TO ${this.#any(['f3', 'f2'])}`,
      'ALTER FUNCTION f3 RENAME TO f1',
    ]);
  }

  #any<T>(list: readonly T[]): T {
    return list[this.#prng.below(list.length)] as T;
  }

  #maybe(text: string, share = 0.5): string {
    return this.#prng.unit() < share ? text : '';
  }

  #table(): string {
    return this.#any(TABLES);
  }

  #column(): string {
    return this.#any(COLUMNS);
  }

  #columns(): string {
    const first = this.#column();
    const second = this.#column();
    return this.#prng.unit() < 0.6 || first === second ? first : `${first}, ${second}`;
  }

  #behavior(): string {
    return this.#any(['', '', ' CASCADE', ' RESTRICT']);
  }

  #columnDef(name: string): string {
    const type = this.#prng.unit() < 0.06 ? this.#any(['serial', 'bigserial']) : this.#any(TYPES);
    const parts = [`${name} ${type}`];
    if (this.#prng.unit() < 0.2) parts.push(`DEFAULT ${this.#any(DEFAULTS)}`);
    if (this.#prng.unit() < 0.15) parts.push('NOT NULL');
    if (this.#prng.unit() < 0.08) parts.push('UNIQUE');
    if (this.#prng.unit() < 0.1) parts.push(`CHECK (${this.#any(CHECKS)(name)})`);
    if (this.#prng.unit() < 0.06) parts.push(`REFERENCES ${this.#table()}${this.#any(ACTIONS)}`);
    if (this.#prng.unit() < 0.04) parts.push('GENERATED ALWAYS AS IDENTITY');
    if (this.#prng.unit() < 0.05)
      parts.push(`GENERATED ALWAYS AS (${this.#column()}) ${this.#any(['STORED', 'STORED', 'VIRTUAL'])}`);
    return parts.join(' ');
  }

  #createTable(): string {
    const name = this.#table();
    if (this.#prng.unit() < 0.1) return `CREATE TABLE ${name} AS SELECT * FROM ${this.#table()}`;
    if (this.#prng.unit() < 0.07)
      return `CREATE TABLE ${name} (LIKE ${this.#table()}${this.#maybe(' INCLUDING ALL')})`;
    const count = 1 + this.#prng.below(4);
    const parts = COLUMNS.slice(0, count).map((column) => this.#columnDef(column));
    if (this.#prng.unit() < 0.5) parts.push(`PRIMARY KEY (${this.#any(COLUMNS.slice(0, count))})`);
    if (this.#prng.unit() < 0.2) parts.push(this.#constraint());
    return `CREATE TABLE ${this.#maybe('IF NOT EXISTS ', 0.2)}${name} (${parts.join(', ')})`;
  }

  #constraint(): string {
    const name = this.#maybe(`CONSTRAINT ${this.#any(NAMES)} `);
    const column = this.#column();
    const other = this.#maybe(` (${this.#column()})`);
    return (
      name +
      this.#any([
        `UNIQUE (${this.#columns()})${this.#maybe(' DEFERRABLE INITIALLY DEFERRED', 0.15)}`,
        `UNIQUE NULLS NOT DISTINCT (${this.#columns()})`,
        `CHECK (${this.#any(CHECKS)(column)})`,
        `FOREIGN KEY (${column}) REFERENCES ${this.#table()}${other}${this.#any(ACTIONS)}`,
        `PRIMARY KEY (${this.#columns()})`,
      ])
    );
  }

  #alterTable(): string {
    return `ALTER TABLE ${this.#maybe('IF EXISTS ', 0.1)}${this.#table()} ${this.#alteration()}${this.#maybe(`, ${this.#alteration()}`, 0.15)}`;
  }

  #alteration(): string {
    const column = this.#column();
    return this.#any([
      () => `ADD COLUMN ${this.#maybe('IF NOT EXISTS ', 0.2)}${this.#columnDef(column)}`,
      () => `ADD COLUMN ${this.#columnDef(column)}`,
      () => `DROP COLUMN ${this.#maybe('IF EXISTS ', 0.2)}${column}${this.#behavior()}`,
      () => `ALTER COLUMN ${column} TYPE ${this.#any(TYPES)}`,
      () => `ALTER COLUMN ${column} TYPE ${this.#any(TYPES)} USING NULL`,
      () => `ALTER COLUMN ${column} SET DEFAULT ${this.#any(DEFAULTS)}`,
      () => `ALTER COLUMN ${column} DROP DEFAULT`,
      () => `ALTER COLUMN ${column} SET NOT NULL`,
      () => `ALTER COLUMN ${column} DROP NOT NULL`,
      () => `ALTER COLUMN ${column} DROP EXPRESSION`,
      () => `ALTER COLUMN ${column} ADD GENERATED BY DEFAULT AS IDENTITY`,
      () => `ALTER COLUMN ${column} DROP IDENTITY${this.#maybe(' IF EXISTS')}`,
      () => `ADD ${this.#constraint()}`,
      () => `ADD ${this.#constraint()}`,
      () => `ADD CHECK (${this.#any(CHECKS)(column)}) NOT VALID`,
      () => `VALIDATE CONSTRAINT ${this.#constraintName()}`,
      () => `ALTER COLUMN ${column} TYPE text USING ${this.#column()}::text`,
      () => `DROP CONSTRAINT ${this.#maybe('IF EXISTS ', 0.2)}${this.#constraintName()}${this.#behavior()}`,
    ])();
  }

  #constraintName(): string {
    const table = this.#table();
    return this.#any([
      ...NAMES,
      `${table}_pkey`,
      `${table}_${this.#column()}_key`,
      `${table}_${this.#column()}_check`,
    ]);
  }

  #insert(): string {
    const columns = COLUMNS.slice(0, 1 + this.#prng.below(3));
    const rows = Array.from(
      { length: 1 + this.#prng.below(2) },
      () => `(${columns.map(() => this.#any(VALUES)).join(', ')})`,
    );
    return `INSERT INTO ${this.#table()} (${columns.join(', ')}) VALUES ${rows.join(', ')}${this.#maybe(' ON CONFLICT DO NOTHING', 0.2)}`;
  }

  #index(): string {
    const name = this.#maybe(`${this.#any(['i1', 'i2', 't2'])} `, 0.6);
    const keys = this.#any([
      this.#columns(),
      `${this.#column()} DESC`,
      `(${this.#column()} IS NOT NULL)`,
      `(${this.#column()} IS NULL)`,
      `f1(${this.#column()})`,
      `${this.#column()} NULLS FIRST`,
      `lower(${this.#column()})`,
      `${this.#column()}) INCLUDE (${this.#column()}`,
    ]);
    const where = this.#maybe(` WHERE ${this.#any(CHECKS)(this.#column())}`, 0.2);
    return `CREATE ${this.#maybe('UNIQUE ', 0.3)}INDEX ${name}ON ${this.#table()} (${keys})${where}`;
  }

  #view(): string {
    const name = this.#any(['v1', 'v2', 't3']);
    const from = this.#any([...TABLES, 'v1']);
    return this.#any([
      `CREATE ${this.#maybe('OR REPLACE ')}VIEW ${name} AS SELECT ${this.#any(['*', 'a', 'a, b', 'count(*) AS n', `a, 'ok'::m1 AS b`, 'f1(1) AS a, b', `nextval('s1') AS a`, 'b::text AS a'])} FROM ${from}`,
      `CREATE VIEW ${name} AS SELECT x.a, y.b FROM ${from} AS x JOIN ${this.#table()} AS y ON x.a = y.${this.#column()}`,
      `CREATE VIEW ${name} AS SELECT a, ${from}.b FROM ${from} JOIN ${this.#table()} AS y USING (a)`,
      `CREATE VIEW ${name} AS SELECT ${this.#column()}, count(*) AS b FROM ${from} GROUP BY 1 HAVING count(*) > 0`,
      `CREATE MATERIALIZED VIEW mv1 AS SELECT a FROM ${from}`,
      `DROP VIEW ${this.#maybe('IF EXISTS ', 0.3)}${name}${this.#behavior()}`,
      'REFRESH MATERIALIZED VIEW mv1',
      `DROP MATERIALIZED VIEW mv1${this.#behavior()}`,
    ]);
  }

  #type(): string {
    return this.#any([
      () => `CREATE TYPE m1 AS ENUM ('ok', 'x')`,
      () =>
        `ALTER TYPE m1 ADD VALUE ${this.#maybe('IF NOT EXISTS ')}'${this.#any(['y', 'z', 'x'])}'${this.#any(['', ` BEFORE 'ok'`, ` AFTER 'x'`])}`,
      () => `ALTER TYPE m1 RENAME VALUE '${this.#any(['ok', 'y'])}' TO '${this.#any(['ok', 'fine'])}'`,
      () =>
        `CREATE DOMAIN d1 AS ${this.#any(['int', 'text'])}${this.#maybe(' NOT NULL', 0.2)}${this.#maybe(' DEFAULT 7', 0.2)}`,
      () => `CREATE DOMAIN d2 AS int CONSTRAINT n1 CHECK (VALUE > 0)`,
      () =>
        `ALTER DOMAIN ${this.#any(['d1', 'd2'])} ${this.#any(['SET NOT NULL', 'DROP NOT NULL', 'SET DEFAULT 3', 'DROP DEFAULT', 'DROP CONSTRAINT n1', 'ADD CONSTRAINT n1 CHECK (VALUE <> 7)'])}`,
      () =>
        `DROP ${this.#any(['TYPE m1', 'DOMAIN d1', 'DOMAIN d2', 'TYPE d1', 'DOMAIN m1'])}${this.#behavior()}`,
    ])();
  }

  #sequence(): string {
    return this.#any([
      'CREATE SEQUENCE s1',
      'CREATE SEQUENCE IF NOT EXISTS s1',
      'CREATE SEQUENCE s2 INCREMENT BY -1 MINVALUE -5',
      'ALTER SEQUENCE s1 RESTART WITH 5',
      `ALTER SEQUENCE s1 OWNED BY ${this.#table()}.${this.#column()}`,
      'ALTER SEQUENCE s1 OWNED BY NONE',
      'ALTER SEQUENCE s2 MAXVALUE 9',
      `DROP SEQUENCE ${this.#any(['s1', 's2'])}${this.#behavior()}`,
      "SELECT nextval('s1')",
      "SELECT nextval('s2')",
    ]);
  }

  #drop(): string {
    return this.#any([
      () => `DROP TABLE ${this.#maybe('IF EXISTS ', 0.3)}${this.#table()}${this.#behavior()}`,
      () => `DROP INDEX ${this.#maybe('IF EXISTS ', 0.3)}${this.#any(['i1', 'i2', 't1_pkey', 't1'])}`,
      () =>
        `TRUNCATE ${this.#table()}${this.#maybe(' RESTART IDENTITY', 0.3)}${this.#maybe(' CASCADE', 0.3)}`,
    ])();
  }

  #rename(): string {
    const to = this.#any([...TABLES, 'v1', 'i1']);
    return this.#any([
      () => `ALTER TABLE ${this.#table()} RENAME TO ${to}`,
      () => `ALTER TABLE ${this.#table()} RENAME COLUMN ${this.#column()} TO ${this.#column()}`,
      () => `ALTER TABLE ${this.#table()} RENAME CONSTRAINT ${this.#constraintName()} TO ${this.#any(NAMES)}`,
      () => `ALTER INDEX ${this.#any(['i1', 'i2'])} RENAME TO ${this.#any(['i1', 'i2', 't1'])}`,
      () => `ALTER VIEW v1 RENAME TO ${this.#any(['v2', 't3'])}`,
      () => `ALTER SEQUENCE s1 RENAME TO ${this.#any(['s2', 's3'])}`,
      () => `ALTER SEQUENCE s3 RENAME TO s1`,
      () => `ALTER TYPE ${this.#any(['m1', 'd1', 'd2'])} RENAME TO ${this.#any(['m1', 'm2', 'd1'])}`,
      () => 'ALTER TYPE m2 RENAME TO m1',
      () => `ALTER VIEW v1 RENAME COLUMN a TO ${this.#column()}`,
    ])();
  }
}
