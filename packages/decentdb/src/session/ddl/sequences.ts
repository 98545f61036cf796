/**
 * CREATE / ALTER SEQUENCE, and the sequences behind serial and identity columns.
 *
 * I1  Bounds are within the sequence's type; start is within the bounds; increment is not 0 (22023).
 */
import { DecentDbError } from '../../base/errors.ts';
import { chooseName } from '../../catalog/names.ts';
import type { SequenceDef } from '../../catalog/schema.ts';
import { clearSequence, writeSequence } from '../../catalog/sequence-values.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { bindError, bindNotSupported } from '../../sql/bind/errors.ts';
import { writtenName } from '../../sql/bind/relations.ts';
import { resolveTypeName } from '../../sql/bind/type-names.ts';
import { int2Type, int4Type, int8Type } from '../../types/integer-types.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import type { DdlContext } from './context.ts';
import type { TableDraft } from './table-draft.ts';
import { checkFreeName, creationSchema, envOf, isNameTaken, lookUp, newId, rangeVarOf } from './work.ts';

interface Numbers {
  type: SqlType;
  increment: bigint;
  min: bigint | null;
  max: bigint | null;
  start: bigint | null;
  cache: bigint;
  cycle: boolean;
  /** RESTART [WITH n]: the value, or null for the start value; undefined when not written. */
  restart: bigint | null | undefined;
  ownedBy: SequenceDef['ownedBy'] | undefined;
  /** Behind an identity column, which it cannot leave. */
  isIdentity: boolean;
}

/** The sequence `table_column_seq`, owned by the column. */
export function createOwnedSequence(
  draft: TableDraft,
  position: number,
  type: SqlType,
  options: readonly ast.DefElem[],
): SequenceDef {
  const { ctx } = draft;
  const column = draft.columns[position]?.name ?? '';
  const named = options.find((option) => option.defname === 'sequence_name');
  const given = named?.arg?.kind === 'NameList' ? named.arg.names.at(-1) : undefined;
  const name =
    given ?? chooseName(draft.name, column, 'seq', (candidate) => isNameTaken(ctx, draft.schema, candidate));
  const numbers = readOptions(ctx, options, { ...defaults(type) });
  const def: SequenceDef = {
    ...finish(ctx, numbers, newId(ctx), draft.schema, name),
    ownedBy: { tableId: draft.id, column: position },
    isTemporary: draft.isTemporary,
  };
  ctx.sequences.forget(def.id);
  ctx.catalog = ctx.catalog.withSequence(def);
  return def;
}

export function createSequence(ctx: DdlContext, stmt: ast.CreateSeqStmt): void {
  const { relname, schemaname, relpersistence } = stmt.sequence;
  const isTemporary = relpersistence === 't';
  const schema = creationSchema(ctx, schemaname, isTemporary, stmt.sequence.location);
  if (!checkFreeName(ctx, schema, relname, stmt.if_not_exists)) return;
  const numbers = readOptions(ctx, stmt.options, defaults(int8Type));
  const def = finish(ctx, numbers, newId(ctx), schema, relname);
  ctx.sequences.forget(def.id);
  ctx.catalog = ctx.catalog.withSequence({ ...def, isTemporary });
}

export function alterSequence(ctx: DdlContext, stmt: ast.AlterSeqStmt): void {
  const relation = lookUp(ctx, stmt.sequence);
  if (relation === null) {
    if (!stmt.missing_ok)
      throw new DecentDbError('42P01', `relation "${writtenName(stmt.sequence)}" does not exist`);
    ctx.notice({
      severity: 'NOTICE',
      code: '00000',
      message: `relation "${stmt.sequence.relname}" does not exist, skipping`,
    });
    return;
  }
  if (relation.kind !== 'sequence')
    throw new DecentDbError('42809', `cannot open relation "${stmt.sequence.relname}"`, {
      detail: 'This operation is not supported for this kind of relation.',
    });
  alterSequenceDef(ctx, relation.sequence, stmt.options);
}

