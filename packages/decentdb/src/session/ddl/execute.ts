/**
 * Schema statements: one entry, dispatch by kind, and the write of the catalogue's difference at the end.
 *
 * I1  Nothing is half done: an error leaves the statement, and the session rolls its savepoint back (context.ts I2).
 */
import { DecentDbError } from '../../base/errors.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { bindNotSupported } from '../../sql/bind/errors.ts';
import { type AccessStatement, isAccessStatement, runAccess, runRename } from './access.ts';
import { define } from './aggregates.ts';
import { alterTable } from './alter-table.ts';
import { commentOn } from './comment.ts';
import type { DdlContext, DdlResult } from './context.ts';
import { createExtension } from './create-extension.ts';
import { createIndex } from './create-index.ts';
import { createRange } from './create-range.ts';
import { createSchema } from './create-schema.ts';
import { createTable } from './create-table.ts';
import { createTableAs } from './create-table-as.ts';
import { alterDomain, alterEnum, createComposite, createDomain, createEnum } from './create-type.ts';
import { noteNewObjects } from './default-privileges.ts';
import { executeDrop } from './drop.ts';
import { keepForeignKeyIndexes } from './foreign-key-indexes.ts';
import { reindex } from './reindex.ts';
import { renameObject, setSchema } from './rename.ts';
import { requireRoutine } from './routine-objects.ts';
import { alterRoutine, createRoutine } from './routines.ts';
import { alterSequence, createSequence } from './sequences.ts';
import { createTrigger } from './triggers.ts';
import { truncateTables } from './truncate.ts';
import { vacuum } from './vacuum.ts';
import { createMaterializedView, createView, refreshMaterializedView } from './views.ts';

/** Statements executeDdl runs. */
export type DdlStatement =
  | AccessStatement
  | Extract<
      ast.Statement,
      {
        kind:
          | 'CreateStmt'
          | 'CreateTrigStmt'
          | 'CreateFunctionStmt'
          | 'DefineStmt'
          | 'AlterFunctionStmt'
          | 'CreateTableAsStmt'
          | 'IndexStmt'
          | 'ViewStmt'
          | 'RefreshMatViewStmt'
          | 'CreateSeqStmt'
          | 'AlterSeqStmt'
          | 'CreateSchemaStmt'
          | 'AlterTableStmt'
          | 'CreateDomainStmt'
          | 'AlterDomainStmt'
          | 'CompositeTypeStmt'
          | 'CreateEnumStmt'
          | 'CreateRangeStmt'
          | 'AlterEnumStmt'
          | 'DropStmt'
          | 'RenameStmt'
          | 'AlterObjectSchemaStmt'
          | 'CommentStmt'
          | 'TruncateStmt'
          | 'ReindexStmt'
          | 'CreateExtensionStmt'
          | 'VacuumStmt';
      }
    >;

const KINDS: ReadonlySet<string> = new Set<DdlStatement['kind']>([
  'CreateStmt',
  'CreateTrigStmt',
  'CreateFunctionStmt',
  'DefineStmt',
  'AlterFunctionStmt',
  'CreateTableAsStmt',
  'IndexStmt',
  'ViewStmt',
  'RefreshMatViewStmt',
  'CreateSeqStmt',
  'AlterSeqStmt',
  'CreateSchemaStmt',
  'AlterTableStmt',
  'CreateDomainStmt',
  'AlterDomainStmt',
  'CompositeTypeStmt',
  'CreateEnumStmt',
  'CreateRangeStmt',
  'AlterEnumStmt',
  'DropStmt',
  'RenameStmt',
  'AlterObjectSchemaStmt',
  'CommentStmt',
  'TruncateStmt',
  'ReindexStmt',
  'CreateExtensionStmt',
  'VacuumStmt',
]);

export function isDdlStatement(stmt: ast.Statement): stmt is DdlStatement {
  return KINDS.has(stmt.kind) || isAccessStatement(stmt);
}

/**
 * Executes a schema statement within the write transaction of `ctx`: trees, working catalogue and catalogue tree.
 *
 * Throws DecentDbError as PostgreSQL would report it; the caller then rolls back to the savepoint it set before.
 */
export function executeDdl(stmt: DdlStatement, ctx: DdlContext): DdlResult {
  const before = ctx.catalog;
  const commandTag = run(stmt, ctx);
  keepForeignKeyIndexes(ctx, before);
  noteNewObjects(ctx, before);
  if (ctx.catalog !== before) ctx.catalog = ctx.store.save(ctx.view, before, ctx.catalog);
  return { commandTag };
}

