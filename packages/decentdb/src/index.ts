/** The public surface of DecentDB. */

export { Appender, type AppenderOptions } from './api/appender.ts';
export type { CallOptions } from './api/async-calls.ts';
export {
  AsyncDatabase,
  type AsyncQueryOptions,
  type BatchItem,
  type StreamOptions,
} from './api/async-database.ts';
export { AsyncStatement } from './api/async-statement.ts';
export { AsyncTransaction } from './api/async-transaction.ts';
export type {
  BackupOptions,
  BackupProgress,
  BackupResult,
  VacuumFileOptions,
  VacuumIntoOptions,
  VacuumIntoResult,
} from './api/backup.ts';
export { vacuumFile, vacuumFileAsync } from './api/backup.ts';
export type { BulkLoadOptions, BulkLoadResult, LoadProgress } from './api/bulk-load.ts';
export type { CheckOptions, CheckReport, Finding, FindingKind } from './api/check.ts';
export type {
  AsyncCopySource,
  CopyFromOptions,
  CopyResult,
  CopySink,
  CopySource,
  CopyToOptions,
} from './api/copy.ts';
export { Database, type DatabaseStats, type ExplainChoices, openSync } from './api/database.ts';
export type { RejectTarget } from './api/load/reject-file.ts';
export type { LoadColumns, LoadFormat, LoadSource } from './api/load/sources.ts';
export type { TextEncoding } from './api/load/text-decoder.ts';
export {
  type BadRecord,
  CsvFile,
  type CsvFileOptions,
  type CsvSinks,
  type TextBatch,
} from './api/load/text-rows.ts';
export type { Notification } from './api/notifications.ts';
export type { OpenOptions, QueryOptions } from './api/options.ts';
export { type RecoverOptions, recover, recoverSync } from './api/recover/recover.ts';
export type {
  RecoveredTable,
  RecoverFinding,
  RecoverFindingKind,
  RecoverProgress,
  RecoverReport,
} from './api/recover/report.ts';
export type { Field, Result, Row } from './api/result.ts';
export type { RejectedRow, RowInput } from './api/row-batches.ts';
export { Snapshot } from './api/snapshot.ts';
export { SqlFragment, type SqlTag, sql } from './api/sql-template.ts';
export { type RunResult, Statement, type StatementColumn } from './api/statement.ts';
export type { OperationOptions, OperationProgress } from './api/steps.ts';
export {
  Savepoint,
  Transaction,
  type TransactionFunction,
  type TransactionMode,
} from './api/transactions.ts';
export type { TriggerEvent } from './api/trigger-functions.ts';
export { type RowClass, type StandardSchema, TypedStatement } from './api/typed-rows.ts';
export type {
  AggregateOptions,
  FunctionOptions,
  TableOptions,
  UserFunction,
} from './api/user-functions.ts';
export { AssertionFailure, DecentDbError } from './base/errors.ts';
export type { CsvOptions } from './session/copy/csv-reader.ts';
export type { Notice } from './session/ddl/context.ts';
export type { SchemaScript, TableScript } from './session/schema-script.ts';
export { open } from './worker/open.ts';
