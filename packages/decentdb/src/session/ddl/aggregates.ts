/**
 * CREATE AGGREGATE: an aggregate made of functions that are there already. Checks, their order and their words are PostgreSQL's
 * (DefineAggregate, AggregateCreate).
 *
 * I1  The functions are bound here as calls bind them (own-aggregates.ts), so that what is stored can be called.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { AggregateDef, AggregateSteps, FunctionName } from '../../catalog/aggregate-def.ts';
import { FIRST_OBJECT_ID } from '../../catalog/catalog.ts';
import { inputParameters, type RoutineDef, type RoutineParameter } from '../../catalog/routines.ts';
import type { Dependency } from '../../catalog/schema.ts';
import { isPolymorphic } from '../../functions/polymorphism.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { bindNotSupported } from '../../sql/bind/errors.ts';
import { Level } from '../../sql/bind/level.ts';
import { bindStep, isSameForm, signature } from '../../sql/bind/own-aggregates.ts';
import { hasSameInputs, routinesNamed, typeIn } from '../../sql/bind/routine-lookup.ts';
import { BindState } from '../../sql/bind/state.ts';
import { Oid } from '../../types/oids.ts';
import { builtinType } from '../../types/registry.ts';
import { defaultTypeSettings, type SqlType } from '../../types/sql-type.ts';
import { type AggregateAttributes, readAttributes, type StepNames } from './aggregate-attributes.ts';
import type { DdlContext } from './context.ts';
import { aggregateParameters } from './routine-signature.ts';
import { checkReplacement } from './routines.ts';
import { creationSchema, envOf, newId } from './work.ts';

/** CREATE AGGREGATE; what else the statement can define is refused by name. */
export function define(ctx: DdlContext, stmt: ast.DefineStmt): string {
  if (stmt.objtype !== 'OBJECT_AGGREGATE') throw bindNotSupported(definitionName(stmt), stmt.location);
  createAggregate(ctx, stmt);
  return 'CREATE AGGREGATE';
}

/** CREATE OPERATOR, COLLATION, TYPE, ...: one statement in the grammar. */
function definitionName({ objtype, definition }: ast.DefineStmt): string {
  const what = objtype.slice('OBJECT_'.length).replace(/^TS/, 'TEXT SEARCH ');
  if (objtype !== 'OBJECT_TYPE') return `CREATE ${what}`;
  return definition.length === 0 ? 'CREATE TYPE without a definition' : 'CREATE TYPE of a base type';
}

const bad = (message: string, more: { readonly detail?: string } = {}): DecentDbError =>
  new DecentDbError('42P13', message, more);

function createAggregate(ctx: DdlContext, stmt: ast.DefineStmt): void {
  const name = stmt.defnames.at(-1) as string;
  const schema = creationSchema(
    ctx,
    stmt.defnames.length > 1 ? (stmt.defnames.at(-2) as string) : null,
    false,
  );
  if (stmt.directArgs >= 0)
    throw bindNotSupported('CREATE AGGREGATE of an ordered-set aggregate', stmt.location);
  const attributes = readAttributes(ctx, stmt);
  const parameters = parametersOf(ctx, stmt, attributes);
  const maker = new AggregateMaker(ctx, parameters);
  const aggregate = maker.make(attributes);
  const draft: RoutineDef = {
    id: 0,
    schema,
    name,
    kind: 'aggregate',
    parameters,
    returnTypeId: maker.resultTypeId,
    returnsSet: false,
    volatility: 'immutable',
    isStrict: false,
    isLeakproof: false,
    isSecurityDefiner: false,
    parallel: attributes.parallel,
    cost: null,
    rows: null,
    settings: {},
    body: '',
    bodyForm: 'text',
    dependsOn: dependencies(aggregate, parameters, maker.resultTypeId),
    comment: null,
    aggregate,
  };
  const old = ctx.catalog.routinesNamed(schema, name).find((other) => hasSameInputs(other, draft));
  if (old !== undefined) checkReplacement(ctx, stmt, old, draft);
  ctx.catalog = ctx.catalog.withRoutine({
    ...draft,
    id: old?.id ?? newId(ctx),
    comment: old?.comment ?? null,
  });
}

/** Arguments as written before the definition, or in the old style the one type in it. */
function parametersOf(
  ctx: DdlContext,
  stmt: ast.DefineStmt,
  { baseType }: AggregateAttributes,
): readonly RoutineParameter[] {
  if (!stmt.oldstyle) {
    if (baseType !== null) throw bad('basetype is redundant with aggregate input type specification');
    return aggregateParameters(ctx, stmt.args ?? []);
  }
  if (baseType === null) throw bad('aggregate input type must be specified');
  if (baseType === 'ANY') return [];
  return [{ name: null, mode: 'in', typeId: baseType.oid, defaultSql: null }];
}

