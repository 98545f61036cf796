/**
 * A script of SQL statements as a workload for the crash machine of `decentdb/testing`.
 *
 * I1  What is told as committed is what a user could rely on: the whole content after each statement outside a transaction, and after
 *     each COMMIT.
 * I2  Two databases with equal schemas and rows have equal fingerprints, whatever their pages look like.
 */
import { createHash } from 'node:crypto';
import { type Database, type OpenOptions, openSync } from 'decentdb';
import type { CrashRun, CrashSubject, CrashWorkload } from 'decentdb/testing';

export const SIMULATED_PATH = 'app.ddb';

export interface ScriptWorkloadChoices {
  readonly statements: readonly string[];
  readonly durability: NonNullable<OpenOptions['durability']>;
  readonly pageSize: number;
}

/** Everything a user can see, short. */
function fingerprintOf(db: Database): string {
  const hash = createHash('sha1');
  const script = db.schemaScript();
  hash.update(JSON.stringify([script.before, script.after]));
  for (const { schema, name } of script.tables) {
    const table = `"${schema.replaceAll('"', '""')}"."${name.replaceAll('"', '""')}"`;
    const { rows } = db.query(`SELECT * FROM ${table}`, [], { rowMode: 'array', format: 'text' });
    hash.update(JSON.stringify(rows));
  }
  return hash.digest('hex');
}

function subjectOf(db: Database): CrashSubject {
  return {
    fingerprint: () => fingerprintOf(db),
    check: () => db.check().findings.map(({ message }) => message),
    writeProbe: () => db.exec('CREATE TABLE "sim probe" (a int)').exec('DROP TABLE "sim probe"'),
    checkpoint: () => db.checkpoint(),
    close: () => db.close(),
  };
}

export function scriptWorkload(name: string, choices: ScriptWorkloadChoices): CrashWorkload {
  const { statements, durability, pageSize } = choices;
  return {
    name,
    ownedFiles: [SIMULATED_PATH],
    run: (run: CrashRun) => {
      const db = openSync(SIMULATED_PATH, { vfs: run.vfs, durability, pageSize });
      const isDurable = durability === 'full';
      run.committed(fingerprintOf(db), { durable: false });
      for (const statement of statements) {
        db.exec(statement);
        if (!db.inTransaction) run.committed(fingerprintOf(db), { durable: isDurable });
      }
      if (db.inTransaction) db.exec('ROLLBACK');
      db.close();
      run.flushed();
    },
    open: (vfs) =>
      vfs.exists(SIMULATED_PATH) ? subjectOf(openSync(SIMULATED_PATH, { vfs, durability })) : null,
  };
}

/** File operations that a run of the workload makes: points at which the power may go. */
export function countOperations(workload: CrashWorkload, vfs: CrashRun['vfs']): number {
  const ignored = (): void => {};
  workload.run({
    vfs,
    committed: ignored,
    flushed: ignored,
    kept: ignored,
    attempting: ignored,
    failed: ignored,
    watch: ignored,
  });
  return vfs.trace.ops.length;
}