/** Changes options of a sequence; RESTART moves its value. */
export function alterSequenceDef(ctx: DdlContext, old: SequenceDef, options: readonly ast.DefElem[]): void {
  const numbers = readOptions(ctx, options, {
    type: old.type,
    increment: toBig(old.increment),
    min: toBig(old.min),
    max: toBig(old.max),
    start: toBig(old.start),
    cache: BigInt(old.cache),
    cycle: old.cycle,
    restart: undefined,
    ownedBy: undefined,
    isIdentity: isOfIdentity(ctx, old),
  });
  const def: SequenceDef = {
    ...finish(ctx, numbers, old.id, old.schema, old.name),
    ownedBy: numbers.ownedBy === undefined ? old.ownedBy : numbers.ownedBy,
    isTemporary: old.isTemporary,
    comment: old.comment,
  };
  ctx.catalog = ctx.catalog.withSequence(def);
  if (numbers.restart === undefined) {
    const now = ctx.sequences.current(ctx.view, old);
    requireInside(def, now.lastValue);
    // One that was never asked goes on from where it was made to start.
    if (toBig(def.start) === toBig(old.start)) return;
    ctx.sequences.forget(def.id);
    writeSequence(ctx.view, def, now);
    return;
  }
  const lastValue = numbers.restart ?? toBig(def.start);
  requireInside(def, lastValue);
  ctx.sequences.forget(def.id);
  writeSequence(ctx.view, def, { lastValue, isCalled: false });
}

/** 22023 where the value a sequence stands at is outside its bounds. */
function requireInside(sequence: SequenceDef, value: bigint): void {
  const refuse = (what: string): Error =>
    new DecentDbError('22023', `RESTART value (${value}) cannot be ${what}`);
  if (value < toBig(sequence.min)) throw refuse(`less than MINVALUE (${toBig(sequence.min)})`);
  if (value > toBig(sequence.max)) throw refuse(`greater than MAXVALUE (${toBig(sequence.max)})`);
}

function isOfIdentity(ctx: DdlContext, { ownedBy }: SequenceDef): boolean {
  const column = ownedBy === null ? undefined : ctx.catalog.table(ownedBy.tableId)?.columns[ownedBy.column];
  return column !== undefined && column.identity !== null;
}

/** A sequence starts again (TRUNCATE ... RESTART IDENTITY). */
export function restartSequence(ctx: DdlContext, sequence: SequenceDef): void {
  ctx.sequences.forget(sequence.id);
  clearSequence(ctx.view, sequence);
}

function defaults(type: SqlType): Numbers {
  return {
    type,
    increment: 1n,
    min: null,
    max: null,
    start: null,
    cache: 1n,
    cycle: false,
    restart: undefined,
    ownedBy: undefined,
    isIdentity: false,
  };
}

const LIMITS: Readonly<Record<number, readonly [bigint, bigint]>> = {
  [int2Type.oid]: [-32768n, 32767n],
  [int4Type.oid]: [-2147483648n, 2147483647n],
  [int8Type.oid]: [-9223372036854775808n, 9223372036854775807n],
};

function toBig(value: Datum): bigint {
  return BigInt(value as number | bigint);
}

