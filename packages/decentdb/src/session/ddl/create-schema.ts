/**
 * CREATE SCHEMA, with the elements written inside it.
 *
 * I1  Names inside mean objects of the new schema first.
 */
import { DecentDbError } from '../../base/errors.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import type { DdlContext } from './context.ts';
import { setOwner } from './grants.ts';
import { type RoleRef, requireSpec } from './role-names.ts';
import { newId } from './work.ts';

export function createSchema(
  ctx: DdlContext,
  stmt: ast.CreateSchemaStmt,
  run: (element: ast.Statement) => void,
): void {
  const owner = stmt.authrole === null ? null : requireSpec(ctx, stmt.authrole);
  const name = stmt.schemaname ?? (owner as RoleRef).name;
  if (name.startsWith('pg_'))
    throw new DecentDbError('42939', `unacceptable schema name "${name}"`, {
      detail: 'The prefix "pg_" is reserved for system schemas.',
    });
  if (ctx.catalog.schema(name) !== undefined || ctx.env.virtualTables.hasSchema(name)) {
    if (!stmt.if_not_exists) throw new DecentDbError('42P06', `schema "${name}" already exists`);
    ctx.notice({ severity: 'NOTICE', code: '42P06', message: `schema "${name}" already exists, skipping` });
    return;
  }
  const id = newId(ctx);
  ctx.catalog = ctx.catalog.withSchema({ id, name, comment: null });
  if (stmt.authrole !== null) setOwner(ctx, id, stmt.authrole);
  const path = ctx.env.searchPath;
  ctx.env = { ...ctx.env, searchPath: [name, ...path.filter((one) => one !== name)] };
  try {
    for (const element of inOrder(stmt.schemaElts)) run(inSchema(element, name));
  } finally {
    ctx.env = { ...ctx.env, searchPath: path };
  }
}

/** PostgreSQL's order: what others stand on comes first. */
const ORDER: readonly ast.Statement['kind'][] = [
  'CreateSeqStmt',
  'CreateStmt',
  'ViewStmt',
  'IndexStmt',
  'CreateTrigStmt',
];

function inOrder(elements: readonly ast.Statement[]): readonly ast.Statement[] {
  const rank = ({ kind }: ast.Statement): number => {
    const at = ORDER.indexOf(kind);
    return at < 0 ? ORDER.length : at;
  };
  return [...elements].sort((a, b) => rank(a) - rank(b));
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
