/**
 * FOR VALUES and DEFAULT: a bound read, compared with those of the other partitions, and held against the rows that are there.
 *
 * I1  Bounds of one table's partitions never overlap.
 * I2  The default partition has no row that another partition takes.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { encodeDatum } from '../../catalog/definition-fields.ts';
import { childrenOf, descendantsOf, partitionedParent } from '../../catalog/family.ts';
import {
  boundValue,
  compareEdges,
  edgesText,
  mapBoundValues,
  type PartitionBound,
  type PartitionKey,
  type PartitionKeyPart,
  type RangeEdge,
} from '../../catalog/partitioning.ts';
import type { TableDef } from '../../catalog/schema.ts';
import type { Expr } from '../../exec/expr.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { applyTypmod, convert } from '../../sql/bind/coerce.ts';
import { bindError } from '../../sql/bind/errors.ts';
import { bindExpr } from '../../sql/bind/expressions.ts';
import { Level } from '../../sql/bind/level.ts';
import { partText } from '../../sql/bind/partition-checks.ts';
import { filter } from '../../sql/bind/select.ts';
import { BindState } from '../../sql/bind/state.ts';
import { bindStoredPartition } from '../../sql/bind/stored-expressions.ts';
import { boolType } from '../../types/bool-type.ts';
import { consistsOf } from '../../types/datum-hash.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import type { DdlContext } from './context.ts';
import { anyRow, project, readTable } from './storage.ts';
import { envOf, nextVersion } from './work.ts';

/** The bound as written for a partition of `parent`. */
export function boundOf(ctx: DdlContext, parent: TableDef, spec: ast.PartitionBoundSpec): PartitionBound {
  const key = parent.partitionKey as PartitionKey;
  if (spec.is_default) {
    if (key.strategy !== 'hash') return { kind: 'default' };
    throw bindError('42P16', 'a hash-partitioned table may not have a default partition', -1);
  }
  if (spec.strategy !== key.strategy.charAt(0))
    throw bindError('42P16', `invalid bound specification for a ${key.strategy} partition`, spec.location);
  if (key.strategy === 'hash') return hashBound(spec);
  if (key.strategy === 'list') {
    const [part] = key.parts as [PartitionKeyPart];
    const values: (string | null)[] = [];
    const known: Datum[] = [];
    for (const node of spec.listdatums) {
      const text = valueOf(ctx, parent, part, node);
      const value = boundValue(text, part.type);
      if (isAmong(value, known, part.type)) continue;
      values.push(text);
      known.push(value);
    }
    return { kind: 'list', values };
  }
  const { parts } = key;
  if (spec.lowerdatums.length !== parts.length)
    throw bindError('42P16', 'FROM must specify exactly one value per partitioning column', -1);
  if (spec.upperdatums.length !== parts.length)
    throw bindError('42P16', 'TO must specify exactly one value per partitioning column', -1);
  const edges = (nodes: readonly ast.Expr[]): RangeEdge[] => {
    const made = nodes.map((node, i) => edgeOf(ctx, parent, parts[i] as PartitionKeyPart, node));
    requireTail(made, nodes);
    return made;
  };
  return { kind: 'range', from: edges(spec.lowerdatums), to: edges(spec.upperdatums) };
}

function hashBound({ modulus, remainder }: ast.PartitionBoundSpec): PartitionBound {
  if (modulus <= 0)
    throw bindError('42P16', 'modulus for hash partition must be an integer value greater than zero', -1);
  if (remainder < 0)
    throw bindError(
      '42P16',
      'remainder for hash partition must be an integer value greater than or equal to zero',
      -1,
    );
  if (remainder >= modulus)
    throw bindError('42P16', 'remainder for hash partition must be less than modulus', -1);
  return { kind: 'hash', modulus, remainder };
}

const EDGES: Readonly<Record<string, 'min' | 'max'>> = { minvalue: 'min', maxvalue: 'max' };

function edgeOf(ctx: DdlContext, parent: TableDef, part: PartitionKeyPart, node: ast.Expr): RangeEdge {
  if (node.kind === 'ColumnRef' && !node.star && node.fields.length === 1) {
    const edge = EDGES[node.fields[0] ?? ''];
    if (edge !== undefined) return { edge };
  }
  const value = valueOf(ctx, parent, part, node);
  if (value === null) throw bindError('42P17', 'cannot specify NULL in range bound', -1);
  return { edge: 'value', value };
}

/** What follows MINVALUE is MINVALUE, and so with MAXVALUE. */
function requireTail(edges: readonly RangeEdge[], nodes: readonly ast.Expr[]): void {
  for (let i = 1; i < edges.length; i++) {
    const before = edges[i - 1]?.edge;
    if (before === 'value' || edges[i]?.edge === before) continue;
    const word = before === 'min' ? 'MINVALUE' : 'MAXVALUE';
    throw bindError('42804', `every bound following ${word} must also be ${word}`, nodes[i]?.location ?? -1);
  }
}

function valueOf(ctx: DdlContext, parent: TableDef, part: PartitionKeyPart, node: ast.Expr): string | null {
  const state = new BindState(envOf(ctx));
  const level = new Level(state, null);
  const given = bindExpr(level, node, 'partitionBound');
  const { type } = part;
  const converted = convert(level, given, type, 'assignment');
  if (converted === null)
    throw bindError(
      '42804',
      `specified value cannot be cast to type ${type.sqlName(-1)} for column "${partText(parent, part)}"`,
      node.location,
    );
  const expr = applyTypmod(converted, parent.columns[part.column]?.typmod ?? -1, false);
  const rows = project(state, { kind: 'values', rows: [[]], columns: [] }, [expr]);
  for (const row of ctx.run(rows)) return encodeDatum(row[0] ?? null, type);
  return null;
}

