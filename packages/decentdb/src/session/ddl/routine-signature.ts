/**
 * The signature a CREATE FUNCTION or CREATE PROCEDURE writes: parameters, result, checks of both.
 */

import { DecentDbError } from '../../base/errors.ts';
import type { RoutineDef, RoutineParameter } from '../../catalog/routines.ts';
import type { Dependency } from '../../catalog/schema.ts';
import { isPolymorphic } from '../../functions/polymorphism.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { convert } from '../../sql/bind/coerce.ts';
import { bindError } from '../../sql/bind/errors.ts';
import { bindExpr } from '../../sql/bind/expressions.ts';
import { Level } from '../../sql/bind/level.ts';
import { BindState } from '../../sql/bind/state.ts';
import { resolveTypeName } from '../../sql/bind/type-names.ts';
import { withoutPositions } from '../../sql/bind/views.ts';
import { parseExpression } from '../../sql/parse/parse.ts';
import { formattedType } from '../../types/format-type.ts';
import { Oid } from '../../types/oids.ts';
import { typeByOid } from '../../types/registry.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { typeShown } from '../virtual/visible-names.ts';
import type { DdlContext } from './context.ts';
import { storedText } from './stored-text.ts';
import { envOf } from './work.ts';

export interface RoutineSignature {
  readonly parameters: readonly RoutineParameter[];
  readonly returnTypeId: number;
  readonly returnsSet: boolean;
}

const MODES: Readonly<Record<ast.FunctionParameter['mode'], RoutineParameter['mode']>> = {
  FUNC_PARAM_IN: 'in',
  FUNC_PARAM_DEFAULT: 'in',
  FUNC_PARAM_OUT: 'out',
  FUNC_PARAM_INOUT: 'inout',
  FUNC_PARAM_VARIADIC: 'variadic',
  FUNC_PARAM_TABLE: 'table',
};

const bad = (message: string, location = -1): DecentDbError => bindError('42P13', message, location);

/** PostgreSQL's limit. */
const ARGUMENTS_MAX = 100;

export function readSignature(ctx: DdlContext, stmt: ast.CreateFunctionStmt): RoutineSignature {
  const inputs = stmt.parameters.filter(
    ({ mode }) => mode !== 'FUNC_PARAM_OUT' && mode !== 'FUNC_PARAM_TABLE',
  );
  if (inputs.length > ARGUMENTS_MAX)
    throw new DecentDbError('54023', `functions cannot have more than ${ARGUMENTS_MAX} arguments`);
  const types: SqlType[] = [];
  const parameters = stmt.parameters.map((node): RoutineParameter => {
    const type = parameterType(ctx, node);
    types.push(type);
    return { name: node.name, mode: MODES[node.mode], typeId: type.oid, defaultSql: null };
  });
  checkOrder(stmt, parameters, types);
  checkNames(parameters);
  const withDefaults = parameters.map((parameter, i) => ({
    ...parameter,
    defaultSql: defaultOf(ctx, stmt.parameters[i] as ast.FunctionParameter, types[i] as SqlType),
  }));
  const result = resultOf(ctx, stmt, parameters);
  checkPolymorphic(parameters, result.returnTypeId);
  return { parameters: withDefaults, ...result };
}

/** Parameters of CREATE AGGREGATE. */
export function aggregateParameters(
  ctx: DdlContext,
  nodes: readonly ast.FunctionParameter[],
): readonly RoutineParameter[] {
  const types: SqlType[] = [];
  const parameters = nodes.map((node): RoutineParameter => {
    if (node.argType.setof) throw bad('aggregates cannot accept set arguments', node.location);
    const mode = MODES[node.mode];
    if (mode !== 'in' && mode !== 'variadic')
      throw bindError('0A000', 'aggregates cannot have output arguments', node.location);
    const { type } = resolveTypeName(envOf(ctx), node.argType);
    types.push(type);
    return { name: node.name, mode, typeId: type.oid, defaultSql: null };
  });
  checkOrder({ parameters: nodes, is_procedure: false }, parameters, types);
  checkNames(parameters);
  return parameters;
}

