/**
 * Random changes of tables with every kind of constraint: keys of two columns, references with all actions, deferrable ones and one
 * to the own table, domains, enums, checks, generated columns, partial and expression keys, and views that check what goes through.
 *
 * I1  What a statement does is determined: rows that could meet in a key are changed one by one.
 * I2  SET DEFAULT does not meet DEFERRABLE: PostgreSQL looks for the default's row at once then, whatever the constraint says.
 */
import type { Prng } from 'decentdb/testing';
import type { Change, ChangeSource } from './change-source.ts';

const KEYS = 12;

export class ConstrainedGenerator implements ChangeSource {
  readonly schema: readonly string[];
  readonly looks: readonly Change[] = ['par', 'chi', 'gra', 'kv', 'loose'].map((table) =>
    change(`SELECT * FROM ${table}`),
  );
  private readonly prng: Prng;

  constructor(prng: Prng) {
    this.prng = prng;
    this.schema = [
      "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')",
      'CREATE DOMAIN pos AS int CHECK (VALUE >= 0)',
      `CREATE TABLE par (id int PRIMARY KEY, up int DEFAULT 1 CONSTRAINT par_up REFERENCES par ${this.actions()}, m mood DEFAULT 'ok', n pos, total int GENERATED ALWAYS AS (coalesce(n, 0) * 2) STORED)`,
      `CREATE TABLE chi (a int, b int, p int DEFAULT 2 REFERENCES par ${this.actions()}, t text CHECK (t <> 'bad'), arr int[], PRIMARY KEY (a, b))`,
      `CREATE TABLE gra (k int PRIMARY KEY, a int, b int, w numeric(6,2), FOREIGN KEY (a, b) REFERENCES chi ${prng.pick(['', 'MATCH FULL '])}${this.actions()})`,
      'CREATE TABLE kv (id int UNIQUE, k text, v int, j jsonb, ok bool DEFAULT true)',
      'CREATE UNIQUE INDEX ON kv (lower(k)) WHERE ok',
      'CREATE UNIQUE INDEX ON kv (v) NULLS NOT DISTINCT WHERE id > 5',
      ...[
        'CREATE INDEX ON chi (p)',
        'CREATE INDEX ON gra (b, a DESC)',
        "CREATE INDEX ON kv ((j->>'x')) INCLUDE (v)",
      ].filter(() => prng.chance(0.5)),
      'CREATE TABLE loose (id int, k text, v int)',
      `CREATE VIEW low AS SELECT id, k, v, v + 1 AS v1 FROM loose WHERE v < 50 ${prng.pick(['', 'WITH LOCAL CHECK OPTION', 'WITH CHECK OPTION'])}`,
      `CREATE VIEW lower_still AS SELECT id AS i, k FROM low WHERE id < 20 ${prng.pick(['', 'WITH LOCAL CHECK OPTION', 'WITH CASCADED CHECK OPTION'])}`,
      "INSERT INTO par (id, up, m, n) VALUES (1, 1, 'ok', 1), (2, 1, 'ok', 2), (3, 2, 'happy', 5)",
    ];
  }

  change(): Change {
    const { prng } = this;
    switch (prng.below(18)) {
      case 0:
      case 1:
        return change(this.insertParent());
      case 2:
      case 3:
        return change(this.insertChild());
      case 4:
      case 5:
        return change(this.insertGrandchild());
      case 6:
      case 7:
        return change(this.insertPair());
      case 8:
        return prng.chance(0.5)
          ? change(
              `UPDATE par SET id = id + ${prng.pick([1, 10, -1])} WHERE id = ${this.key()} RETURNING old.*, new.*`,
            )
          : change(
              `UPDATE par SET ${prng.pick([`up = ${this.maybeKey()}`, `n = n + ${this.maybeKey()}`, `m = ${this.mood()}`, 'n = DEFAULT, m = DEFAULT', '(n, up) = (SELECT a, b FROM chi WHERE chi.p = par.id ORDER BY a, b LIMIT 1)'])} WHERE ${this.ofParent()} RETURNING id, up, n`,
            );
      case 9:
        return prng.chance(0.5)
          ? change(
              `UPDATE chi SET ${prng.pick(['a = a + 1', 'b = b - 1', 'a = 20 + b'])} WHERE (a, b) = (${this.key()}, ${this.key()}) RETURNING *`,
            )
          : change(
              `UPDATE chi SET ${prng.pick([`p = ${this.maybeKey()}`, "t = t || 'x', p = NULL", `arr[2] = ${this.key()}`, `arr = arr || ${this.key()}`])} WHERE ${this.ofChild()} RETURNING old.t, new.*`,
            );
      case 10:
        return change(
          `UPDATE gra SET ${prng.pick([`a = ${this.maybeKey()}`, `(a, b) = ROW(${this.key()}, ${this.key()})`, 'w = w * 2'])} WHERE ${this.ofGrandchild()} RETURNING *`,
        );
      case 11:
        return change(
          `UPDATE kv SET ${prng.pick(['v = v + 1', 'ok = NOT ok', `k = ${this.text()}`, `id = ${this.maybeKey()}`, `j['y'] = '${this.key()}'`, 'v = NULL, id = id + 3'])} WHERE id = ${this.key()} RETURNING id, k, ok`,
        );
      case 12:
        return change(`DELETE FROM par WHERE ${this.ofParent()} RETURNING id`);
      case 13:
        return change(
          prng.chance(0.5)
            ? `DELETE FROM chi WHERE ${this.ofChild()} RETURNING a, t`
            : `DELETE FROM chi USING par WHERE par.id = chi.p AND par.n < ${this.key()} RETURNING chi.a, chi.b`,
        );
      case 14:
        return change(
          `DELETE FROM kv WHERE ${prng.pick([`id = ${this.key()}`, 'ok', 'NOT ok', `j->>'x' = '${prng.below(5)}'`, 'k IS NULL'])}`,
        );
      case 15:
        return change(this.throughViews());
      case 16:
        return change(this.several());
      default:
        return change(
          prng.pick([
            'SET CONSTRAINTS ALL DEFERRED',
            'SET CONSTRAINTS ALL IMMEDIATE',
            'SET CONSTRAINTS par_up IMMEDIATE',
            'SET CONSTRAINTS par_up DEFERRED',
            'TRUNCATE kv',
            'TRUNCATE loose',
          ]),
        );
    }
  }