function dependencies(
  def: AggregateDef,
  parameters: readonly RoutineParameter[],
  resultTypeId: number,
): Dependency[] {
  const stepsOf = (steps: AggregateSteps): readonly (FunctionName | null)[] => [
    steps.transition,
    steps.inverse,
    steps.final,
  ];
  const functions = [...stepsOf(def), def.combine, ...(def.moving === null ? [] : stepsOf(def.moving))];
  const types = [...parameters.map(({ typeId }) => typeId), def.stateTypeId, resultTypeId];
  if (def.moving !== null) types.push(def.moving.stateTypeId);
  const ids = [
    ...types.filter((id) => id >= FIRST_OBJECT_ID),
    ...functions.flatMap((one) => (one === null || one.routineId === null ? [] : [one.routineId])),
  ];
  return [...new Set(ids)].map((id) => ({ id, columns: null }));
}

/** Binds the functions of one aggregate. */
class AggregateMaker {
  resultTypeId: number = Oid.void;
  readonly #ctx: DdlContext;
  readonly #level: Level;
  readonly #inputs: readonly SqlType[];

  constructor(ctx: DdlContext, parameters: readonly RoutineParameter[]) {
    this.#ctx = ctx;
    this.#level = new Level(new BindState(envOf(ctx)), null);
    this.#inputs = parameters.map(({ typeId }) => this.#type(typeId));
  }

  make(attributes: AggregateAttributes): AggregateDef {
    const { moving, combine } = attributes;
    const { stateType } = attributes;
    this.#checkStateType(stateType);
    const movingSteps = moving === null ? null : this.#steps(moving, true);
    const { steps, resultType } = this.#steps(attributes, false);
    this.resultTypeId = resultType.oid;
    this.#checkResult(resultType, stateType, attributes.final !== null);
    const combined = combine === null ? null : this.#combine(combine, stateType);
    if (movingSteps !== null && movingSteps.resultType.oid !== resultType.oid)
      throw bad(
        `moving-aggregate implementation returns type ${movingSteps.resultType.sqlName(-1)}, but plain implementation returns type ${resultType.sqlName(-1)}`,
      );
    if (attributes.sortOperator !== null && this.#inputs.length !== 1)
      throw bad('sort operator can only be specified for single-argument aggregates');
    return {
      ...steps,
      combine: combined,
      sortOperator: attributes.sortOperator,
      moving: movingSteps?.steps ?? null,
    };
  }

  #type(oid: number): SqlType {
    return typeIn(this.#ctx.catalog, oid) ?? builtinType(oid);
  }

  #checkStateType(type: SqlType): void {
    if (!isPolymorphic(type.oid) || this.#inputs.some(({ oid }) => isPolymorphic(oid))) return;
    throw bad('cannot determine transition data type', {
      detail: `A result of type ${type.sqlName(-1)} requires at least one input of type anyelement, anyarray, anynonarray, anyenum, anyrange, or anymultirange.`,
    });
  }

  #checkResult(result: SqlType, state: SqlType, hasFinal: boolean): void {
    const needed = hasFinal ? result : state;
    if (!isPolymorphic(needed.oid) || this.#inputs.some(({ oid }) => isPolymorphic(oid))) return;
    throw bad('cannot determine result data type', {
      detail: `A result of type ${needed.sqlName(-1)} requires at least one input of type anyelement, anyarray, anynonarray, anyenum, anyrange, or anymultirange.`,
    });
  }

  #steps(
    written: StepNames,
    isMoving: boolean,
  ): { readonly steps: AggregateSteps; readonly resultType: SqlType } {
    const { stateType } = written;
    const types = [stateType, ...this.#inputs];
    const transition = this.#function(written.transition, types);
    if (!isSame(transition.type, sample(stateType)))
      throw new DecentDbError(
        '42804',
        `return type of ${isMoving ? 'moving-aggregate ' : ''}transition function ${written.transition.at(-1)} is not ${stateType.sqlName(-1)}`,
      );
    this.#checkInitial(written, stateType, transition.isStrict);
    const inverse =
      written.inverse === null ? null : this.#inverse(written, types, stateType, transition.isStrict);
    const finalTypes = written.finalExtra ? types : [stateType];
    const final = written.final === null ? null : this.#function(written.final, finalTypes);
    if (final?.isStrict === true && written.finalExtra)
      throw bad('final function with extra arguments must not be declared STRICT');
    const steps: AggregateSteps = {
      stateTypeId: stateType.oid,
      stateSpace: written.stateSpace,
      transition: transition.name,
      inverse,
      final: final?.name ?? null,
      finalExtra: written.finalExtra,
      finalModify: written.finalModify,
      initial: written.initial,
    };
    return { steps, resultType: final === null ? stateType : this.#declared(final.type) };
  }

  /** The declared type that a result over samples stands for. */
  #declared(type: SqlType): SqlType {
    const open = this.#inputs.find(({ oid }) => isPolymorphic(oid));
    if (open === undefined) return type;
    const isCompatible = open.name.startsWith('anycompatible');
    if (isSame(type, SAMPLE)) return builtinType(isCompatible ? Oid.anycompatible : Oid.anyelement);
    if (isSame(type, SAMPLE.arrayType as SqlType))
      return builtinType(isCompatible ? Oid.anycompatiblearray : Oid.anyarray);
    return type;
  }

  #inverse(
    written: StepNames,
    types: readonly SqlType[],
    stateType: SqlType,
    isStrict: boolean,
  ): FunctionName {
    const names = written.inverse as readonly string[];
    const found = this.#function(names, types);
    if (!isSame(found.type, sample(stateType)))
      throw new DecentDbError(
        '42804',
        `return type of inverse transition function ${names.at(-1)} is not ${stateType.sqlName(-1)}`,
      );
    if (found.isStrict !== isStrict)
      throw bad("strictness of aggregate's forward and inverse transition functions must match");
    return found.name;
  }

