/** CREATE EXTENSION: what is built in needs no installing; anything else does not exist. */
import { DecentDbError } from '../../base/errors.ts';
import type * as ast from '../../sql/ast/nodes.ts';

/** Extensions of PostgreSQL whose functions this engine has built in; of uuid-ossp that is uuid_generate_v4. */
const BUILT_IN: ReadonlySet<string> = new Set(['plpgsql', 'pg_trgm', 'uuid-ossp']);

export function createExtension(stmt: ast.CreateExtensionStmt): void {
  if (BUILT_IN.has(stmt.extname)) return;
  throw new DecentDbError('0A000', `extension "${stmt.extname}" is not available`, {
    hint: `Built in are: ${[...BUILT_IN].join(', ')}.`,
  });
}
