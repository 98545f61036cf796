/**
 * `decentdb/testing`: what proves DecentDB, for proving what you build on it.
 *
 * `crashTest` runs a workload of yours on files that crash and reopens every state a power cut could leave; `FaultyVfs` makes
 * single calls fail; `simulate` and `faultSweep` run the simulated sessions that DecentDB itself is tested with.
 *
 * @example
 * import { openSync } from 'decentdb';
 * import { crashTest } from 'decentdb/testing';
 *
 * const report = crashTest({
 *   name: 'two rows',
 *   ownedFiles: ['app.ddb'],
 *   run: ({ vfs, committed, flushed }) => {
 *     const db = openSync('app.ddb', { vfs });
 *     committed('empty', { durable: false }); // A new database may be there or not.
 *     db.exec('CREATE TABLE t (id int PRIMARY KEY)');
 *     committed('0 rows');
 *     db.exec('INSERT INTO t VALUES (1), (2)');
 *     committed('2 rows');
 *     db.close();
 *     flushed();
 *   },
 *   open: (vfs) => {
 *     if (!vfs.exists('app.ddb')) return null;
 *     const db = openSync('app.ddb', { vfs });
 *     return {
 *       fingerprint: () => {
 *         const [table] = db.query("SELECT 1 FROM pg_class WHERE relname = 't'").rows;
 *         return table === undefined ? 'empty' : `${db.query('SELECT id FROM t').rowCount} rows`;
 *       },
 *       check: () => db.check().findings.map((finding) => finding.message),
 *       writeProbe: () => db.exec('CREATE TABLE probe (a int)').exec('DROP TABLE probe'),
 *       checkpoint: () => db.checkpoint(),
 *       close: () => db.close(),
 *     };
 *   },
 * }, { seed: 1, statesMax: 50 });
 * if (report.failures.length > 0) throw new Error(JSON.stringify(report.failures));
 */
export { Prng } from '../base/prng.ts';
export type { Fault, FaultPlan, IoOperation } from '../vfs/faulty/fault-plan.ts';
export { IO_OPERATIONS, NO_FAULTS } from '../vfs/faulty/fault-plan.ts';
export { FaultyVfs } from '../vfs/faulty/faulty-vfs.ts';
export type { IoOp, IoTrace } from '../vfs/faulty/io-trace.ts';
export { MemoryDisk, MemoryVfs } from '../vfs/memory-vfs.ts';
export type {
  AsyncCrashWorkload,
  CrashedDatabase,
  CrashRun,
  CrashSubject,
  CrashWorkload,
} from './crash-run.ts';
export type { CrashFailure, CrashReport, CrashTestOptions } from './crash-test.ts';
export { crashTest, crashTestAsync } from './crash-test.ts';
export { type FuzzFailure, type FuzzOptions, type FuzzReport, fuzzFiles } from './fuzz/file-fuzz.ts';
export { type ExplorationCounts, exploreOrders, randomOrders } from './isolation/interleavings.ts';
export { runRandomHistory } from './isolation/random-history.ts';
export { type Action, type Profile, profileOf, randomActions } from './simulation/actions.ts';
export { shrink } from './simulation/shrink.ts';
export { noCounts, type SimulationCounts, type SimulationFailure, simulate } from './simulation/simulator.ts';
export {
  errorSweep,
  faultSweep,
  fullDiskSweep,
  GATE_SWEEPS,
  readFlipSweep,
  type SweepKind,
  type SweepReport,
} from './simulation/sweep.ts';
export { sqlWorkloads } from './sql/workloads.ts';
export { backupWhileWriting } from './sql/workloads-copies.ts';
export {
  cutShort,
  type DamageReport,
  exchangePages,
  filesOf,
  flipBits,
  type Specimen,
  specimen,
} from './storage/damage.ts';
export { STORE_PATH } from './storage/tree-store.ts';
export { mixedWorkload, storageWorkloads } from './storage/workloads.ts';
export { groupWorkloads, mixedGroupWorkload } from './storage/workloads-groups.ts';