  private actions(): string {
    const { prng } = this;
    const action = (): string => prng.pick(['CASCADE', 'SET NULL', 'NO ACTION', 'RESTRICT', 'SET DEFAULT']);
    const text = `ON DELETE ${action()} ON UPDATE ${action()}`;
    const timing = prng.pick(['', '', ' DEFERRABLE', ' DEFERRABLE INITIALLY DEFERRED']);
    return text.includes('SET DEFAULT') ? text : text + timing;
  }

  private insertParent(): string {
    const { prng } = this;
    if (prng.chance(0.2))
      return `INSERT INTO par (id, n) SELECT g, g FROM generate_series(${this.key()}, ${10 + prng.below(20)}, ${1 + prng.below(4)}) g ON CONFLICT DO NOTHING`;
    const conflict = prng.pick([
      '',
      ' ON CONFLICT DO NOTHING',
      ' ON CONFLICT (id) DO UPDATE SET n = excluded.n + 1, m = excluded.m',
      ` ON CONFLICT (id) DO UPDATE SET up = par.id WHERE par.n > ${this.key()}`,
    ]);
    return `INSERT INTO par (id, up, m, n) VALUES (${this.maybeKey()}, ${prng.pick([this.maybeKey(), 'DEFAULT'])}, ${this.mood()}, ${this.maybeKey()})${conflict} RETURNING id, total`;
  }

  private insertChild(): string {
    const { prng } = this;
    const row = (): string =>
      `(${this.key()}, ${this.key()}, ${prng.pick([this.maybeKey(), 'DEFAULT'])}, ${this.text()}, ARRAY[${this.key()}, ${this.maybeKey()}])`;
    const conflict = prng.pick([
      '',
      ' ON CONFLICT DO NOTHING',
      ` ON CONFLICT (a, b) DO UPDATE SET t = excluded.t || coalesce(chi.t, ''), p = ${this.key()}`,
      ' ON CONFLICT ON CONSTRAINT chi_pkey DO UPDATE SET b = chi.b + 20',
    ]);
    return `INSERT INTO chi VALUES ${row()}${conflict === '' ? '' : `, ${row()}`}${conflict} RETURNING a + b AS c, p`;
  }

  private insertGrandchild(): string {
    const { prng } = this;
    const k = 1000 + prng.below(5000);
    if (prng.chance(0.5))
      return `INSERT INTO gra VALUES (${k}, ${this.maybeKey()}, ${this.maybeKey()}, ${prng.pick([String(this.key()), '99999'])}) RETURNING a, b`;
    return `INSERT INTO gra SELECT a * 20 + b + ${k}, a, ${prng.pick(['b', 'b + 1', 'NULL'])}, ${this.key()} * 1.5 FROM chi WHERE ${this.ofChild()} ON CONFLICT DO NOTHING RETURNING *`;
  }

  private insertPair(): string {
    const { prng } = this;
    const conflict = prng.pick([
      '',
      ' ON CONFLICT DO NOTHING',
      ' ON CONFLICT (lower(k)) WHERE ok DO UPDATE SET v = excluded.v, j = kv.j || excluded.j',
      ' ON CONFLICT (v) WHERE id > 5 DO UPDATE SET id = kv.id + 1',
    ]);
    return `INSERT INTO kv (id, k, v, j, ok) VALUES (${this.maybeKey()}, ${this.text()}, ${this.maybeKey()}, '{"x": ${prng.below(5)}}', ${prng.pick(['true', 'false', 'DEFAULT'])})${conflict} RETURNING id, v`;
  }

