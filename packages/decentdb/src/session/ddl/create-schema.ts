/** CREATE SCHEMA, with the elements written inside it. */
import { DecentDbError } from '../../base/errors.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { bindNotSupported } from '../../sql/bind/errors.ts';
import type { DdlContext } from './context.ts';
import { newId } from './work.ts';

export function createSchema(
  ctx: DdlContext,
  stmt: ast.CreateSchemaStmt,
  run: (element: ast.Statement) => void,
): void {
  const name = stmt.schemaname ?? stmt.authrole?.rolename ?? null;
  if (name === null) throw bindNotSupported('CREATE SCHEMA AUTHORIZATION without a name', stmt.location);
  if (name.startsWith('pg_'))
    throw new DecentDbError('42939', `unacceptable schema name "${name}"`, {
      detail: 'The prefix "pg_" is reserved for system schemas.',
    });
  if (ctx.catalog.schema(name) !== undefined || ctx.env.virtualTables.hasSchema(name)) {
    if (!stmt.if_not_exists) throw new DecentDbError('42P06', `schema "${name}" already exists`);
    ctx.notice({ severity: 'NOTICE', code: '42P06', message: `schema "${name}" already exists, skipping` });
    return;
  }
  ctx.catalog = ctx.catalog.withSchema({ id: newId(ctx), name, comment: null });
  for (const element of stmt.schemaElts) run(inSchema(element, name));
}

/** Objects made inside CREATE SCHEMA go to that schema. */
function inSchema(element: ast.Statement, schema: string): ast.Statement {
  const place = (relation: ast.RangeVar): ast.RangeVar =>
    relation.schemaname === null ? { ...relation, schemaname: schema } : relation;
  switch (element.kind) {
    case 'CreateStmt':
      return { ...element, relation: place(element.relation) };
    case 'IndexStmt':
      return { ...element, relation: place(element.relation) };
    case 'ViewStmt':
      return { ...element, view: place(element.view) };
    case 'CreateSeqStmt':
      return { ...element, sequence: place(element.sequence) };
    default:
      return element;
  }
}
