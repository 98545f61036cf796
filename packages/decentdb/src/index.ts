/** The public surface of DecentDB. */

export type { CheckReport, Finding } from './api/check.ts';
export { Database, type DatabaseStats, type ExplainChoices, openSync } from './api/database.ts';
export type { OpenOptions, QueryOptions } from './api/options.ts';
export type { Field, Result, Row } from './api/result.ts';
export { Snapshot } from './api/snapshot.ts';
export { type RunResult, Statement, type StatementColumn } from './api/statement.ts';
export {
  Savepoint,
  Transaction,
  type TransactionFunction,
  type TransactionMode,
} from './api/transactions.ts';
export { AssertionFailure, DecentDbError } from './base/errors.ts';
export type { Notice } from './session/ddl/context.ts';
