/**
 * Random changes of rows against tables that lean on each other: keys that are changed and swapped, cascades over several tables and
 * onto themselves, constraints checked at once, at the end of the statement's transaction, or when SET CONSTRAINTS says so.
 *
 * I1  A sequence is a function of the seed and of what PostgreSQL refuses.
 * I2  No statement's outcome depends on the order in which it meets rows: PostgreSQL's is that of its pages.
 */
import type { Prng } from 'decentdb/testing';
import type { StatementGenerator } from './statement-generator.ts';

const ACTIONS = ['NO ACTION', 'RESTRICT', 'CASCADE', 'SET NULL', 'SET DEFAULT'];
const DEFERRALS = ['', '', ' DEFERRABLE', ' DEFERRABLE INITIALLY DEFERRED'];
const IDS_MAX = 12;

export class ConstraintGenerator implements StatementGenerator {
  readonly #prng: Prng;
  readonly #keyType: 'int' | 'text';
  readonly #isKeyDeferrable: boolean;
  #inTransaction = false;
  #hasSavepoint = false;

  constructor(prng: Prng) {
    this.#prng = prng;
    this.#keyType = this.#any(['int', 'text']);
    this.#isKeyDeferrable = prng.unit() < 0.5;
  }

  prelude(): readonly string[] {
    const type = this.#keyType;
    const key = this.#isKeyDeferrable ? ' DEFERRABLE INITIALLY DEFERRED' : '';
    // A foreign key leans on keys that are checked at once.
    return [
      `CREATE TABLE p (id ${type} PRIMARY KEY, u int UNIQUE, w int UNIQUE${key}, v int CHECK (v < 40))`,
      `CREATE TABLE c (id int PRIMARY KEY, pid ${type} DEFAULT ${this.#key()} REFERENCES p ${this.#clauses()},
        pu int DEFAULT 1 REFERENCES p (u) ${this.#clauses()}, v int ${this.#any(['', 'NOT NULL DEFAULT 5'])}, UNIQUE (pid, v))`,
      `CREATE TABLE g (id int PRIMARY KEY, cid int REFERENCES c ${this.#clauses()}, pid ${type}, v int,
        FOREIGN KEY (pid, v) REFERENCES c (pid, v) ${this.#any(['', 'MATCH FULL '])}${this.#clauses()})`,
      `CREATE TABLE s (id ${type} PRIMARY KEY, up ${type} REFERENCES s ${this.#clauses()}, v int)`,
      ...Array.from({ length: 6 }, (_, i) => `INSERT INTO p VALUES (${this.#keyOf(i)}, ${i}, ${i}, ${i})`),
      ...Array.from(
        { length: 6 },
        (_, i) =>
          `INSERT INTO c VALUES (${i}, ${this.#keyOf(this.#prng.below(6))}, ${this.#prng.below(6)}, ${i})`,
      ),
      ...Array.from(
        { length: 6 },
        (_, i) =>
          `INSERT INTO s VALUES (${this.#keyOf(i)}, ${i === 0 ? 'NULL' : this.#keyOf(this.#prng.below(i))}, ${i})`,
      ),
    ];
  }

  get inTransaction(): boolean {
    return this.#inTransaction;
  }

  rollback(): string {
    if (this.#hasSavepoint) return 'ROLLBACK TO p1';
    this.#inTransaction = false;
    return 'ROLLBACK';
  }

  statement(): string {
    const roll = this.#prng.unit();
    if (roll < 0.2) return this.#transaction();
    if (roll < 0.45) return this.#insert();
    if (roll < 0.75) return this.#update();
    if (roll < 0.9) return this.#delete();
    return this.#merge();
  }

  #any<T>(list: readonly T[]): T {
    return list[this.#prng.below(list.length)] as T;
  }

  #clauses(): string {
    const deferral = this.#any(DEFERRALS);
    // PostgreSQL checks what SET DEFAULT did at once where the default is the key that went, deferred or not; here it waits.
    const actions = deferral === '' ? ACTIONS : ACTIONS.filter((action) => action !== 'SET DEFAULT');
    return `ON DELETE ${this.#any(actions)} ON UPDATE ${this.#any(actions)}${deferral}`;
  }

