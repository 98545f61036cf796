/**
 * CREATE TYPE ... AS RANGE: a range type over an ordered subtype, and the type of its multiranges with it.
 *
 * I1  The two types are made and dropped together, each a definition of its own.
 */
import { DecentDbError } from '../../base/errors.ts';
import { inputParameters } from '../../catalog/routines.ts';
import { scalarsNamed } from '../../functions/registry.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { checkCollation } from '../../sql/bind/casts.ts';
import { bindError, bindNotSupported } from '../../sql/bind/errors.ts';
import { resolveTypeName } from '../../sql/bind/type-names.ts';
import { quoteIdentifier } from '../../sql/print/quote.ts';
import { Oid } from '../../types/oids.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { requireStorable } from './columns.ts';
import type { DdlContext } from './context.ts';
import { requireOrder } from './create-index.ts';
import { addType } from './create-type.ts';
import { envOf, newId, searchPathOf } from './work.ts';

const ATTRIBUTES: ReadonlySet<string> = new Set([
  'subtype',
  'subtype_opclass',
  'collation',
  'canonical',
  'subtype_diff',
  'multirange_type_name',
]);

export function createRange(ctx: DdlContext, stmt: ast.CreateRangeStmt): void {
  const attributes = attributesOf(stmt);
  const written = typeNameOf(attributes.get('subtype'));
  if (written === null) throw new DecentDbError('42601', 'type attribute "subtype" is required');
  const { type: subtype } = resolveTypeName(envOf(ctx), written);
  if (subtype.kind === 'pseudo')
    throw new DecentDbError('42804', `range subtype cannot be ${subtype.sqlName(-1)}`);
  requireStorable(ctx, subtype, written.location);
  requireOrder(ctx, subtype);
  checkCollationOf(subtype, typeNameOf(attributes.get('collation')));
  const name = stmt.typeName.at(-1) as string;
  const given = namesOf(attributes.get('multirange_type_name'));
  const schema = stmt.typeName.slice(0, -1);
  const multirange = given ?? [...schema, multirangeNameOf(name)];
  const [rangeId, multirangeId] = [newId(ctx), newId(ctx)];
  const subtypeDiff = subtypeDiffOf(ctx, subtype, namesOf(attributes.get('subtype_diff')));
  addType(ctx, stmt.typeName, { kind: 'range', subtypeId: subtype.oid, multirangeId, subtypeDiff }, rangeId);
  try {
    addType(ctx, multirange, { kind: 'multirange', rangeId }, multirangeId);
  } catch (error) {
    if (given !== null || !(error instanceof DecentDbError) || error.code !== '42710') throw error;
    throw new DecentDbError('42710', error.message, {
      detail: `Failed while creating a multirange type for type "${name}".`,
      hint: 'You can manually specify a multirange type name using the "multirange_type_name" attribute.',
    });
  }
}

function attributesOf(stmt: ast.CreateRangeStmt): ReadonlyMap<string, ast.DefElem> {
  const found = new Map<string, ast.DefElem>();
  for (const param of stmt.params) {
    const { defname, location } = param;
    if (!ATTRIBUTES.has(defname))
      throw new DecentDbError('42601', `type attribute "${defname}" not recognized`);
    if (found.has(defname)) throw bindError('42601', 'conflicting or redundant options', location);
    if (defname === 'canonical') throw bindNotSupported('a canonical function of a range type', location);
    found.set(defname, param);
  }
  return found;
}

function typeNameOf(param: ast.DefElem | undefined): ast.TypeName | null {
  return param?.arg?.kind === 'TypeName' ? param.arg : null;
}

/** A name written as a type's, or as a string. */
function namesOf(param: ast.DefElem | undefined): readonly string[] | null {
  if (param?.arg?.kind === 'String') return [param.arg.sval];
  return typeNameOf(param)?.names ?? null;
}

function multirangeNameOf(name: string): string {
  return name.includes('range') ? name.replace('range', 'multirange') : `${name}_multirange`;
}

function checkCollationOf(subtype: SqlType, collation: ast.TypeName | null): void {
  if (collation === null) return;
  if (subtype.category !== 'S')
    throw new DecentDbError('42809', 'range collation specified but subtype does not support collation');
  checkCollation(collation.names.at(-1) as string, collation.location);
}

/** The function's name when it takes two values of the subtype and gives a double precision; 42883 else. */
function subtypeDiffOf(ctx: DdlContext, subtype: SqlType, names: readonly string[] | null): string | null {
  if (names === null) return null;
  const name = names.at(-1) as string;
  const path = names.length > 1 ? [names.at(-2) as string] : searchPathOf(ctx);
  const takesTwo = (args: readonly number[]): boolean =>
    args.length === 2 && args.every((oid) => oid === subtype.oid);
  const builtin = scalarsNamed(name).find((fn) => takesTwo(fn.args));
  const own = path
    .flatMap((schema) => ctx.catalog.routinesNamed(schema, name))
    .find((routine) => takesTwo(inputParameters(routine).map(({ typeId }) => typeId)));
  const returns = builtin?.returns ?? own?.returnTypeId;
  const shown = names.join('.');
  if (returns === undefined) {
    const args = `${subtype.sqlName(-1)}, ${subtype.sqlName(-1)}`;
    throw new DecentDbError('42883', `function ${shown}(${args}) does not exist`);
  }
  if (returns !== Oid.float8)
    throw new DecentDbError(
      '42P17',
      `range subtype diff function ${shown} must return type double precision`,
    );
  return names.map(quoteIdentifier).join('.');
}