  #checkInitial(written: StepNames, stateType: SqlType, isStrict: boolean): void {
    if (written.initial !== null) {
      if (stateType.kind !== 'pseudo') stateType.input(written.initial, -1, defaultTypeSettings);
      return;
    }
    const [first] = this.#inputs;
    if (!isStrict || (first !== undefined && (isSame(first, stateType) || isSameForm(first, stateType))))
      return;
    throw bad(
      'must not omit initial value when transition function is strict and transition type is not compatible with input type',
    );
  }

  #combine(names: readonly string[], stateType: SqlType): FunctionName {
    const found = this.#function(names, [stateType, stateType]);
    if (isSame(found.type, sample(stateType))) return found.name;
    throw new DecentDbError(
      '42804',
      `return type of combine function ${names.at(-1)} is not ${stateType.sqlName(-1)}`,
    );
  }

  /** 42883 where there is none. */
  #function(names: readonly string[], types: readonly SqlType[]): FoundFunction {
    const { env } = this.#level.state;
    const name = names.at(-1) as string;
    const own = routinesNamed(env, names)
      .map(({ routine }) => routine)
      .find((routine) => routine.kind === 'function' && this.#accepts(routine, types));
    const schema = own?.schema ?? (names.length > 1 ? (names.at(-2) as string) : null);
    const reference: FunctionName = { schema, name, routineId: own?.id ?? null };
    try {
      const { fn, type } = bindStep(this.#level, reference, types.map(sample), -1);
      return { name: reference, type, isStrict: fn.strict };
    } catch (error) {
      if (!(error instanceof DecentDbError) || error.code !== '42883') throw error;
      throw new DecentDbError('42883', `function ${signature(names.join('.'), types)} does not exist`);
    }
  }

  #accepts(routine: RoutineDef, types: readonly SqlType[]): boolean {
    const inputs = inputParameters(routine);
    return (
      inputs.length === types.length &&
      inputs.every(
        ({ typeId }, i) => isPolymorphic(typeId) || isSameForm(types[i] as SqlType, this.#type(typeId)),
      )
    );
  }
}

interface FoundFunction {
  readonly name: FunctionName;
  readonly type: SqlType;
  readonly isStrict: boolean;
}

/** What open types are while functions are looked up: a type nothing gives back by itself. */
const SAMPLE = builtinType(Oid.macaddr);

function sample(type: SqlType): SqlType {
  switch (type.oid) {
    case Oid.anyelement:
    case Oid.anynonarray:
    case Oid.anycompatible:
    case Oid.anycompatiblenonarray:
    case Oid.any:
      return SAMPLE;
    case Oid.anyarray:
    case Oid.anycompatiblearray:
      return SAMPLE.arrayType as SqlType;
    default:
      if (isPolymorphic(type.oid)) throw bindNotSupported(`CREATE AGGREGATE over ${type.sqlName(-1)}`, -1);
      return type;
  }
}

function isSame(a: SqlType, b: SqlType): boolean {
  return a.oid === b.oid;
}