  #number(): number {
    return this.#prng.below(IDS_MAX);
  }

  #keyOf(id: number): string {
    return this.#keyType === 'int' ? String(id) : `'k${id}'`;
  }

  #key(): string {
    return this.#keyOf(this.#number());
  }

  #orNull(text: string): string {
    return this.#prng.unit() < 0.2 ? 'NULL' : text;
  }

  #insert(): string {
    const number = (): string => this.#orNull(String(this.#number()));
    const conflict = this.#any([
      '',
      '',
      ' ON CONFLICT DO NOTHING',
      ' ON CONFLICT (id) DO UPDATE SET v = excluded.v + 1',
    ]);
    // With a key that is deferrable PostgreSQL refuses it unless a key before that one conflicts.
    const onP = this.#isKeyDeferrable && conflict.endsWith('NOTHING') ? '' : conflict;
    const rows = (make: () => string): string =>
      Array.from({ length: 1 + this.#prng.below(2) }, () => `(${make()})`).join(', ');
    return this.#any([
      () =>
        `INSERT INTO p VALUES ${rows(() => `${this.#key()}, ${number()}, ${number()}, ${number()}`)}${onP}`,
      () =>
        `INSERT INTO c VALUES ${rows(() => `${this.#number()}, ${this.#orNull(this.#key())}, ${number()}, ${number()}`)}${conflict}`,
      () => `INSERT INTO c (id) VALUES (${this.#number()})${conflict}`,
      () =>
        `INSERT INTO g VALUES ${rows(() => `${this.#number()}, ${number()}, ${this.#orNull(this.#key())}, ${number()}`)}${conflict}`,
      () => `INSERT INTO g SELECT id, id, pid, v FROM c WHERE id > ${this.#number()} ON CONFLICT DO NOTHING`,
      () =>
        `INSERT INTO s VALUES ${rows(() => `${this.#key()}, ${this.#orNull(this.#key())}, ${number()}`)}${conflict}`,
    ])();
  }

  /** I2: one row at a time, or keys that nobody has. */
  #update(): string {
    const [a, b] = [this.#number(), this.#number()];
    const far = this.#keyType === 'int' ? 'id + 100' : "id || 'x'";
    return this.#any([
      () => `UPDATE p SET id = ${this.#key()} WHERE id = ${this.#key()}`,
      () => `UPDATE p SET id = ${far} WHERE v > ${a}`,
      () => `UPDATE p SET u = ${this.#orNull(String(a))} WHERE u = ${b}`,
      () => `UPDATE p SET u = u + 50, v = v + 1 WHERE u < ${a}`,
      () =>
        `UPDATE p SET w = ${this.#isKeyDeferrable ? `CASE w WHEN ${a} THEN ${b} ELSE ${a} END` : a} WHERE w IN (${this.#isKeyDeferrable ? `${a}, ${b}` : b})`,
      () => `UPDATE c SET pid = ${this.#orNull(this.#key())} WHERE id = ${a}`,
      () => `UPDATE c SET pu = ${this.#orNull(String(a))}, v = ${b} WHERE id = ${b}`,
      () => `UPDATE c SET id = ${a} WHERE id = ${b}`,
      () => `UPDATE c SET pid = DEFAULT, pu = DEFAULT WHERE id = ${a}`,
      () => `UPDATE c SET v = v + 20 WHERE v > ${a}`,
      () => `UPDATE g SET cid = ${this.#orNull(String(a))} WHERE id = ${b}`,
      () => `UPDATE g SET pid = c.pid, v = c.v FROM c WHERE c.id = g.cid AND g.id < ${a}`,
      () => `UPDATE s SET id = ${this.#key()} WHERE id = ${this.#key()}`,
      () => `UPDATE s SET up = ${this.#orNull(this.#key())} WHERE v = ${a}`,
      () => `UPDATE s SET id = ${far}, up = NULL WHERE v > ${a}`,
    ])();
  }

  #delete(): string {
    const a = this.#number();
    return this.#any([
      () => `DELETE FROM p WHERE id = ${this.#key()}`,
      () => `DELETE FROM p WHERE v > ${a}`,
      () => `DELETE FROM p USING c WHERE p.id = c.pid AND c.v = ${a}`,
      () => `DELETE FROM c WHERE id = ${a}`,
      () => `DELETE FROM s WHERE id = ${this.#key()}`,
      () => `DELETE FROM s WHERE v < ${a}`,
      () =>
        `WITH gone AS (DELETE FROM c WHERE id = ${a} RETURNING pid) DELETE FROM p WHERE id IN (SELECT pid FROM gone)`,
      () => `WITH gone AS (DELETE FROM g RETURNING *) INSERT INTO g SELECT * FROM gone`,
    ])();
  }

  #merge(): string {
    const a = this.#number();
    return this.#any([
      () =>
        `MERGE INTO p USING (VALUES (${this.#key()}, ${a})) AS n(id, v) ON p.id = n.id WHEN MATCHED AND p.v > 3 THEN DELETE
          WHEN MATCHED THEN UPDATE SET v = n.v, u = n.v WHEN NOT MATCHED THEN INSERT (id, u, v) VALUES (n.id, n.v, n.v)`,
      () =>
        `MERGE INTO c USING p ON c.pid = p.id AND c.v = ${a} WHEN MATCHED THEN UPDATE SET pu = p.u WHEN NOT MATCHED AND p.v = ${a} THEN
          INSERT (id, pid, pu, v) VALUES (p.v, p.id, p.u, p.v)`,
    ])();
  }

  #transaction(): string {
    if (!this.#inTransaction) {
      if (this.#prng.unit() < 0.2) return '-- reopen';
      this.#inTransaction = true;
      this.#hasSavepoint = false;
      return 'BEGIN';
    }
    const roll = this.#prng.unit();
    if (roll < 0.3) return `SET CONSTRAINTS ALL ${this.#any(['DEFERRED', 'IMMEDIATE'])}`;
    if (roll < 0.45 && !this.#hasSavepoint) {
      this.#hasSavepoint = true;
      return 'SAVEPOINT p1';
    }
    if (roll < 0.6 && this.#hasSavepoint) return 'ROLLBACK TO p1';
    this.#inTransaction = false;
    this.#hasSavepoint = false;
    return this.#any(['COMMIT', 'COMMIT', 'COMMIT', 'ROLLBACK']);
  }
}