/** 42P17 when the bound is empty or takes what another partition has. */
export function checkBound(
  ctx: DdlContext,
  parent: TableDef,
  name: string,
  bound: PartitionBound,
  spec: ast.PartitionBoundSpec,
): void {
  const key = parent.partitionKey as PartitionKey;
  if (bound.kind === 'range' && compareEdges(bound.from, bound.to, key) >= 0)
    throw bindError('42P17', `empty range bound specified for partition "${name}"`, first(spec.lowerdatums), {
      detail: `Specified lower bound ${edgesText(bound.from, key)} is greater than or equal to upper bound ${edgesText(bound.to, key)}.`,
    });
  if (bound.kind === 'hash') requireFactors(ctx, parent, bound.modulus, spec.location);
  for (const other of childrenOf(ctx.catalog, parent.id)) {
    if (other.bound === undefined) continue;
    if (bound.kind === 'default' && other.bound.kind === 'default')
      throw bindError(
        '42P17',
        `partition "${name}" conflicts with existing default partition "${other.name}"`,
        spec.location,
      );
    if (overlaps(bound, other.bound, key))
      throw bindError(
        '42P17',
        `partition "${name}" would overlap partition "${other.name}"`,
        first(spec.listdatums.length > 0 ? spec.listdatums : spec.lowerdatums),
      );
  }
}

/** Each modulus divides the next larger one, so that remainders of one are told by those of another. */
function requireFactors(ctx: DdlContext, parent: TableDef, modulus: number, location: number): void {
  const refuse = (detail: string): Error =>
    bindError('42P17', 'every hash partition modulus must be a factor of the next larger modulus', location, {
      detail,
    });
  const others = childrenOf(ctx.catalog, parent.id).flatMap(({ name, bound }) =>
    bound?.kind === 'hash' ? [{ name, modulus: bound.modulus }] : [],
  );
  const before = others.findLast((one) => one.modulus <= modulus);
  const after = others.find((one) => one.modulus > modulus);
  if (before !== undefined && modulus % before.modulus !== 0)
    throw refuse(
      `The new modulus ${modulus} is not divisible by ${before.modulus}, the modulus of existing partition "${before.name}".`,
    );
  if (after !== undefined && after.modulus % modulus !== 0)
    throw refuse(
      `The new modulus ${modulus} is not a factor of ${after.modulus}, the modulus of existing partition "${after.name}".`,
    );
}

/** 1.0 is 1.00. */
function isAmong(value: Datum, values: readonly Datum[], type: SqlType): boolean {
  return values.some((one) => (one === null || value === null ? one === value : type.equals(one, value)));
}

function first(nodes: readonly ast.Expr[]): number {
  return nodes[0]?.location ?? -1;
}

function overlaps(a: PartitionBound, b: PartitionBound, key: PartitionKey): boolean {
  if (a.kind === 'list' && b.kind === 'list') {
    const { type } = key.parts[0] as PartitionKeyPart;
    const values = b.values.map((text) => boundValue(text, type));
    return a.values.some((text) => isAmong(boundValue(text, type), values, type));
  }
  if (a.kind === 'hash' && b.kind === 'hash') {
    // One modulus divides the other.
    const modulus = Math.min(a.modulus, b.modulus);
    return a.remainder % modulus === b.remainder % modulus;
  }
  if (a.kind !== 'range' || b.kind !== 'range') return false;
  return compareEdges(a.from, b.to, key) < 0 && compareEdges(b.from, a.to, key) < 0;
}

/** 23514 when a row of the table, or of its partitions, is not one its bounds allow. */
export function checkPartitionRows(ctx: DdlContext, table: TableDef, message: string): void {
  for (const member of [table, ...descendantsOf(ctx.catalog, table)]) {
    if (member.partitionKey !== undefined) continue;
    const read = readTable(ctx, member);
    const check = bindStoredPartition(read.state, member, read.row);
    if (check === null) continue;
    const violated: Expr = { kind: 'not', arg: check, type: boolType, typmod: -1, location: -1 };
    if (anyRow(ctx, filter(read.node, violated)))
      throw new DecentDbError('23514', message, { schema: member.schema, table: member.name });
  }
}

/** Bounds with values of a type whose texts changed since `before`. */
export function rewriteBounds(ctx: DdlContext, before: Catalog, typeId: number): void {
  for (const table of before.tables.values()) {
    const above = partitionedParent(before, table);
    if (above?.key.parts.some(({ type }) => consistsOf(type, typeId)) !== true) continue;
    const now = ctx.catalog.table(above.parent.id)?.partitionKey as PartitionKey;
    const bound = mapBoundValues(above.bound, (text, i) => {
      const [was, is] = [above.key.parts[i], now.parts[i]] as [PartitionKeyPart, PartitionKeyPart];
      return encodeDatum(boundValue(text, was.type), is.type) as string;
    });
    ctx.catalog = ctx.catalog.withTable({
      ...(ctx.catalog.table(table.id) as TableDef),
      bound,
      version: nextVersion(ctx),
    });
  }
}

/** I2, after `child` became a partition. */
export function checkDefaultPartition(ctx: DdlContext, parent: TableDef, child: number): void {
  for (const other of childrenOf(ctx.catalog, parent.id))
    if (other.bound?.kind === 'default' && other.id !== child)
      checkPartitionRows(
        ctx,
        other,
        `updated partition constraint for default partition "${other.name}" would be violated by some row`,
      );
}