function parameterType(ctx: DdlContext, node: ast.FunctionParameter): SqlType {
  if (node.argType.setof) throw bad('functions cannot accept set arguments', node.location);
  const { type } = resolveTypeName(envOf(ctx), node.argType);
  const isOpen = isPolymorphic(type.oid) || type.oid === Oid.record;
  if (type.kind === 'pseudo' && !isOpen)
    throw bad(`SQL functions cannot have arguments of type ${type.sqlName(-1)}`);
  return type;
}

function checkOrder(
  stmt: Pick<ast.CreateFunctionStmt, 'parameters' | 'is_procedure'>,
  parameters: readonly RoutineParameter[],
  types: readonly SqlType[],
): void {
  let hasVariadic = false;
  let hasDefault = false;
  for (const [i, { mode }] of parameters.entries()) {
    const node = stmt.parameters[i] as ast.FunctionParameter;
    const isInput = mode === 'in' || mode === 'inout' || mode === 'variadic';
    if (isInput && hasVariadic)
      throw bad('VARIADIC parameter must be the last input parameter', node.location);
    if (mode === 'variadic') {
      hasVariadic = true;
      const type = types[i] as SqlType;
      const isArray =
        type.elementType !== null || type.oid === Oid.anyarray || type.oid === Oid.anycompatiblearray;
      if (!isArray) throw bad('VARIADIC parameter must be an array', node.location);
    }
    if (mode === 'out' && stmt.is_procedure && hasDefault)
      throw bad('procedure OUT parameters cannot appear after one with a default value', node.location);
    if (node.defexpr !== null && !isInput)
      throw bad('only input parameters can have default values', node.location);
    if (isInput && node.defexpr === null && hasDefault)
      throw bad('input parameters after one with a default value must also have defaults', node.location);
    if (node.defexpr !== null) hasDefault = true;
  }
}

/** Input names among themselves, and output names, columns of TABLE too, among themselves. */
function checkNames(parameters: readonly RoutineParameter[]): void {
  for (const [i, one] of parameters.entries()) {
    if (one.name === null) continue;
    for (const other of parameters.slice(0, i)) {
      if (other.name !== one.name) continue;
      const isApart = (isOnlyIn(one) && isOnlyOut(other)) || (isOnlyOut(one) && isOnlyIn(other));
      if (!isApart) throw bad(`parameter name "${one.name}" used more than once`);
    }
  }
}

function isOnlyIn({ mode }: RoutineParameter): boolean {
  return mode === 'in' || mode === 'variadic';
}

function isOnlyOut({ mode }: RoutineParameter): boolean {
  return mode === 'out' || mode === 'table';
}

function defaultOf(ctx: DdlContext, node: ast.FunctionParameter, type: SqlType): string | null {
  if (node.defexpr === null) return null;
  const level = new Level(new BindState(envOf(ctx)), null);
  const expr = bindExpr(level, node.defexpr, 'columnDefault');
  const isOpen = type.kind === 'pseudo';
  if (!isOpen && convert(level, expr, type, 'assignment') === null)
    throw bindError(
      '42804',
      `argument of DEFAULT must be type ${type.sqlName(-1)}, not type ${expr.type.sqlName(-1)}`,
      expr.location,
    );
  const text = storedText(ctx, node.defexpr);
  // The stored text has the type in itself: what it means must not depend on where it is read.
  return isOpen || expr.type.oid === type.oid ? text : `CAST(${text} AS ${wholeName(ctx, type)})`;
}

/** What the defaults of parameters stand on. */
export function defaultDependencies(ctx: DdlContext, parameters: readonly RoutineParameter[]): Dependency[] {
  return parameters.flatMap(({ defaultSql }): Dependency[] => {
    if (defaultSql === null) return [];
    const state = new BindState(envOf(ctx));
    withoutPositions(() => bindExpr(new Level(state, null), parseExpression(defaultSql), 'columnDefault'));
    return [...state.columnsUsed].map(([id, columns]) => ({ id, columns: [...columns] }));
  });
}

/** With its schema, and meaning no length of 1. */
function wholeName(ctx: DdlContext, type: SqlType): string {
  return typeByOid(type.oid) === undefined ? typeShown(ctx.catalog, [], type) : formattedType(type, -1);
}

