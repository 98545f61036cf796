/**
 * Assignment to array elements, slices, fields and jsonb members, in SET lists and INSERT column lists.
 *
 * I1  Several assignments to parts of one column add up: each starts from what the one before made of it.
 * I2  A column of a domain is put together as a value of its base type; the domain is checked once, when all parts are there
 *     (`assembled`).
 */
import type { Expr } from '../../exec/expr.ts';
import {
  elementAssignment,
  fieldAssignment,
  jsonbAssignment,
  sliceAssignment,
} from '../../functions/element-assignment.ts';
import type { ScalarFunction } from '../../functions/function.ts';
import { Oid } from '../../types/oids.ts';
import { domainBase, type SqlType } from '../../types/sql-type.ts';
import type * as ast from '../ast/nodes.ts';
import { arrayIndex, field, jsonKey, subscript } from './arrays.ts';
import { coerceAssignment } from './coerce.ts';
import { constant } from './constants.ts';
import { bindError } from './errors.ts';
import type { Level } from './level.ts';

/** What is assigned to: the column as messages name it, with the type it has. */
export interface PartTarget {
  readonly name: string;
  readonly type: SqlType;
  readonly typmod: number;
  /** Where the statement names the column: where what is wrong with a part is told of. */
  readonly location?: number;
}

/** What the end of a path is: values going there are read as its type. */
export function partAt(level: Level, target: PartTarget, path: ast.ResTarget['indirection']): PartTarget {
  let part: Expr = constant(null, target.type, -1);
  let at = 0;
  while (at < path.length) {
    const step = path[at] as ast.ResTarget['indirection'][number];
    if (step.kind === 'A_Star') break;
    if (step.kind !== 'A_Indices') {
      part = fieldOf({ ...target, type: part.type }, part, step.sval, target.location ?? step.location);
      at++;
      continue;
    }
    const steps: ast.A_Indices[] = [];
    for (let next = path[at]; next?.kind === 'A_Indices'; next = path[++at]) steps.push(next);
    part = subscript(level, part, steps, -1);
  }
  return { name: target.name, type: part.type, typmod: path.length === 0 ? target.typmod : part.typmod };
}

/** The value of a column all parts of which were assigned. */
export function assembled(level: Level, column: PartTarget, value: Expr): Expr {
  return coerceAssignment(level, value, column);
}

function place({ location }: PartTarget): Pick<PartTarget, 'location'> {
  return location === undefined ? {} : { location };
}

/** A column as its parts see it: of the base type (I2). */
export function unchecked(column: PartTarget): PartTarget {
  return { ...place(column), name: column.name, type: domainBase(column.type), typmod: column.typmod };
}

/** The whole new value of `target` when `value` goes to the part `path` of `current`. */
export function assignPart(
  level: Level,
  target: PartTarget,
  current: Expr,
  path: ast.ResTarget['indirection'],
  value: Expr,
): Expr {
  const [first] = path;
  if (first === undefined) return coerceAssignment(level, value, target);
  if (first.kind === 'A_Star')
    throw bindError('0A000', 'row expansion via "*" is not supported here', value.location);
  if (first.kind !== 'A_Indices') {
    const { fields } = domainBase(target.type);
    const old = fieldOf(target, current, first.sval, target.location ?? value.location);
    const part = { ...place(target), name: first.sval, type: old.type, typmod: old.typmod };
    const position = fields?.findIndex((candidate) => candidate.name === first.sval) ?? -1;
    const inner = assignPart(level, part, old, path.slice(1), value);
    const store = fieldAssignment(domainBase(target.type), fields, position);
    return call(level, target, store, [current, inner]);
  }
  const end = path.findIndex((step) => step.kind !== 'A_Indices');
  const steps = (end < 0 ? path : path.slice(0, end)) as readonly ast.A_Indices[];
  const rest = end < 0 ? [] : path.slice(end);
  return assignSubscripts(level, target, current, steps, rest, value);
}

function fieldOf(target: PartTarget, current: Expr, name: string, location: number): Expr {
  if (domainBase(target.type).fields === null)
    throw bindError(
      '42804',
      `cannot assign to field "${name}" of column "${target.name}" because its type ${target.type.sqlName(-1)} is not a composite type`,
      location,
    );
  try {
    return field(current, name, -1);
  } catch {
    throw bindError(
      '42703',
      `cannot assign to field "${name}" of column "${target.name}" because there is no such column in data type ${target.type.sqlName(-1)}`,
      location,
    );
  }
}

function assignSubscripts(
  level: Level,
  target: PartTarget,
  current: Expr,
  steps: readonly ast.A_Indices[],
  rest: ast.ResTarget['indirection'],
  value: Expr,
): Expr {
  const base = domainBase(target.type);
  const isSlice = steps.some((step) => step.is_slice);
  const old = subscript(level, current, steps, -1);
  const part = { name: target.name, type: old.type, typmod: target.typmod };
  const inner = assignPart(level, part, old, rest, value);
  if (base.oid === Oid.jsonb) {
    const keys = steps.map((step) => jsonKey(level, step.uidx as ast.Expr));
    return call(level, target, jsonbAssignment(base), [current, inner, ...keys]);
  }
  if (!isSlice) {
    const indexes = steps.map((step) => arrayIndex(level, step.uidx as ast.Expr));
    return call(level, target, elementAssignment(base), [current, inner, ...indexes]);
  }
  const given: boolean[] = [];
  const bounds: Expr[] = [];
  const add = (node: ast.Expr | null): void => {
    given.push(node !== null);
    bounds.push(node === null ? constant(null, old.type, -1) : arrayIndex(level, node));
  };
  for (const step of steps) {
    // A plain subscript among slices means 1 up to it.
    if (step.is_slice) add(step.lidx);
    else {
      given.push(true);
      bounds.push({ ...arrayIndex(level, step.uidx as ast.Expr), ...one });
    }
    add(step.uidx);
  }
  return call(level, target, sliceAssignment(base, given), [current, inner, ...bounds]);
}

const one = { kind: 'const', value: 1 } as const;

function call(level: Level, target: PartTarget, fn: ScalarFunction, args: readonly Expr[]): Expr {
  const made: Expr = { kind: 'call', fn, args, type: domainBase(target.type), typmod: -1, location: -1 };
  return coerceAssignment(level, made, target);
}
