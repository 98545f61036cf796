import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crashTest } from '../crash-test.ts';
import { sqlWorkload } from './sql-session.ts';

const SEED = Number(process.env['SEED'] ?? 1);

/** Postings, notes and merges across crashes: the integrity check compares the index with the texts, posting by posting. */
const workload = sqlWorkload('trigram upkeep', (s) => {
  s.sql('CREATE TABLE t (id int PRIMARY KEY, a text, b text)');
  s.sql('CREATE INDEX t_a ON t USING trigram (a, b)');
  s.sql("INSERT INTO t SELECT i, 'song ' || md5(i::text), NULL FROM generate_series(1, 40) i");
  s.checkpoint();
  s.sql("UPDATE t SET a = 'Blue Moon ' || id, b = 'été' WHERE id % 5 = 0");
  s.sql('DELETE FROM t WHERE id % 7 = 0');
  s.sql('BEGIN; SET LOCAL decentdb.trigram_pending_rows = 0; DELETE FROM t WHERE id = 1; COMMIT');
  s.sql('CREATE INDEX t_now ON t USING trigram (lower(a)) WITH (mode = immediate)');
  s.sql("INSERT INTO t VALUES (100, 'night', 'day'), (101, 'moonlight', 'x')");
  s.reopen();
  s.sql('REINDEX INDEX t_a');
  s.sql('UPDATE t SET id = 200 WHERE id = 100');
  s.sql('ALTER INDEX t_now SET (mode = disabled)');
  s.sql('TRUNCATE t');
  s.sql('DROP INDEX t_a');
});

test('AC-P1.5: after a crash at any point the index is the one its texts ask for', () => {
  const report = crashTest(workload, { seed: SEED, randomSubsets: 1, pointStride: 13, statesMax: 40 });
  assert.deepEqual(report.failures, [], `SEED=${SEED}`);
  assert.ok(report.distinct > 10);
});

/** Runs that are frozen by one commit and merged by those that follow. */
const slices = sqlWorkload('search indexes merged in slices', (s) => {
  s.sql('SET decentdb.trigram_pending_rows = 16');
  s.sql('CREATE TABLE t (id int PRIMARY KEY, a text)');
  s.sql('CREATE INDEX t_a ON t USING trigram (a)');
  s.sql('CREATE INDEX t_words ON t USING fulltext (a)');
  s.sql("INSERT INTO t SELECT i, 'running song ' || i FROM generate_series(1, 10) i");
  s.sql("INSERT INTO t SELECT i, 'blue moon ' || i FROM generate_series(11, 13) i");
  s.sql("UPDATE t SET a = 'stones ' || id WHERE id = 3");
  s.sql('DELETE FROM t WHERE id = 7');
  s.checkpoint();
  s.sql("INSERT INTO t SELECT i, 'train ' || i FROM generate_series(21, 33) i");
  s.sql("INSERT INTO t VALUES (40, 'night')");
  s.sql('BEGIN; UPDATE t SET a = NULL WHERE id = 22; ROLLBACK');
  s.reopen();
  s.sql("INSERT INTO t VALUES (41, 'day')");
  s.sql('CHECKPOINT');
});

test('AC-P1.4, AC-P1.5: after a crash between the slices of a merge the indexes are those their texts ask for', () => {
  const report = crashTest(slices, { seed: SEED, randomSubsets: 1, pointStride: 11, statesMax: 40 });
  assert.deepEqual(report.failures, [], `SEED=${SEED}`);
  assert.ok(report.distinct > 10);
});

/** The same for lexemes, with a column kept by a trigger. */
const fullText = sqlWorkload('full text upkeep', (s) => {
  s.sql('CREATE TABLE d (id int PRIMARY KEY, a text, v tsvector)');
  s.sql(
    'CREATE TRIGGER d_v BEFORE INSERT OR UPDATE ON d FOR EACH ROW EXECUTE FUNCTION tsvector_update_trigger(v, english, a)',
  );
  s.sql('CREATE INDEX d_v ON d USING gin (v)');
  s.sql(
    "INSERT INTO d SELECT i, 'running song ' || i || repeat(' word' || i, i % 5), NULL FROM generate_series(1, 30) i",
  );
  s.checkpoint();
  s.sql("UPDATE d SET a = 'Blue moons ' || id WHERE id % 5 = 0");
  s.sql('CREATE INDEX d_a ON d USING fulltext (a) WITH (mode = immediate)');
  s.sql('DELETE FROM d WHERE id % 7 = 0');
  s.sql('BEGIN; SET LOCAL decentdb.trigram_pending_rows = 0; DELETE FROM d WHERE id = 1; COMMIT');
  s.reopen();
  s.sql('REINDEX INDEX d_v');
  s.sql("INSERT INTO d VALUES (100, 'night trains', NULL)");
  s.sql('ALTER INDEX d_a SET (mode = disabled)');
  s.sql('TRUNCATE d');
});

test('full text: after a crash at any point the index is the one its texts ask for', () => {
  const report = crashTest(fullText, { seed: SEED, randomSubsets: 1, pointStride: 13, statesMax: 40 });
  assert.deepEqual(report.failures, [], `SEED=${SEED}`);
  assert.ok(report.distinct > 10);
});
