/** Configurations of other languages than English, and indexes over them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../../api/database.ts';
import { dictionaryOf } from '../configurations.ts';
import { languageCases } from './golden.test.kit.ts';

test('languages: vectors and stems are those of PostgreSQL', () => {
  const db = openSync(':memory:');
  assert.ok(languageCases.length >= 24);
  for (const [language, text, vector, stems] of languageCases) {
    const sql = 'SELECT to_tsvector($1::regconfig, $2)::text';
    assert.equal(
      db.query<[string]>(sql, [language, text], { rowMode: 'array' }).rows[0]?.[0],
      vector,
      language,
    );
    const dictionary = dictionaryOf(`${language}_stem`);
    for (const pair of stems.split(' ')) {
      const [word, stem] = pair.split(':') as [string, string];
      assert.equal(dictionary.lexemeOf(word), stem, `${language}: ${word}`);
    }
  }
  assert.equal(dictionaryOf('german_stem').lexemeOf('e'.repeat(2000)), 'e'.repeat(2000));
  assert.throws(() => dictionaryOf('klingon_stem'), { code: '42704' });
  assert.throws(() => db.query(`SELECT to_tsvector('klingon', 'a')`), { code: '42704' });
  db.close();
});

test('languages: an index answers as the table does', () => {
  const db = openSync(':memory:');
  db.exec(`
    CREATE TABLE novel (id integer PRIMARY KEY, title text);
    CREATE INDEX novel_words ON novel USING fulltext (title) WITH (config = german);
    CREATE INDEX ON novel USING gin (to_tsvector('russian', title));
    INSERT INTO novel VALUES (1, 'Die Häuser am Meer'), (2, 'Das Haus'), (3, 'Кошки и дети, running'), (4, NULL);
    INSERT INTO novel SELECT i, 'Band ' || i FROM generate_series(5, 500) i;
  `);
  const find = (config: string, words: string): unknown[] => {
    const sql = `SELECT id FROM novel WHERE to_tsvector('${config}', title) @@ websearch_to_tsquery('${config}', $1) ORDER BY id`;
    const found = db.query<[number]>(sql, [words], { rowMode: 'array' }).rows.map(([id]) => id);
    db.exec('SET optimizer.rule.trigram_scan = off');
    const scanned = db.query<[number]>(sql, [words], { rowMode: 'array' }).rows.map(([id]) => id);
    db.exec('RESET optimizer.rule.trigram_scan');
    assert.deepEqual(found, scanned, words);
    return found;
  };
  assert.deepEqual(find('german', 'häusern'), [1, 2]);
  assert.deepEqual(find('german', 'haus -meer'), [2]);
  assert.deepEqual(find('russian', 'кошка'), [3]);
  assert.deepEqual(find('russian', 'run ребёнок or дети'), [3]);
  assert.match(
    db.explain(`SELECT * FROM novel WHERE to_tsvector('german', title) @@ to_tsquery('german', 'haus')`),
    /novel_words/,
  );
  db.exec(`SET default_text_search_config = 'pg_catalog.french'`);
  assert.deepEqual(
    db.query(`SELECT to_tsvector('chevaux')::text AS v, get_current_ts_config()::text AS c`).rows,
    [{ v: "'cheval':1", c: 'french' }],
  );
  db.close();
});
