/**
 * Functions and procedures named by DROP, ALTER, COMMENT: `f(int)`, or `f` when there is only one.
 */
import { DecentDbError } from '../../base/errors.ts';
import { inputParameters, type RoutineDef } from '../../catalog/routines.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { resolveTypeName } from '../../sql/bind/type-names.ts';
import type { DdlContext } from './context.ts';
import { envOf, requireSchema, searchPathOf } from './work.ts';

const LABELS: Partial<Record<ast.ObjectType, string>> = {
  OBJECT_FUNCTION: 'function',
  OBJECT_PROCEDURE: 'procedure',
  OBJECT_ROUTINE: 'routine',
  OBJECT_AGGREGATE: 'aggregate',
};

/** The routine meant; null when nobody made one of that name and types (a built-in one may be meant). */
export function routineNamed(
  ctx: DdlContext,
  type: ast.ObjectType,
  object: ast.ObjectName,
): RoutineDef | null {
  const label = LABELS[type];
  if (label === undefined || ctx.catalog.routines.size === 0) return null;
  const name = object.names.at(-1) as string;
  const schema = object.names.length > 1 ? (object.names.at(-2) as string) : null;
  const path = schema === null ? searchPathOf(ctx) : [schema];
  const all = path.flatMap((one) => ctx.catalog.routinesNamed(one, name));
  if (all.length === 0) return null;
  const wanted = inputTypes(ctx, object);
  // PostgreSQL takes an aggregate for a function here, and lets DROP FUNCTION refuse it.
  const isKind = (one: RoutineDef): boolean =>
    label === 'routine' || one.kind === label || (label === 'function' && one.kind === 'aggregate');
  if (wanted === null) {
    const fitting = all.filter(isKind);
    if (fitting.length > 1)
      throw new DecentDbError('42725', `${label} name "${object.names.join('.')}" is not unique`, {
        hint: `Specify the argument list to select the ${label} unambiguously.`,
      });
    const [only] = fitting;
    if (only !== undefined) return only;
    if (all.length === 1) throw wrongKind(ctx, object, label);
    return null;
  }
  const found = all.find((one) => isSame(one, wanted, label));
  if (found === undefined) return null;
  if (!isKind(found)) throw wrongKind(ctx, object, label);
  return found;
}

function inputTypes(ctx: DdlContext, object: ast.ObjectName): readonly number[] | null {
  if (object.args === null) return null;
  const inputs =
    object.funcargs.length > 0
      ? object.funcargs
          .filter(({ mode }) => mode !== 'FUNC_PARAM_OUT' && mode !== 'FUNC_PARAM_TABLE')
          .map(({ argType }) => argType)
      : object.args;
  return inputs.map((node) => (node === null ? 0 : resolveTypeName(envOf(ctx), node).type.oid));
}

/** Procedures may be named with their output parameters too. */
function isSame(routine: RoutineDef, wanted: readonly number[], label: string): boolean {
  const matches = (types: readonly { readonly typeId: number }[]): boolean =>
    types.length === wanted.length && types.every(({ typeId }, i) => typeId === wanted[i]);
  if (matches(inputParameters(routine))) return true;
  return routine.kind === 'procedure' && label !== 'function' && matches(routine.parameters);
}

function wrongKind(ctx: DdlContext, object: ast.ObjectName, label: string): DecentDbError {
  const types = (object.args ?? []).map((node) =>
    node === null ? 'none' : resolveTypeName(envOf(ctx), node).type.sqlName(-1),
  );
  const name = object.names.join('.');
  return label === 'aggregate'
    ? new DecentDbError('42809', `function ${name}(${types.join(', ')}) is not an aggregate`)
    : new DecentDbError('42809', `${name}(${types.join(', ')}) is not a ${label}`);
}

/** As {@link routineNamed}; 42883 when there is none. */
export function requireRoutine(ctx: DdlContext, type: ast.ObjectType, object: ast.ObjectName): RoutineDef {
  const found = routineNamed(ctx, type, object);
  if (found !== null) return found;
  if (object.names.length > 1) requireSchema(ctx, object.names.at(-2) as string);
  const label = LABELS[type] ?? 'function';
  const name = object.names.join('.');
  if (object.args === null)
    throw new DecentDbError(
      '42883',
      `could not find ${label === 'aggregate' ? 'an' : 'a'} ${label} named "${name}"`,
    );
  const types = object.args.map((node) =>
    node === null ? 'none' : resolveTypeName(envOf(ctx), node).type.sqlName(-1),
  );
  const shown = label === 'aggregate' && types.length === 0 ? '*' : types.join(', ');
  throw new DecentDbError('42883', `${label} ${name}(${shown}) does not exist`);
}