function resultOf(
  ctx: DdlContext,
  stmt: ast.CreateFunctionStmt,
  parameters: readonly RoutineParameter[],
): Pick<RoutineSignature, 'returnTypeId' | 'returnsSet'> {
  const outputs = parameters.filter(({ mode }) => mode === 'out' || mode === 'inout' || mode === 'table');
  const [only] = outputs;
  const required = outputs.length > 1 ? Oid.record : (only?.typeId ?? null);
  if (stmt.is_procedure)
    return { returnTypeId: outputs.length === 0 ? Oid.void : Oid.record, returnsSet: false };
  if (stmt.returnType === null) {
    if (required === null) throw bad('function result type must be specified');
    return { returnTypeId: required, returnsSet: false };
  }
  const { type } = resolveTypeName(envOf(ctx), { ...stmt.returnType, setof: false });
  if (required !== null && type.oid !== required)
    throw bad(
      `function result type must be ${outputs.length > 1 ? 'record' : nameOf(ctx, required)} because of OUT parameters`,
    );
  const isAllowed =
    type.kind !== 'pseudo' || isPolymorphic(type.oid) || type.oid === Oid.record || type.oid === Oid.void;
  if (!isAllowed) throw bad(`SQL functions cannot return type ${type.sqlName(-1)}`);
  return { returnTypeId: type.oid, returnsSet: stmt.returnType.setof };
}

function nameOf(ctx: DdlContext, oid: number): string {
  return envOf(ctx).catalog.userType(oid)?.sqlName(-1) ?? ctx.catalog.userTypes.resolve(oid).sqlName(-1);
}

const COMPATIBLE: ReadonlySet<number> = new Set([
  Oid.anycompatible,
  Oid.anycompatiblearray,
  Oid.anycompatiblenonarray,
  Oid.anycompatiblerange,
]);

/** A polymorphic result needs an input that decides it. */
function checkPolymorphic(parameters: readonly RoutineParameter[], returnTypeId: number): void {
  const inputs = parameters
    .filter(({ mode }) => mode !== 'out' && mode !== 'table')
    .map(({ typeId }) => typeId);
  const outputs = parameters
    .filter(({ mode }) => mode === 'out' || mode === 'table')
    .map(({ typeId }) => typeId);
  for (const oid of [...outputs, returnTypeId]) {
    if (!isPolymorphic(oid)) continue;
    const needsRange = oid === Oid.anyrange || oid === Oid.anycompatiblerange;
    const decides = (input: number): boolean =>
      isPolymorphic(input) && COMPATIBLE.has(input) === COMPATIBLE.has(oid) && (!needsRange || input === oid);
    if (inputs.some(decides)) continue;
    const names = COMPATIBLE.has(oid)
      ? 'anycompatible, anycompatiblearray, anycompatiblenonarray, anycompatiblerange, or anycompatiblemultirange'
      : 'anyelement, anyarray, anynonarray, anyenum, anyrange, or anymultirange';
    throw new DecentDbError('42P13', 'cannot determine result data type', {
      detail: `A result of type ${POLYMORPHIC_NAMES.get(oid)} requires at least one input of type ${names}.`,
    });
  }
}

const POLYMORPHIC_NAMES: ReadonlyMap<number, string> = new Map([
  [Oid.anyelement, 'anyelement'],
  [Oid.anyarray, 'anyarray'],
  [Oid.anynonarray, 'anynonarray'],
  [Oid.anyenum, 'anyenum'],
  [Oid.anyrange, 'anyrange'],
  [Oid.anycompatible, 'anycompatible'],
  [Oid.anycompatiblearray, 'anycompatiblearray'],
  [Oid.anycompatiblenonarray, 'anycompatiblenonarray'],
  [Oid.anycompatiblerange, 'anycompatiblerange'],
]);

/** Whether the body can be checked before a call gives types. */
export function hasOpenTypes(routine: Pick<RoutineDef, 'parameters' | 'returnTypeId'>): boolean {
  return (
    isPolymorphic(routine.returnTypeId) ||
    routine.parameters.some(({ typeId }) => isPolymorphic(typeId) || typeId === Oid.record)
  );
}
