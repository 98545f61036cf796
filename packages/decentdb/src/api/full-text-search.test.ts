/** Full text indexes: answers are those of the scan, at every moment. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '../base/prng.ts';
import { MemoryVfs } from '../vfs/memory-vfs.ts';
import { type Database, openSync } from './database.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 100_000);
const rule = 'optimizer.rule.trigram_scan';

function ids(db: Database, sql: string, params: unknown[] = []): number[] {
  return db.query<[number]>(sql, params, { rowMode: 'array' }).rows.map(([id]) => id);
}

function scanned(db: Database, sql: string, params: unknown[] = []): number[] {
  db.exec(`SET ${rule} = off`);
  try {
    return ids(db, sql, params);
  } finally {
    db.exec(`SET ${rule} = on`);
  }
}

const words =
  'the Cats cat running Rat rats e-mail dog dogs quick 12 x2 été supernova super supper of moon'.split(' ');

function text(prng: Prng): string | null {
  if (prng.chance(0.08)) return null;
  return Array.from({ length: prng.below(9) }, () => prng.pick(words)).join(' ');
}

function query(prng: Prng): string {
  const one = (): string =>
    `${prng.chance(0.15) ? '!' : ''}${prng.pick(words).toLowerCase()}${prng.pick(['', '', '', ':*', ':A'])}`;
  let sql = one();
  for (let n = prng.below(3); n > 0; n--) sql += ` ${prng.pick(['&', '|', '<->', '<2>'])} ${one()}`;
  return prng.chance(0.15) ? `${prng.pick(['s', 'su', 'sup', 'supe', 'd'])}:*` : sql;
}

function checkQueries(db: Database, prng: Prng, count: number): void {
  for (let n = 0; n < count; n++) {
    const [sql, params] = prng.pick<readonly [string, unknown[]]>([
      ['v @@ to_tsquery($1)', [query(prng)]],
      [`to_tsvector('english', a) @@ to_tsquery('english', $1)`, [query(prng)]],
      [`to_tsvector('simple', a) @@ to_tsquery('simple', $1)`, [query(prng)]],
      [
        `to_tsvector('english', b) @@ websearch_to_tsquery('english', $1)`,
        [`${prng.pick(words)} -${prng.pick(words)}`],
      ],
      [
        `(v @@ to_tsquery($1) OR to_tsvector('english', b) @@ plainto_tsquery('english', $2))`,
        [query(prng), prng.pick(words)],
      ],
      [`v @@ to_tsquery($1) AND a ILIKE $2`, [query(prng), `%${prng.pick(words)}%`]],
      [`NOT v @@ to_tsquery($1)`, [query(prng)]],
    ]);
    const statement = `SELECT id FROM t WHERE ${sql} ORDER BY id`;
    assert.deepEqual(
      ids(db, statement, params),
      scanned(db, statement, params),
      `SEED=${seed} ${statement} ${JSON.stringify(params)}`,
    );
  }
}

function change(db: Database, prng: Prng): void {
  const id = 1 + prng.below(200);
  const [a, b] = [text(prng), text(prng)];
  switch (prng.below(5)) {
    case 0:
      db.query('DELETE FROM t WHERE id = $1', [id]);
      return;
    case 1:
      db.query('UPDATE t SET b = $2 WHERE id % 10 = $1', [id % 10, b]);
      return;
    default:
      db.query(
        `INSERT INTO t (id, a, b, v) VALUES ($1, $2, $3, setweight(to_tsvector($2), 'A') || coalesce(to_tsvector($3), ''))
         ON CONFLICT (id) DO UPDATE SET a = excluded.a, b = excluded.b, v = excluded.v`,
        [id, a, b],
      );
  }
}

test('full text: under random writes, merges, rollbacks and reopening the index answers as the scan does', (t) => {
  t.diagnostic(`seed ${seed}`);
  const prng = new Prng(seed);
  for (const mode of ['deferred', 'immediate']) {
    const vfs = new MemoryVfs();
    const open = (): Database => openSync('t.ddb', { vfs, pageSize: 1024 });
    let db = open();
    db.exec(`CREATE TABLE t (id int PRIMARY KEY, a text, b text, v tsvector);
      CREATE INDEX t_v ON t USING gin (v) WITH (mode = ${mode});
      CREATE INDEX t_a ON t USING gin (to_tsvector('simple', a));
      CREATE INDEX t_ab ON t USING fulltext (a, b) WITH (config = english, mode = ${mode});
      CREATE INDEX t_trigram ON t USING trigram (a)`);
    for (let n = 0; n < 150; n++) change(db, prng);
    for (let round = 0; round < 6; round++) {
      const isExplicit = prng.chance(0.6);
      if (isExplicit) db.exec('BEGIN');
      for (let n = 1 + prng.below(25); n > 0; n--) change(db, prng);
      if (isExplicit) {
        if (prng.chance(0.3)) {
          db.exec('SAVEPOINT s');
          for (let n = prng.below(10); n > 0; n--) change(db, prng);
          if (prng.chance(0.7)) db.exec('ROLLBACK TO s');
        }
        checkQueries(db, prng, 4);
        db.exec(prng.chance(0.7) ? 'COMMIT' : 'ROLLBACK');
      }
      if (prng.chance(0.2)) db.exec('SET decentdb.trigram_pending_rows = 0');
      if (prng.chance(0.3)) db.checkpoint();
      if (prng.chance(0.2)) db.exec(prng.pick(['REINDEX TABLE t', 'ALTER INDEX t_v SET (mode = disabled)']));
      checkQueries(db, prng, 8);
      db.exec('ALTER INDEX t_v SET (mode = deferred)');
      assert.deepEqual(db.check().findings, [], `SEED=${seed}`);
      if (prng.chance(0.4)) {
        db.close();
        db = open();
      }
    }
    db.close();
  }
});

test('full text: @@ reads the index, in EXPLAIN and in joins; what it cannot tell scans', () => {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE doc (id int PRIMARY KEY, body text);
    CREATE INDEX doc_body ON doc USING gin (to_tsvector('english', body));
    INSERT INTO doc SELECT i, 'word' || i || ' and cats ' || CASE WHEN i % 100 = 0 THEN 'hunting mice' ELSE '' END
      FROM generate_series(1, 3000) i`);
  const sql = (q: string): string => `SELECT id FROM doc WHERE to_tsvector('english', body) @@ ${q}`;
  assert.match(
    db.explain(sql(`to_tsquery('english', 'mouse | mice')`)),
    /Full Text Index Scan using doc_body on doc/,
  );
  assert.match(db.explain(sql(`'hunt'::tsquery`)), /rows=30 /);
  assert.match(db.explain(sql(`'!hunt'::tsquery`)), /Search Index: doc_body not used/);
  assert.equal(ids(db, sql(`to_tsquery('english', 'hunting <-> mice')`)).length, 30);
  assert.equal(ids(db, sql(`to_tsquery('english', 'hunting <2> mice')`)).length, 0);
  assert.equal(ids(db, sql(`'word299:*'::tsquery`)).length, 11);
  assert.equal(ids(db, sql(`'cat'::tsquery`)).length, 3000);
  assert.equal(ids(db, sql(`''::tsquery`)).length, 0);
  // The query may come from another table, row by row.
  db.exec(
    `CREATE TABLE search (q tsquery); INSERT INTO search VALUES ('hunt & word300'), ('word7'), (NULL), ('')`,
  );
  assert.deepEqual(
    ids(db, `SELECT id FROM search JOIN doc ON to_tsvector('english', body) @@ q ORDER BY id`),
    [7, 300],
  );
  db.close();
});

test('full text: indexes are dumped, restored and shown', () => {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE doc (id int PRIMARY KEY, title text, body text, v tsvector);
    CREATE INDEX doc_both ON doc USING fulltext (title, body) WITH (config = simple);
    CREATE INDEX doc_v ON doc USING gist (v)`);
  const definitions = db.query<{ indexdef: string }>(
    `SELECT indexdef FROM pg_indexes WHERE tablename = 'doc' AND indexname <> 'doc_pkey' ORDER BY indexname`,
  ).rows;
  assert.deepEqual(
    definitions.map(({ indexdef }) => indexdef),
    [
      `CREATE INDEX doc_both ON public.doc USING gin (to_tsvector('simple'::regconfig, title), to_tsvector('simple'::regconfig, body))`,
      'CREATE INDEX doc_v ON public.doc USING gin (v)',
    ],
  );
  for (const { indexdef } of definitions) db.exec(indexdef.replace('INDEX ', 'INDEX again_'));
  assert.equal(db.query(`SELECT * FROM sys.search_indexes`).rows.length, 4);
  assert.throws(() => db.exec('CREATE INDEX ON doc USING fulltext (id)'), { code: '42704' });
  assert.throws(() => db.exec('CREATE INDEX ON doc USING fulltext (body) WITH (config = klingon)'), {
    code: '42704',
  });
  assert.throws(() => db.exec('CREATE UNIQUE INDEX ON doc USING fulltext (body)'), { code: '0A000' });
  assert.throws(() => db.exec('CREATE INDEX ON doc USING gin (id)'), { code: '42704' });
  db.close();
});

test('full text: tsvector_update_trigger keeps a vector of the texts of its row, as in scripts of pg_dump', () => {
  const db = openSync(':memory:');
  db.exec(`
    SET default_text_search_config = 'pg_catalog.english';
    CREATE TABLE public.film (film_id integer NOT NULL, title text NOT NULL, description text, fulltext tsvector NOT NULL);
    INSERT INTO public.film VALUES (1, 'ACADEMY DINOSAUR', 'An epic', '''academi'':1 ''dinosaur'':2');
    ALTER TABLE ONLY public.film ADD CONSTRAINT film_pkey PRIMARY KEY (film_id);
    CREATE INDEX film_fulltext_idx ON public.film USING gist (fulltext);
    CREATE TRIGGER film_fulltext_trigger BEFORE INSERT OR UPDATE ON public.film FOR EACH ROW
      EXECUTE FUNCTION tsvector_update_trigger('fulltext', 'pg_catalog.english', 'title', 'description');
    INSERT INTO public.film VALUES (2, 'ADAPTATION HOLES', 'A Astounding Reflection of a Lumberjack', '');
    UPDATE public.film SET title = 'The Academies' WHERE film_id = 1`);
  assert.deepEqual(db.query('SELECT film_id, fulltext FROM film ORDER BY film_id').rows, [
    { film_id: 1, fulltext: "'academi':2 'epic':4" },
    { film_id: 2, fulltext: "'adapt':1 'astound':4 'hole':2 'lumberjack':8 'reflect':5" },
  ]);
  db.exec(`CREATE TABLE wrong (a int, v tsvector);
    CREATE TRIGGER w BEFORE INSERT ON wrong FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger(v, 'simple', a)`);
  assert.throws(() => db.exec('INSERT INTO wrong VALUES (1, NULL)'), { code: '42804' });
  assert.deepEqual(db.check().findings, []);
  db.close();
});

test('full text: bm25 weighs words by their rarity in the index, and long documents less', () => {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE doc (id int PRIMARY KEY, body text);
    INSERT INTO doc VALUES (1, 'common rare'), (2, 'common common'), (3, 'common word'), (4, 'rare rare rare'),
      (5, 'common a long text with many other words, and rare among them only once');
    INSERT INTO doc SELECT i, 'common filler' FROM generate_series(6, 40) i;
    CREATE INDEX doc_body ON doc USING fulltext (body); CREATE INDEX doc_id ON doc (id)`);
  const ranked = (q: string): number[] =>
    ids(
      db,
      `SELECT id FROM doc, to_tsquery('english', $1) q WHERE to_tsvector('english', body) @@ q
       ORDER BY bm25('doc_body', to_tsvector('english', body), q) DESC, id LIMIT 4`,
      [q],
    );
  assert.deepEqual(ranked('rare'), [4, 1, 5]);
  assert.deepEqual(ranked('rare | common'), [4, 1, 5, 2]);
  assert.deepEqual(ranked('ra:*'), [4, 1, 5]);
  const [value] = ids(
    db,
    `SELECT bm25('doc_body', to_tsvector('english', body), 'rare', 1.2, 0) FROM doc WHERE id = 4`,
  ) as unknown as [number];
  // 40 documents, 3 with the word, 3 times here; b = 0: length does not count.
  assert.ok(Math.abs(value - (Math.log(1 + 37.5 / 3.5) * 3 * 2.2) / (3 + 1.2)) < 1e-9, String(value));
  assert.throws(() => db.query(`SELECT bm25('doc_id', 'a'::tsvector, 'a'::tsquery)`), { code: '42809' });
  db.close();
});
