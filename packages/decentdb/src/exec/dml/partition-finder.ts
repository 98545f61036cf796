/**
 * Finds the partition a row goes to by the values of its key.
 *
 * I1  Ranges come in the order of their lower ends and do not overlap: the last that starts at or before the key is the only candidate.
 * I2  One modulus of hashes divides the next larger one, so the largest tells the remainders of all.
 */
import { boundValue, type PartitionKey, type RangeEdge } from '../../catalog/partitioning.ts';
import { type KeyHasher, keyHasher } from '../../types/datum-hash.ts';
import { Hash64, remainderOf } from '../../types/hash64.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import type { WriteTarget } from '../physical.ts';

type Routes = NonNullable<WriteTarget['routing']>['routes'];
/** A value, or beyond all others on one side. */
type End = { readonly side: -1 | 0 | 1; readonly value: Datum };

interface Range {
  readonly from: readonly End[];
  readonly to: readonly End[];
  readonly route: number;
}

/** By remainder of the largest modulus; -1: no partition takes it. */
interface HashRoutes {
  readonly hash: KeyHasher;
  readonly modulusMax: number;
  readonly bounds: readonly {
    readonly modulus: number;
    readonly remainder: number;
    readonly route: number;
  }[];
  readonly table: Int32Array | null;
}

/** Larger tables are not made: the partitions are asked one by one. */
const HASH_TABLE_MAX = 65_536;
const scratch: Hash64 = new Hash64(0, 0);

function hashRoutes(key: PartitionKey, routes: Routes): HashRoutes {
  const bounds = routes.flatMap(({ bound }, route) => (bound.kind === 'hash' ? [{ ...bound, route }] : []));
  const modulusMax = bounds.reduce((most, { modulus }) => Math.max(most, modulus), 1);
  const table = modulusMax > HASH_TABLE_MAX ? null : new Int32Array(modulusMax).fill(-1);
  if (table !== null)
    for (const { modulus, remainder, route } of bounds)
      for (let i = remainder; i < modulusMax; i += modulus) table[i] = route;
  return { hash: keyHasher(key.parts.map(({ type }) => type)), modulusMax, bounds, table };
}

function findByHash({ hash, modulusMax, bounds, table }: HashRoutes, key: readonly Datum[]): number {
  hash(scratch, key, 0);
  const rest = remainderOf(scratch, modulusMax);
  if (table !== null) return table[rest]!;
  return bounds.find(({ modulus, remainder }) => rest % modulus === remainder)?.route ?? -1;
}

export class PartitionFinder {
  private readonly hashes: HashRoutes | null;
  private readonly types: readonly SqlType[];
  private readonly ranges: readonly Range[];
  private readonly lists: readonly { readonly value: Datum; readonly route: number }[];
  /** List values that are their own identity in JavaScript. */
  private readonly byValue: ReadonlyMap<Datum, number> | null;
  private readonly ofNull: number;
  private readonly ofRest: number;
  private last = 0;

  constructor(key: PartitionKey, routes: Routes) {
    this.types = key.parts.map(({ type }) => type);
    const ranges: Range[] = [];
    const lists: { value: Datum; route: number }[] = [];
    this.hashes = key.strategy === 'hash' ? hashRoutes(key, routes) : null;
    let [ofNull, ofRest] = [-1, -1];
    routes.forEach(({ bound }, route) => {
      if (bound.kind === 'default') ofRest = route;
      else if (bound.kind === 'range')
        ranges.push({ from: this.ends(bound.from), to: this.ends(bound.to), route });
      else if (bound.kind === 'list')
        for (const text of bound.values) {
          if (text === null) ofNull = route;
          else lists.push({ value: boundValue(text, this.types[0]!), route });
        }
    });
    this.ranges = ranges;
    this.lists = lists;
    const type = this.types[0]!;
    const isExact = lists.every(
      ({ value }) =>
        typeof value === 'number' ||
        (typeof value === 'string' && !type.equals('a', 'a ') && !type.equals('a', 'A')),
    );
    this.byValue = isExact ? new Map(lists.map(({ value, route }) => [value, route])) : null;
    this.ofNull = ofNull;
    this.ofRest = ofRest;
  }

  private ends(edges: readonly RangeEdge[]): End[] {
    return edges.map((edge, i): End => {
      if (edge.edge === 'value') return { side: 0, value: boundValue(edge.value, this.types[i]!) };
      return { side: edge.edge === 'min' ? -1 : 1, value: null };
    });
  }

  /** Position among the routes; -1 when no partition takes the key. */
  find(key: readonly Datum[]): number {
    if (this.hashes !== null) return findByHash(this.hashes, key);
    const route = this.ranges.length > 0 ? this.inRanges(key) : this.inLists(key[0] ?? null);
    return route < 0 ? this.ofRest : route;
  }

  private inRanges(key: readonly Datum[]): number {
    for (const value of key) if (value === null) return -1;
    const known = this.ranges[this.last];
    if (known !== undefined && this.holds(known, key)) return known.route;
    let low = 0;
    let high = this.ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.compare(key, this.ranges[middle]!.from) >= 0) low = middle + 1;
      else high = middle;
    }
    const found = this.ranges[low - 1];
    if (found === undefined || !this.holds(found, key)) return -1;
    this.last = low - 1;
    return found.route;
  }

  private holds(range: Range, key: readonly Datum[]): boolean {
    return this.compare(key, range.from) >= 0 && this.compare(key, range.to) < 0;
  }

  private compare(key: readonly Datum[], ends: readonly End[]): number {
    for (let i = 0; i < ends.length; i++) {
      const end = ends[i]!;
      if (end.side !== 0) return -end.side;
      const order = this.types[i]!.compare(key[i]!, end.value!);
      if (order !== 0) return order;
    }
    return 0;
  }

  private inLists(value: Datum): number {
    if (value === null) return this.ofNull;
    if (this.byValue !== null) return this.byValue.get(value) ?? -1;
    const type = this.types[0]!;
    return this.lists.find((one) => type.equals(one.value!, value))?.route ?? -1;
  }
}
