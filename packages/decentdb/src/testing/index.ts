/**
 * `decentdb/testing`: what proves DecentDB, for proving what you build on it.
 *
 * @example
 * import { crashTest, FaultyVfs, MemoryVfs } from 'decentdb/testing';
 */
export { Prng } from '../base/prng.ts';
export type { Fault, FaultPlan, IoOperation } from '../vfs/faulty/fault-plan.ts';
export { IO_OPERATIONS, NO_FAULTS } from '../vfs/faulty/fault-plan.ts';
export { FaultyVfs } from '../vfs/faulty/faulty-vfs.ts';
export type { IoOp, IoTrace } from '../vfs/faulty/io-trace.ts';
export { MemoryDisk, MemoryVfs } from '../vfs/memory-vfs.ts';
export type { CrashRun, CrashSubject, CrashWorkload } from './crash-run.ts';
export type { CrashFailure, CrashReport, CrashTestOptions } from './crash-test.ts';
export { crashTest } from './crash-test.ts';
