/**
 * Crash workloads that write a second database: backups, also while others write, and compact copies.
 *
 * I1  The copy is there whole, with a state that the original had, or not at all; the original does not change (D4, B1).
 * I2  What a crash leaves of a copy is a draft, told by its name.
 */
import type { Database } from '../../api/database.ts';
import { openStorage } from '../../txn/open-storage.ts';
import { MemoryDisk, MemoryVfs } from '../../vfs/memory-vfs.ts';
import type { Vfs } from '../../vfs/vfs.ts';
import { CrashImage } from '../crash-model.ts';
import type { AsyncCrashWorkload, CrashRun, CrashSubject, CrashWorkload } from '../crash-run.ts';
import { SQL_PATH, SqlSubject } from './sql-session.ts';

const COPY_PATH = 'copy.ddb';
const OPTIONS = { pageSize: 1024, walStepBytes: 2048, walBytesMax: 24 * 1024, flushIntervalMs: 0 };

/** The original and its copy. */
class CopySubject implements CrashSubject {
  private readonly original: SqlSubject;
  private readonly vfs: Vfs;

  constructor(original: SqlSubject, vfs: Vfs) {
    this.original = original;
    this.vfs = vfs;
  }

  fingerprint(): string {
    return both(this.original.fingerprint(), copyOf(this.vfs, (copy) => copy.fingerprint()) ?? null);
  }

  check(): readonly string[] {
    return [...this.original.check(), ...(copyOf(this.vfs, (copy) => copy.check()) ?? [])];
  }

  writeProbe(): void {
    this.original.writeProbe();
  }

  checkpoint(): void {
    this.original.checkpoint();
  }

  close(): void {
    this.original.close();
  }
}

function both(original: string, copy: string | null): string {
  return `${original}\n--- copy ---\n${copy ?? 'none'}`;
}

/** Looks at the copy, if there is one. */
function copyOf<T>(vfs: Vfs, look: (copy: SqlSubject) => T): T | undefined {
  if (!vfs.exists(COPY_PATH)) return undefined;
  const storage = openStorage(COPY_PATH, { vfs, mode: 'open' });
  const copy = new SqlSubject(vfs, {}, { storage, path: COPY_PATH });
  try {
    return look(copy);
  } finally {
    copy.close();
  }
}

/** One database that commits, and copies made of it. */
class CopySession {
  readonly db: Database;
  private readonly run: CrashRun;
  private readonly subject: SqlSubject;
  private copied: string | null = null;
  private before: string | null = null;

  constructor(run: CrashRun) {
    this.run = run;
    this.subject = new SqlSubject(run.vfs, OPTIONS);
    this.db = this.subject.db;
    run.committed(both(this.state, null), { durable: false });
  }

  get state(): string {
    return this.subject.fingerprint();
  }

  sql(text: string): void {
    this.db.exec(text);
    this.run.committed(both(this.state, this.copied));
  }

  /** Puts a database there that was killed: it needs its log. */
  killedCopy(): void {
    const disk = new MemoryDisk();
    const killed = new SqlSubject(new MemoryVfs(disk), OPTIONS, { path: COPY_PATH });
    killed.db.exec('CREATE TABLE old (id int PRIMARY KEY); INSERT INTO old VALUES (1), (2)');
    this.copied = killed.fingerprint();
    const { files } = CrashImage.of(disk.clone());
    killed.close();
    const { vfs } = this.run;
    const write = (name: string, bytes: Uint8Array): void => {
      const file = vfs.open(name, 'createNew');
      file.writeAt(bytes, 0);
      file.sync('full');
      file.close();
      vfs.syncDirectory('.');
    };
    for (const [name, bytes] of files) write(name === COPY_PATH ? `${COPY_PATH}-new-1` : name, bytes);
    vfs.rename(`${COPY_PATH}-new-1`, COPY_PATH, { replace: false });
    vfs.syncDirectory('.');
    this.run.committed(both(this.state, this.copied));
  }

  /** The copy that is about to appear will show the state of now. */
  begin(): void {
    this.before = this.state;
  }

  /** It is there. */
  done(): void {
    this.copied = this.before;
    this.run.committed(both(this.state, this.copied));
  }

  close(): void {
    this.subject.close();
    this.run.flushed();
  }
}

const common = {
  ownedFiles: [SQL_PATH, COPY_PATH, `${COPY_PATH}-new-*`, `${COPY_PATH}-wal-*`],
  open: (vfs: Vfs): CrashSubject | null => {
    const original = SqlSubject.reopen(vfs);
    return original === null ? null : new CopySubject(original, vfs);
  },
};

function copyWorkload(name: string, body: (session: CopySession) => void): CrashWorkload {
  const run = (given: CrashRun): void => {
    const session = new CopySession(given);
    body(session);
    session.close();
  };
  return { name, ...common, run };
}

const TABLE = `CREATE TABLE t (id int PRIMARY KEY, v text); CREATE INDEX t_v ON t (v)`;
const rows = (from: number, to: number): string =>
  `INSERT INTO t SELECT i, 'row number ' || i FROM generate_series(${from}, ${to}) AS i`;

export const copyWorkloads: readonly CrashWorkload[] = [
  copyWorkload('SQL: a backup, and one over it', (s) => {
    s.sql('CREATE TABLE t (id int PRIMARY KEY, v text)');
    s.sql(rows(1, 30));
    s.begin();
    s.db.backupSync(COPY_PATH);
    s.done();
    s.sql('DELETE FROM t WHERE id % 2 = 0');
    s.begin();
    s.db.backupSync(COPY_PATH, { overwrite: true });
    s.done();
  }),
  copyWorkload('SQL: a backup over a database that was killed', (s) => {
    s.killedCopy();
    s.sql('CREATE TABLE t (id int PRIMARY KEY, v text)');
    s.sql(rows(1, 10));
    s.begin();
    s.db.backupSync(COPY_PATH, { overwrite: true });
    s.done();
  }),
  copyWorkload('SQL: a compact copy', (s) => {
    s.sql('CREATE TABLE t (id int PRIMARY KEY, v text)');
    s.sql(rows(1, 40));
    s.sql('DELETE FROM t WHERE id > 10');
    s.begin();
    s.db.vacuumInto(COPY_PATH);
    s.done();
    s.sql(rows(100, 110));
  }),
];

/** A backup in steps, between which commits and a checkpoint come. */
export const backupWhileWriting: AsyncCrashWorkload = {
  name: 'SQL: a backup while others write',
  ...common,
  run: async (run) => {
    const session = new CopySession(run);
    session.sql(TABLE.split(';')[0]!);
    session.sql(TABLE.split(';')[1]!);
    session.sql(rows(1, 40));
    session.begin();
    let step = 0;
    await session.db.backup(COPY_PATH, {
      pagesPerStep: 3,
      progress: ({ pages, pagesTotal }) => {
        step++;
        if (pages === pagesTotal) return;
        if (step % 3 === 0) session.db.checkpoint();
        else session.sql(`UPDATE t SET v = 'changed ${step}' WHERE id % 7 = ${step % 7}`);
      },
    });
    session.done();
    session.sql('DELETE FROM t WHERE id < 20');
    session.close();
  },
};
