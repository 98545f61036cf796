/** Statements about roles, owners and privileges: dispatch by kind. */
import type * as ast from '../../sql/ast/nodes.ts';
import type { DdlContext } from './context.ts';
import { alterDefaultPrivileges } from './default-privileges.ts';
import { alterOwner, grantPrivileges } from './grants.ts';
import { dropOwned, reassignOwned } from './owned.ts';
import { alterRole, alterRoleSettings, createRole, dropRoles, grantRoles, renameRole } from './roles.ts';

export type AccessStatement =
  | ast.CreateRoleStmt
  | ast.AlterRoleStmt
  | ast.AlterRoleSetStmt
  | ast.DropRoleStmt
  | ast.GrantRoleStmt
  | ast.GrantStmt
  | ast.AlterDefaultPrivilegesStmt
  | ast.DropOwnedStmt
  | ast.ReassignOwnedStmt
  | ast.AlterOwnerStmt;

const KINDS: ReadonlySet<string> = new Set<AccessStatement['kind']>([
  'CreateRoleStmt',
  'AlterRoleStmt',
  'AlterRoleSetStmt',
  'DropRoleStmt',
  'GrantRoleStmt',
  'GrantStmt',
  'AlterDefaultPrivilegesStmt',
  'DropOwnedStmt',
  'ReassignOwnedStmt',
  'AlterOwnerStmt',
]);

export function isAccessStatement(stmt: ast.Statement): stmt is AccessStatement {
  return KINDS.has(stmt.kind);
}

/** Runs it and returns its command tag. */
export function runAccess(stmt: AccessStatement, ctx: DdlContext): string {
  switch (stmt.kind) {
    case 'CreateRoleStmt':
      createRole(ctx, stmt);
      return 'CREATE ROLE';
    case 'AlterRoleStmt':
      alterRole(ctx, stmt);
      return 'ALTER ROLE';
    case 'AlterRoleSetStmt':
      alterRoleSettings(ctx, stmt);
      return 'ALTER ROLE';
    case 'DropRoleStmt':
      dropRoles(ctx, stmt);
      return 'DROP ROLE';
    case 'GrantRoleStmt':
      grantRoles(ctx, stmt);
      return stmt.is_grant ? 'GRANT ROLE' : 'REVOKE ROLE';
    case 'GrantStmt':
      grantPrivileges(ctx, stmt);
      return stmt.is_grant ? 'GRANT' : 'REVOKE';
    case 'AlterDefaultPrivilegesStmt':
      alterDefaultPrivileges(ctx, stmt);
      return 'ALTER DEFAULT PRIVILEGES';
    case 'DropOwnedStmt':
      dropOwned(ctx, stmt);
      return 'DROP OWNED';
    case 'ReassignOwnedStmt':
      reassignOwned(ctx, stmt);
      return 'REASSIGN OWNED';
    default:
      return alterOwner(ctx, stmt);
  }
}

/** ALTER ROLE ... RENAME TO comes as a RenameStmt. */
export function runRename(stmt: ast.RenameStmt, ctx: DdlContext): string | null {
  return stmt.renameType === 'OBJECT_ROLE' ? renameRole(ctx, stmt) : null;
}