function run(stmt: DdlStatement, ctx: DdlContext): string {
  if (isAccessStatement(stmt)) return runAccess(stmt, ctx);
  switch (stmt.kind) {
    case 'CreateStmt':
      createTable(ctx, stmt);
      return 'CREATE TABLE';
    case 'CreateTrigStmt':
      createTrigger(ctx, stmt);
      return 'CREATE TRIGGER';
    case 'CreateFunctionStmt':
      createRoutine(ctx, stmt);
      return stmt.is_procedure ? 'CREATE PROCEDURE' : 'CREATE FUNCTION';
    case 'DefineStmt':
      return define(ctx, stmt);
    case 'AlterFunctionStmt':
      alterRoutine(ctx, stmt, requireRoutine(ctx, stmt.objtype, stmt.func));
      return `ALTER ${stmt.objtype.slice('OBJECT_'.length)}`;
    case 'CreateTableAsStmt':
      return runCreateTableAs(stmt, ctx);
    case 'IndexStmt':
      createIndex(ctx, stmt);
      return 'CREATE INDEX';
    case 'ViewStmt':
      createView(ctx, stmt);
      return 'CREATE VIEW';
    case 'RefreshMatViewStmt':
      refreshMaterializedView(ctx, stmt);
      return 'REFRESH MATERIALIZED VIEW';
    case 'CreateSeqStmt':
      createSequence(ctx, stmt);
      return 'CREATE SEQUENCE';
    case 'AlterSeqStmt':
      alterSequence(ctx, stmt);
      return 'ALTER SEQUENCE';
    case 'CreateSchemaStmt':
      createSchema(ctx, stmt, (element) => {
        if (!isDdlStatement(element))
          throw bindNotSupported('this statement in CREATE SCHEMA', element.location);
        run(element, ctx);
      });
      return 'CREATE SCHEMA';
    case 'AlterTableStmt':
      return alterTable(ctx, stmt);
    case 'DropStmt':
      return executeDrop(ctx, stmt);
    case 'RenameStmt':
      return runRename(stmt, ctx) ?? renameObject(ctx, stmt);
    case 'AlterObjectSchemaStmt':
      return setSchema(ctx, stmt);
    case 'CommentStmt':
      commentOn(ctx, stmt);
      return 'COMMENT';
    case 'TruncateStmt':
      truncateTables(ctx, stmt);
      return 'TRUNCATE TABLE';
    case 'ReindexStmt':
      reindex(ctx, stmt);
      return 'REINDEX';
    case 'CreateExtensionStmt':
      createExtension(stmt);
      return 'CREATE EXTENSION';
    case 'VacuumStmt':
      vacuum(ctx, stmt);
      return 'VACUUM';
    default:
      return runTypes(stmt, ctx);
  }
}

function runTypes(
  stmt: Extract<
    DdlStatement,
    {
      kind:
        | 'CreateDomainStmt'
        | 'AlterDomainStmt'
        | 'CompositeTypeStmt'
        | 'CreateEnumStmt'
        | 'CreateRangeStmt'
        | 'AlterEnumStmt';
    }
  >,
  ctx: DdlContext,
): string {
  switch (stmt.kind) {
    case 'CreateDomainStmt':
      createDomain(ctx, stmt);
      return 'CREATE DOMAIN';
    case 'AlterDomainStmt':
      alterDomain(ctx, stmt);
      return 'ALTER DOMAIN';
    case 'CompositeTypeStmt':
      createComposite(ctx, stmt);
      return 'CREATE TYPE';
    case 'CreateEnumStmt':
      createEnum(ctx, stmt);
      return 'CREATE TYPE';
    case 'CreateRangeStmt':
      createRange(ctx, stmt);
      return 'CREATE TYPE';
    default:
      alterEnum(ctx, stmt);
      return 'ALTER TYPE';
  }
}

function runCreateTableAs(stmt: ast.CreateTableAsStmt, ctx: DdlContext): string {
  if (stmt.objtype === 'OBJECT_MATVIEW') {
    if (stmt.query.kind !== 'SelectStmt')
      throw new DecentDbError('0A000', 'CREATE MATERIALIZED VIEW AS EXECUTE is not supported');
    const count = createMaterializedView(ctx, stmt);
    return count === null || stmt.into.skipData ? 'CREATE MATERIALIZED VIEW' : `SELECT ${count}`;
  }
  const count = createTableAs(ctx, stmt);
  return count === null || stmt.into.skipData ? 'CREATE TABLE AS' : `SELECT ${count}`;
}
