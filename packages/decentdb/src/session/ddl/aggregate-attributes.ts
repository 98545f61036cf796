/** What is written between the parentheses of CREATE AGGREGATE, read and checked in PostgreSQL's order. */
import { DecentDbError } from '../../base/errors.ts';
import type { AggregateSteps } from '../../catalog/aggregate-def.ts';
import type { RoutineDef } from '../../catalog/routines.ts';
import { isPolymorphic } from '../../functions/polymorphism.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { bindError, bindNotSupported } from '../../sql/bind/errors.ts';
import { resolveTypeName } from '../../sql/bind/type-names.ts';
import { resolveTypeText } from '../../sql/bind/type-text.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { DdlContext } from './context.ts';
import { envOf } from './work.ts';

/** The functions of one way of computing it, by name. */
export interface StepNames
  extends Pick<AggregateSteps, 'stateSpace' | 'finalExtra' | 'finalModify' | 'initial'> {
  readonly stateType: SqlType;
  readonly transition: readonly string[];
  readonly inverse: readonly string[] | null;
  readonly final: readonly string[] | null;
}

export interface AggregateAttributes extends StepNames {
  readonly combine: readonly string[] | null;
  readonly sortOperator: string | null;
  readonly parallel: RoutineDef['parallel'];
  /** Old style: the type of the one argument, or ANY for none; null when not written. */
  readonly baseType: SqlType | 'ANY' | null;
  readonly moving: StepNames | null;
}

/** Names of before PostgreSQL 7. */
const OLD_NAMES: Readonly<Record<string, string>> = {
  sfunc1: 'sfunc',
  stype1: 'stype',
  initcond1: 'initcond',
};

const KNOWN: ReadonlySet<string> = new Set(
  (
    'sfunc finalfunc combinefunc serialfunc deserialfunc msfunc minvfunc mfinalfunc finalfunc_extra mfinalfunc_extra ' +
    'finalfunc_modify mfinalfunc_modify sortop basetype hypothetical stype sspace mstype msspace initcond minitcond parallel'
  ).split(' '),
);

const bad = (message: string): DecentDbError => new DecentDbError('42P13', message);

type Written = ReadonlyMap<string, ast.DefElem>;

export function readAttributes(ctx: DdlContext, stmt: ast.DefineStmt): AggregateAttributes {
  const written = collect(ctx, stmt.definition);
  const has = (name: string): boolean => written.get(name)?.arg != null;
  if (!has('stype')) throw bad('aggregate stype must be specified');
  if (!has('sfunc')) throw bad('aggregate sfunc must be specified');
  const isMoving = has('mstype');
  if (isMoving) {
    for (const name of ['msfunc', 'minvfunc'])
      if (!has(name)) throw bad(`aggregate ${name} must be specified when mstype is specified`);
  } else
    for (const name of ['msfunc', 'minvfunc', 'mfinalfunc', 'msspace', 'minitcond'])
      if (has(name)) throw bad(`aggregate ${name} must not be specified without mstype`);
  const plain = readSteps(ctx, written, '');
  refuseSerial(written);
  return {
    ...plain,
    combine: namesOf(written.get('combinefunc')),
    sortOperator: namesOf(written.get('sortop'))?.at(-1) ?? null,
    parallel: parallelOf(written.get('parallel')),
    baseType: baseTypeOf(ctx, written.get('basetype')),
    moving: isMoving ? readSteps(ctx, written, 'm') : null,
  };
}

function collect(ctx: DdlContext, definition: readonly ast.DefElem[]): Written {
  const written = new Map<string, ast.DefElem>();
  for (const one of definition) {
    const name = OLD_NAMES[one.defname] ?? one.defname;
    if (KNOWN.has(name)) written.set(name, one);
    else
      ctx.notice({
        severity: 'WARNING',
        code: '42601',
        message: `aggregate attribute "${one.defname}" not recognized`,
      });
  }
  if (flagOf(written.get('hypothetical'))) throw bad('only ordered-set aggregates can be hypothetical');
  return written;
}

