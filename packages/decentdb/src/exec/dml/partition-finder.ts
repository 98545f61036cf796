/**
 * Finds the partition a row goes to by the values of its key.
 *
 * I1  Ranges come in the order of their lower ends and do not overlap: the last that starts at or before the key is the only candidate.
 */
import { boundValue, type PartitionKey, type RangeEdge } from '../../catalog/partitioning.ts';
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

export class PartitionFinder {
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
    let [ofNull, ofRest] = [-1, -1];
    routes.forEach(({ bound }, route) => {
      if (bound.kind === 'default') ofRest = route;
      else if (bound.kind === 'range')
        ranges.push({ from: this.ends(bound.from), to: this.ends(bound.to), route });
      else
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
