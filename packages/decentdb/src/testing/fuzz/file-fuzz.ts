/**
 * Structure-aware fuzzing of database files: one to three lies, then everything a user would do with the file.
 *
 * I1  Whatever the file says, each call ends in an answer or in a `DecentDbError` of the catalogue that is no assertion; within its time and
 *     memory; and the process goes on.
 * I2  A case is a function of its seed.
 */

import { Database } from '../../api/database.ts';
import { recoverSync } from '../../api/recover/recover.ts';
import { AssertionFailure, DecentDbError } from '../../base/errors.ts';
import { Prng } from '../../base/prng.ts';
import { MemoryDisk, MemoryVfs } from '../../vfs/memory-vfs.ts';
import { monotonicMs } from '../../vfs/node-platform.ts';
import { logPaths } from '../../wal/log-file.ts';
import { mutateLog } from './log-mutations.ts';
import { LogSurgeon } from './log-surgeon.ts';
import { MUTATIONS } from './mutations.ts';
import { PageSurgeon } from './page-surgeon.ts';

export interface FuzzFailure {
  readonly seed: number;
  /** What was changed in the file. */
  readonly changes: readonly string[];
  /** What was done when it went wrong. */
  readonly step: string;
  readonly detail: string;
}

export interface FuzzReport {
  readonly cases: number;
  /** Calls made on hostile files, and how many of them ended in an error of the catalogue. */
  readonly calls: number;
  readonly refused: number;
  /** Files that did not open. */
  readonly unopened: number;
  readonly failures: readonly FuzzFailure[];
}

export interface FuzzOptions {
  readonly seed: number;
  readonly cases: number;
  readonly onProgress?: (done: number) => void;
  readonly failuresMax?: number;
}

const PATH = 'fuzz.ddb';
const PAGE_BYTES = 512;
/** Statements of a case, on the average. */
const STEPS_CHOSEN = 9;
const RECOVER_EVERY = 6;
const LOG_EVERY = 4;
const CALL_MS_MAX = 5000;
const BUFFER_BYTES_MAX = 512 << 20;

const SCHEMA = `
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TABLE person (
  id int PRIMARY KEY, name text NOT NULL, mood mood, score numeric(8,2), tags text[], extra jsonb, photo bytea, p positive DEFAULT 7);
CREATE INDEX person_name ON person (name) INCLUDE (score);
CREATE TABLE visit (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, person int REFERENCES person ON DELETE CASCADE,
  at timestamptz, length interval, big bigint, note text, CHECK (person >= 0));
CREATE INDEX visit_person ON visit (person) WHERE note <> '';
CREATE TABLE plain (a double precision, b boolean, c uuid, d varchar(10), e real, f smallint GENERATED ALWAYS AS (3) STORED);
CREATE UNIQUE INDEX plain_c ON plain (c, (a * 2));
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE INDEX visit_words ON visit USING gin (note gin_trgm_ops);
CREATE VIEW names AS SELECT id, name FROM person WHERE mood IS NOT NULL;
CREATE MATERIALIZED VIEW scores AS SELECT id, score FROM person;
CREATE SEQUENCE sq;
`;

/** What is done with a hostile file, one call after the other. */
const STEPS: readonly string[] = [
  'SELECT * FROM person',
  'SELECT * FROM visit',
  'SELECT * FROM plain',
  'SELECT * FROM names ORDER BY name DESC LIMIT 5',
  'SELECT * FROM scores WHERE id = 3',
  'SELECT * FROM person WHERE id = 17',
  "SELECT name, score FROM person WHERE name >= 'name 2' AND name < 'name 4' ORDER BY name",
  'SELECT count(*), sum(big), min(at), max(length) FROM visit',
  'SELECT mood, count(*), avg(score) FROM person GROUP BY mood ORDER BY 2',
  'SELECT p.name, count(v.id) FROM person p LEFT JOIN visit v ON v.person = p.id GROUP BY p.name ORDER BY 1 LIMIT 10',
  "SELECT id FROM visit WHERE note LIKE '%word 1%' ORDER BY id DESC",
  "SELECT c, a FROM plain WHERE c > '00000000-0000-4000-8000-000000000005' ORDER BY c",
  "SELECT id, extra->>'i', tags[1], length(photo) FROM person ORDER BY extra LIMIT 20",
  "SELECT nextval('sq')",
  'SELECT relname, relkind FROM pg_class ORDER BY 1',
  'SELECT * FROM information_schema.columns ORDER BY table_name, ordinal_position',
  "INSERT INTO person (id, name) VALUES (1000, 'new')",
  "INSERT INTO visit (person, note) VALUES (3, 'a new word'), (4, 'word 12')",
  "UPDATE person SET name = name || '!', score = score + 1 WHERE id % 3 = 0",
  'DELETE FROM visit WHERE id < 20',
  'DELETE FROM person WHERE id = 5',
  'ALTER TABLE plain ADD COLUMN g int DEFAULT 5',
  'CREATE TABLE fresh AS SELECT * FROM visit',
  'DROP TABLE plain',
  'ANALYZE',
  'VACUUM',
];