function toDatum(value: bigint): Datum {
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

function readOptions(ctx: DdlContext, options: readonly ast.DefElem[], numbers: Numbers): Numbers {
  const seen = new Set<string>();
  for (const option of options) {
    const { defname, arg, location } = option;
    if (seen.has(defname)) throw bindError('42601', 'conflicting or redundant options', location);
    seen.add(defname);
    switch (defname) {
      case 'as':
        setType(ctx, numbers, arg as ast.TypeName);
        break;
      case 'increment':
        numbers.increment = numberOf(arg);
        if (numbers.increment === 0n) throw new DecentDbError('22023', 'INCREMENT must not be zero');
        break;
      case 'minvalue':
        numbers.min = arg === null ? null : numberOf(arg);
        break;
      case 'maxvalue':
        numbers.max = arg === null ? null : numberOf(arg);
        break;
      case 'start':
        numbers.start = numberOf(arg);
        break;
      case 'restart':
        numbers.restart = arg === null ? null : numberOf(arg);
        break;
      case 'cache':
        numbers.cache = numberOf(arg);
        if (numbers.cache <= 0n)
          throw new DecentDbError('22023', `CACHE (${numbers.cache}) must be greater than zero`);
        break;
      case 'cycle':
        numbers.cycle = arg?.kind !== 'Boolean' || arg.boolval;
        break;
      case 'owned_by':
        numbers.ownedBy = ownerOf(ctx, arg);
        if (numbers.isIdentity)
          throw new DecentDbError('0A000', 'cannot change ownership of identity sequence');
        break;
      case 'sequence_name':
      case 'logged':
        break;
      default:
        throw bindNotSupported(`sequence option "${defname}"`, location);
    }
  }
  return numbers;
}

function setType(ctx: DdlContext, numbers: Numbers, node: ast.TypeName): void {
  const { type } = resolveTypeName(envOf(ctx), node);
  if (LIMITS[type.oid] === undefined)
    throw new DecentDbError('22023', 'sequence type must be smallint, integer, or bigint');
  if (type.oid === numbers.type.oid) return;
  // Bounds that were the old type's limits become the new type's.
  const [low, high] = LIMITS[numbers.type.oid] as readonly [bigint, bigint];
  const [newLow, newHigh] = LIMITS[type.oid] as readonly [bigint, bigint];
  if (numbers.max === high) numbers.max = newHigh;
  if (numbers.min === low) numbers.min = newLow;
  numbers.type = type;
}

function numberOf(arg: ast.DefArg | null): bigint {
  if (arg?.kind === 'Integer') return BigInt(arg.ival);
  if (arg?.kind === 'Float' && /^[-+]?\d+$/.test(arg.fval)) return BigInt(arg.fval);
  throw bindError('22P02', 'a sequence option must be an integer', arg?.location ?? -1);
}

function ownerOf(ctx: DdlContext, arg: ast.DefArg | null): SequenceDef['ownedBy'] {
  const names = arg?.kind === 'NameList' ? arg.names : [];
  if (names.length === 1 && names[0] === 'none') return null;
  if (names.length < 2)
    throw new DecentDbError('42601', 'invalid OWNED BY option', {
      hint: 'Specify OWNED BY table.column or OWNED BY NONE.',
    });
  const relation = lookUp(ctx, rangeVarOf(names.slice(0, -1)));
  if (relation?.kind !== 'table')
    throw new DecentDbError('42P01', `relation "${names.slice(0, -1).join('.')}" does not exist`);
  const column = relation.table.columns.findIndex((c) => c.name === names.at(-1) && !c.isDropped);
  if (column < 0)
    throw new DecentDbError(
      '42703',
      `column "${names.at(-1)}" of relation "${relation.table.name}" does not exist`,
    );
  return { tableId: relation.table.id, column };
}

function finish(_ctx: DdlContext, numbers: Numbers, id: number, schema: string, name: string): SequenceDef {
  const [low, high] = LIMITS[numbers.type.oid] as readonly [bigint, bigint];
  const typeName = numbers.type.sqlName(-1);
  const ascending = numbers.increment > 0n;
  const min = numbers.min ?? (ascending ? 1n : low);
  const max = numbers.max ?? (ascending ? high : -1n);
  if (max < low || max > high)
    throw new DecentDbError('22023', `MAXVALUE (${max}) is out of range for sequence data type ${typeName}`);
  if (min < low || min > high)
    throw new DecentDbError('22023', `MINVALUE (${min}) is out of range for sequence data type ${typeName}`);
  if (min >= max) throw new DecentDbError('22023', `MINVALUE (${min}) must be less than MAXVALUE (${max})`);
  const start = numbers.start ?? (ascending ? min : max);
  if (start < min)
    throw new DecentDbError('22023', `START value (${start}) cannot be less than MINVALUE (${min})`);
  if (start > max)
    throw new DecentDbError('22023', `START value (${start}) cannot be greater than MAXVALUE (${max})`);
  return {
    id,
    schema,
    name,
    type: numbers.type,
    start: toDatum(start),
    increment: toDatum(numbers.increment),
    min: toDatum(min),
    max: toDatum(max),
    cycle: numbers.cycle,
    cache: Number(numbers.cache),
    ownedBy: numbers.ownedBy ?? null,
    isTemporary: false,
    comment: null,
  };
}
