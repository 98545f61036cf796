/**
 * Crash workloads in SQL: a database opened on crashing files, statements, and a fingerprint of everything a user can see.
 *
 *     sqlWorkload('two rows', (s) => {
 *       s.sql('CREATE TABLE t (id int PRIMARY KEY, name text)');
 *       s.sql("INSERT INTO t VALUES (1, 'one')");
 *       s.sql('BEGIN; UPDATE t SET id = 2; COMMIT');
 *     })
 *
 * I1  Every call of `sql` is one commit, told to the crash machine with the fingerprint it leaves.
 */
import { Database } from '../../api/database.ts';
import { DecentDbError } from '../../base/errors.ts';
import type { StorageOptions } from '../../txn/engine-options.ts';
import { openStorage, type StorageHandle } from '../../txn/open-storage.ts';
import type { FaultPlan } from '../../vfs/faulty/fault-plan.ts';
import { NO_FAULTS } from '../../vfs/faulty/fault-plan.ts';
import type { Vfs } from '../../vfs/vfs.ts';
import type { CrashRun, CrashSubject, CrashWorkload } from '../crash-run.ts';
import { traceRulesFor } from '../trace-rules.ts';

export const SQL_PATH = 'sql.ddb';

/** Pages of a kilobyte, so that small tables have trees and large values leave them. */
const SMALL: StorageOptions = { walStepBytes: 2048, walBytesMax: 24 * 1024, flushIntervalMs: 0 };

export class SqlSubject implements CrashSubject {
  readonly db: Database;

  constructor(
    vfs: Vfs,
    options: StorageOptions,
    { path, storage }: { readonly path: string; readonly storage?: StorageHandle } = { path: SQL_PATH },
  ) {
    const opened = storage ?? openStorage(path, { ...SMALL, ...options, vfs });
    this.db = new Database(path, {}, { storage: opened, groupCommits: false });
  }

  static reopen(vfs: Vfs): SqlSubject | null {
    return vfs.exists(SQL_PATH) ? new SqlSubject(vfs, { mode: 'open' }) : null;
  }

  fingerprint(): string {
    const parts: string[] = [];
    const objects = this.rows(
      `SELECT relname, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1, 2`,
    );
    for (const [name, kind] of objects) parts.push(`${kind}:${name}${this.contentOf(name!, kind!)}`);
    for (const [name] of this.rows('SELECT conname FROM pg_constraint ORDER BY 1')) parts.push(`c:${name}`);
    return parts.join('\n');
  }

  check(): readonly string[] {
    return this.db.check().findings.map(({ message }) => message);
  }

  writeProbe(): void {
    this.db.exec(`CREATE TABLE crash_probe (id int PRIMARY KEY, t text UNIQUE)`);
    this.db.exec(`INSERT INTO crash_probe VALUES (1, 'one'), (2, 'two')`);
    this.db.exec('DROP TABLE crash_probe');
  }

  checkpoint(): void {
    this.db.checkpoint();
  }

  close(): void {
    this.db.close();
  }

  rows(sql: string): readonly (readonly (string | null)[])[] {
    return this.db.query<readonly (string | null)[]>(sql, [], { rowMode: 'array', format: 'text' }).rows;
  }

  private contentOf(name: string, kind: string): string {
    if (kind !== 'r' && kind !== 'v' && kind !== 'm') return '';
    const rows = this.rows(`SELECT * FROM "${name}"`).map((row) => row.map(shortened).join(','));
    return `(${rows.sort().join(';')})`;
  }
}

/** A cell: long texts by length and ends. */
function shortened(cell: string | null): string {
  if (cell === null) return 'NULL';
  return cell.length <= 24 ? cell : `${cell.length}:${cell.slice(0, 8)}~${cell.slice(-8)}`;
}