  private throughViews(): string {
    const { prng } = this;
    return prng.pick([
      `INSERT INTO low (id, k, v) VALUES (${this.maybeKey()}, ${this.text()}, ${prng.below(70)}) RETURNING *`,
      `UPDATE low SET v = v + ${prng.below(30)} WHERE v1 > ${this.key()} RETURNING *`,
      `DELETE FROM low WHERE id = ${this.key()} RETURNING *`,
      `INSERT INTO lower_still VALUES (${prng.below(30)}, ${this.text()}) RETURNING *`,
      `UPDATE lower_still SET i = i + ${prng.below(20)} WHERE k = 'a' RETURNING *`,
      `UPDATE lower_still SET k = ${this.text()} WHERE i < ${this.key()} RETURNING *`,
      'INSERT INTO low (id, v1) VALUES (1, 2)',
      `INSERT INTO loose SELECT id, k, v FROM kv WHERE id > ${this.key()}`,
    ]);
  }

  /** MERGE of one row, and several changes in one statement. */
  private several(): string {
    const { prng } = this;
    return prng.pick([
      `MERGE INTO kv USING (SELECT a AS id, b, t FROM chi WHERE (a, b) = (${this.key()}, ${this.key()})) s ON kv.id = s.id ${prng.pick(['WHEN MATCHED AND kv.v > 5 THEN DELETE', 'WHEN MATCHED AND s.b > 4 THEN UPDATE SET v = s.b, k = s.t', 'WHEN MATCHED THEN DO NOTHING'])} ${prng.pick(['WHEN NOT MATCHED AND s.b > 3 THEN INSERT (id, k, v) VALUES (s.id, s.t, s.b)', 'WHEN NOT MATCHED THEN INSERT (id, v) VALUES (s.id + 10, s.b)'])} RETURNING merge_action(), kv.*`,
      `WITH u AS (UPDATE par SET n = coalesce(n, 0) + 1 WHERE ${this.ofParent()} RETURNING id, n), g AS (DELETE FROM gra WHERE ${this.ofGrandchild()} RETURNING a) UPDATE loose SET v = u.n + ${prng.below(20)} FROM u WHERE u.id = loose.id AND EXISTS (SELECT FROM g)`,
      `WITH x AS (SELECT a, b FROM chi WHERE ${this.ofChild()}) INSERT INTO chi (a, b, p) SELECT a + 20, b, (SELECT min(id) FROM par) FROM x ON CONFLICT (a, b) DO UPDATE SET t = 'c' WHERE chi.b > excluded.a - 25 RETURNING a, b, t`,
      `WITH gone AS (DELETE FROM kv WHERE id > ${this.key()} RETURNING *) INSERT INTO loose SELECT id + 1, k || '_', v FROM gone RETURNING id`,
    ]);
  }

  private ofParent(): string {
    return this.prng.pick([
      `id = ${this.key()}`,
      `up = ${this.key()}`,
      `n > ${this.key()}`,
      "m = 'ok'",
      `total < ${this.key()}`,
      'id IN (SELECT p FROM chi)',
      `EXISTS (SELECT 1 FROM chi c WHERE c.p = par.id AND c.a > ${this.key()})`,
    ]);
  }

  private ofChild(): string {
    return this.prng.pick([
      `a = ${this.key()}`,
      `(a, b) = (${this.key()}, ${this.key()})`,
      `b < ${this.key()} AND a > ${this.key()}`,
      `p = ${this.key()}`,
      "t LIKE 'l%'",
      'p IS NULL',
      `${this.key()} = ANY (arr)`,
      '(a, b) IN (SELECT a, b FROM gra)',
    ]);
  }

  private ofGrandchild(): string {
    return this.prng.pick([
      `k > ${1000 + this.prng.below(5000)}`,
      `a = ${this.key()}`,
      'a IS NULL',
      `w < ${this.key()}`,
      `b >= ${this.key()}`,
    ]);
  }

  private key(): number {
    return this.prng.below(KEYS);
  }

  private maybeKey(): string {
    return this.prng.pick([`${this.key()}`, `${this.key()}`, `${this.prng.below(40)}`, 'NULL', '-1']);
  }

  private text(): string {
    return this.prng.pick([
      "'a'",
      "'B'",
      "'b'",
      "'bad'",
      "'c'",
      "'A'",
      'NULL',
      "''",
      `'long text number ${this.prng.below(99)}'`,
    ]);
  }

  private mood(): string {
    return this.prng.pick(["'sad'", "'ok'", "'happy'", 'NULL', "'none'"]);
  }
}

const change = (sql: string): Change => ({ sql, params: [] });