/** A sound database, closed, or as a killed process leaves it: the seed of all cases. */
export function fuzzSeedDisk(how: 'closed' | 'killed' = 'closed'): MemoryDisk {
  const disk = new MemoryDisk();
  const db = new Database(PATH, { vfs: new MemoryVfs(disk), pageSize: PAGE_BYTES, mode: 'createNew' });
  db.exec(SCHEMA);
  db.exec(`INSERT INTO person SELECT i, 'name ' || i, (ARRAY['sad', 'ok', 'happy', NULL])[1 + i % 4]::mood, i * 1.25,
    ARRAY['a' || i, NULL], jsonb_build_object('i', i, 'l', jsonb_build_array(i, NULL, 'x')),
    CASE WHEN i % 20 = 0 THEN decode(repeat('ab', 700), 'hex') ELSE '\\x00ff' END, i FROM generate_series(1, 60) AS g(i)`);
  db.exec(`INSERT INTO visit (person, at, length, big, note)
    SELECT 1 + i % 60, timestamptz '2020-01-01 00:00:00+00' + i * interval '1 hour', i * interval '1 minute',
      CASE WHEN i % 9 = 0 THEN 9223372036854775000 + i ELSE i * 1000 END,
      CASE WHEN i % 40 = 0 THEN repeat('long word ' || i, 120) ELSE 'word ' || i END FROM generate_series(1, 90) AS g(i)`);
  db.exec(`INSERT INTO plain SELECT i / 7.0, i % 2 = 0, ('00000000-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid, 'v' || i, i / 3.0
    FROM generate_series(1, 60) AS g(i)`);
  db.exec('CREATE TABLE gone AS SELECT * FROM visit');
  db.exec('DROP TABLE gone');
  db.exec("SELECT nextval('sq')");
  db.checkpoint();
  db.exec("UPDATE person SET name = name || ' again' WHERE id % 5 = 0");
  db.exec("INSERT INTO visit (person, note) SELECT i, 'late word ' || i FROM generate_series(1, 30) AS g(i)");
  db.exec('CREATE TABLE late AS SELECT id, note FROM visit WHERE id > 80');
  const killed = disk.clone();
  db.close();
  return how === 'killed' ? killed : disk;
}

/** Runs `cases` cases with seeds from `seed` on. */
export function fuzzFiles(options: FuzzOptions): FuzzReport {
  const closed = fuzzSeedDisk();
  const killed = fuzzSeedDisk('killed');
  const run = new FuzzRun();
  const { seed, cases, failuresMax = 20, onProgress } = options;
  let done = 0;
  while (done < cases && run.failures.length < failuresMax) {
    run.one(closed, killed, seed + done);
    done++;
    if (done % 50 === 0) onProgress?.(done);
  }
  return { cases: done, ...run };
}

function lieInPages(disk: MemoryDisk, random: Prng): string | null {
  const data = disk.files.get(PATH);
  const [, mutate] = MUTATIONS[random.below(MUTATIONS.length)] as (typeof MUTATIONS)[number];
  return data === undefined ? null : mutate(new PageSurgeon(data.bytes(), PAGE_BYTES), random);
}

function lieInLog(disk: MemoryDisk, random: Prng): string | null {
  const logs = logPaths(PATH).filter((path) => (disk.files.get(path)?.length ?? 0) > 0);
  const data = disk.files.get(logs[random.below(logs.length)] ?? '');
  return data === undefined ? null : mutateLog(new LogSurgeon(data.bytes()), random);
}

type Call = (step: string, work: () => void) => void;

/** A few statements in their order; one that changes much is rarely followed by many. */
function chosenSteps(random: Prng): string[] {
  return STEPS.filter(() => random.below(STEPS.length) < STEPS_CHOSEN);
}

class FuzzRun {
  calls = 0;
  refused = 0;
  unopened = 0;
  readonly failures: FuzzFailure[] = [];

  one(closed: MemoryDisk, killed: MemoryDisk, seed: number): void {
    const random = new Prng(seed);
    const isLog = random.below(LOG_EVERY) === 0;
    const disk = (isLog ? killed : closed).clone();
    const changes: string[] = [];
    for (let i = 1 + random.below(3); i > 0; i--) {
      const what = isLog ? lieInLog(disk, random) : lieInPages(disk, random);
      if (what !== null) changes.push(what);
    }
    const call: Call = (step, work) => this.#call({ seed, changes, step }, work);
    const isRecovering = random.below(RECOVER_EVERY) === 0;
    this.#session(isRecovering ? disk.clone() : disk, chosenSteps(random), call);
    if (isRecovering) call('recover', () => recoverSync(PATH, 'rescued.ddb', { vfs: new MemoryVfs(disk) }));
  }

  #session(disk: MemoryDisk, steps: readonly string[], call: Call): void {
    let db: Database | null = null;
    call('open', () => {
      db = new Database(PATH, {
        vfs: new MemoryVfs(disk),
        mode: 'open',
        workMemBytes: 4 << 20,
        cacheBytes: 1 << 20,
        settings: { statement_timeout: '2s' },
      });
    });
    const opened = db as Database | null;
    if (opened === null) {
      this.unopened++;
      return;
    }
    call('check', () => opened.check());
    for (const sql of steps) call(sql, () => opened.query(sql));
    call('checkpoint', () => opened.checkpoint());
    call('serialize', () => opened.serialize());
    call('close', () => opened.close());
  }

  /** Anything but an answer or an error of the catalogue is a failure. */
  #call(where: Omit<FuzzFailure, 'detail'>, work: () => void): void {
    this.calls++;
    const started = monotonicMs();
    try {
      work();
    } catch (error) {
      this.refused++;
      const isTyped = error instanceof DecentDbError && !(error instanceof AssertionFailure);
      if (!isTyped) this.failures.push({ ...where, detail: stackOf(error) });
    }
    const ms = monotonicMs() - started;
    if (ms > CALL_MS_MAX) this.failures.push({ ...where, detail: `took ${Math.round(ms)} ms` });
    const { arrayBuffers } = process.memoryUsage();
    if (arrayBuffers > BUFFER_BYTES_MAX)
      this.failures.push({ ...where, detail: `${arrayBuffers >> 20} MiB of buffers` });
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