function readSteps(ctx: DdlContext, written: Written, prefix: '' | 'm'): StepNames {
  const of = (name: string): ast.DefElem | undefined => written.get(prefix + name);
  const space = of('sspace')?.arg;
  return {
    stateType: stateTypeOf(ctx, of('stype') as ast.DefElem),
    stateSpace: space?.kind === 'Integer' ? space.ival : 0,
    transition: namesOf(of('sfunc')) as readonly string[],
    inverse: prefix === 'm' ? namesOf(written.get('minvfunc')) : null,
    final: namesOf(of('finalfunc')),
    finalExtra: flagOf(of('finalfunc_extra')),
    finalModify: modifyOf(of('finalfunc_modify')),
    initial: textOf(of('initcond')),
  };
}

function stateTypeOf(ctx: DdlContext, written: ast.DefElem): SqlType {
  if (namesOf(written)?.at(-1) === 'internal')
    throw bindNotSupported('CREATE AGGREGATE with a state of type internal', written.location);
  const type = typeOf(ctx, written);
  if (type.kind === 'pseudo' && !isPolymorphic(type.oid))
    throw bad(`aggregate transition data type cannot be ${type.sqlName(-1)}`);
  return type;
}

/** Only states that are not values have to be made into some. */
function refuseSerial(written: Written): void {
  const has = (name: string): boolean => written.get(name)?.arg != null;
  if (has('serialfunc') !== has('deserialfunc'))
    throw bad('must specify both or neither of serialization and deserialization functions');
  if (has('serialfunc'))
    throw bad(
      'serialization functions may be specified only when the aggregate transition data type is internal',
    );
}

function typeOf(ctx: DdlContext, { arg, defname, location }: ast.DefElem): SqlType {
  if (arg?.kind === 'TypeName') return resolveTypeName(envOf(ctx), arg).type;
  if (arg?.kind === 'String') return resolveTypeText(envOf(ctx), arg.sval);
  throw bindError('42601', `argument of ${defname} must be a type name`, location);
}

function baseTypeOf(ctx: DdlContext, written: ast.DefElem | undefined): SqlType | 'ANY' | null {
  if (written?.arg == null) return null;
  const word = namesOf(written)?.join('.').toLowerCase();
  return word === 'any' ? 'ANY' : typeOf(ctx, written);
}

/** A name, also in quotes, or an operator. */
function namesOf(written: ast.DefElem | undefined): readonly string[] | null {
  const arg = written?.arg;
  if (arg == null) return null;
  if (arg.kind === 'String') return [arg.sval];
  if (arg.kind === 'TypeName' || arg.kind === 'NameList') return arg.names;
  throw bindError('42601', `argument of ${written?.defname} must be a name`, written?.location ?? -1);
}

function textOf(written: ast.DefElem | undefined): string | null {
  const arg = written?.arg;
  if (arg == null) return null;
  switch (arg.kind) {
    case 'String':
      return arg.sval;
    case 'Integer':
      return String(arg.ival);
    case 'Float':
      return arg.fval;
    case 'TypeName':
      return arg.names.join('.');
    default:
      throw bindError('42601', `${written?.defname} requires a parameter`, written?.location ?? -1);
  }
}

function flagOf(written: ast.DefElem | undefined): boolean {
  if (written === undefined) return false;
  const word = written.arg === null ? 'true' : (textOf(written) ?? '').toLowerCase();
  if (['true', 'on', '1'].includes(word)) return true;
  if (['false', 'off', '0'].includes(word)) return false;
  throw bindError('42601', `${written.defname} requires a Boolean value`, written.location);
}

function modifyOf(written: ast.DefElem | undefined): AggregateSteps['finalModify'] {
  if (written === undefined) return null;
  switch ((textOf(written) ?? '').toLowerCase()) {
    case 'read_only':
      return 'r';
    case 'shareable':
      return 's';
    case 'read_write':
      return 'w';
    default:
      throw new DecentDbError(
        '42601',
        `parameter "${written.defname}" must be READ_ONLY, SHAREABLE, or READ_WRITE`,
      );
  }
}

function parallelOf(written: ast.DefElem | undefined): RoutineDef['parallel'] {
  const word = written === undefined ? 'unsafe' : (textOf(written) ?? '').toLowerCase();
  if (word === 'safe' || word === 'restricted' || word === 'unsafe') return word;
  throw new DecentDbError('42601', 'parameter "parallel" must be SAFE, RESTRICTED, or UNSAFE');
}