export class SqlSession {
  readonly run: CrashRun;
  subject: SqlSubject;
  private readonly options: StorageOptions;
  private commits = 0;
  private lsnTold = 0;
  /** Checkpoint and close may commit merges of search indexes: states no user can tell apart. */
  private isUpkeep = false;

  constructor(run: CrashRun, options: StorageOptions) {
    this.run = run;
    this.options = options;
    this.subject = new SqlSubject(run.vfs, { pageSize: 1024, ...options });
    run.committed(this.subject.fingerprint(), { durable: false });
    if (this.isDurable)
      run.watch(() => (!this.isUpkeep && this.publishedLsn() > this.lsnTold ? this.commits + 2 : 0));
  }

  /** Runs statements that together are one commit. */
  sql(text: string): void {
    this.act((db) => void db.exec(text));
  }

  /** Anything else that is one commit. */
  act(body: (db: Database) => void): void {
    body(this.subject.db);
    this.tell();
  }

  /** Commits that a crash may take back until `body` is over: it calls `committed` after each. */
  loosely(body: (db: Database, committed: () => void) => void): void {
    this.isUpkeep = true;
    body(this.subject.db, () => this.tell(false));
    this.isUpkeep = false;
    this.run.flushed();
  }

  /** Statements that fail with `code` and leave nothing behind. */
  fails(code: string, text: string): void {
    const before = this.subject.fingerprint();
    try {
      this.subject.db.exec(text);
    } catch (error) {
      if (!(error instanceof DecentDbError) || error.code !== code) throw error;
      if (this.subject.db.inTransaction) this.subject.db.exec('ROLLBACK');
      if (this.subject.fingerprint() !== before) throw new RangeError(`"${text}" failed and left a trace`);
      return;
    }
    throw new RangeError(`"${text}" should fail with ${code}`);
  }

  /** A commit that a fault makes fail: nothing of it may be found. */
  failsUnder(plan: FaultPlan, text: string): void {
    const before = this.subject.fingerprint();
    this.run.vfs.arm(plan);
    try {
      this.subject.db.exec(text);
    } catch (error) {
      if (!(error instanceof DecentDbError)) throw error;
      this.run.vfs.arm(NO_FAULTS);
      if (this.subject.db.inTransaction) this.subject.db.exec('ROLLBACK');
      if (this.subject.fingerprint() !== before) throw new RangeError(`"${text}" failed and left a trace`);
      return;
    }
    throw new RangeError(`"${text}" should fail under its plan`);
  }

  checkpoint(): void {
    this.isUpkeep = true;
    this.subject.checkpoint();
    this.isUpkeep = false;
    this.lsnTold = this.publishedLsn();
    if (this.commits > 0) this.run.flushed();
  }

  reopen(): void {
    this.finish();
    this.subject = new SqlSubject(this.run.vfs, { ...this.options, pageSize: undefined, mode: 'open' });
    this.lsnTold = this.publishedLsn();
  }

  finish(): void {
    this.isUpkeep = true;
    this.subject.close();
    this.isUpkeep = false;
    if (this.commits > 0) this.run.flushed();
  }

  private get isDurable(): boolean {
    return (this.options.durability ?? 'full') === 'full';
  }

  private tell(durable: boolean = this.isDurable): void {
    this.run.committed(this.subject.fingerprint(), { durable });
    this.commits++;
    this.lsnTold = this.publishedLsn();
  }

  private publishedLsn(): number {
    return this.subject.db.session.engine.publishedMeta().lsn;
  }
}

/** A crash workload in SQL. */
export function sqlWorkload(
  name: string,
  body: (session: SqlSession) => void,
  options: StorageOptions = {},
): CrashWorkload {
  return {
    name,
    ownedFiles: [SQL_PATH],
    open: (vfs) => SqlSubject.reopen(vfs),
    run: (run) => {
      const session = new SqlSession(run, options);
      body(session);
      session.finish();
    },
    traceRules: traceRulesFor(SQL_PATH, (options.durability ?? 'full') === 'full'),
  };
}
