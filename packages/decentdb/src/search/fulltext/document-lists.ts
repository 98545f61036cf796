/**
 * The lists of one document and its places in them, as a text tells of its words one after the other.
 *
 * I1  Places ascend; of a list at most PLACES_MAX are kept, each once (types/tsvector.ts, I1).
 */
import { PLACES_MAX, POSITION_MAX } from '../../types/tsvector.ts';

const NONE = -1;

export class DocumentLists {
  /** How many lists there are: slots 0.. */
  size = 0;
  lists: Int32Array = new Int32Array(256);
  /** Places of each slot. */
  counts: Int32Array = new Int32Array(256);
  /** Last position of each slot, and its last occurrence. */
  private last: Int32Array = new Int32Array(256);
  private tails: Int32Array = new Int32Array(256);
  /** First occurrence of each slot. */
  private heads: Int32Array = new Int32Array(256);
  /** Occurrences: how far behind the one before of the same slot, and the next of it. */
  private distances: Int32Array = new Int32Array(256);
  private next: Int32Array = new Int32Array(256);
  private occurrences = 0;
  private number = 0;
  /** Of each list: the last document that had it, and its slot there. Both are looked at together, in no order. */
  private seen: Int32Array = new Int32Array(2048);

  begin(): void {
    this.size = 0;
    this.occurrences = 0;
    this.number++;
  }

  /** Positions ascend. */
  add(list: number, position: number): void {
    if (list * 2 >= this.seen.length) this.seen = grown(this.seen, list * 2 + 1);
    const { seen } = this;
    const place = Math.min(position, POSITION_MAX);
    if (seen[list * 2] !== this.number) {
      if (this.size === this.lists.length) this.growSlots();
      const slot = this.size++;
      seen[list * 2] = this.number;
      seen[list * 2 + 1] = slot;
      this.lists[slot] = list;
      this.counts[slot] = 1;
      this.last[slot] = place;
      this.heads[slot] = this.tails[slot] = this.addOccurrence(place);
      return;
    }
    const slot = seen[list * 2 + 1]!;
    const last = this.last[slot]!;
    if (last === place || this.counts[slot] === PLACES_MAX) return;
    this.counts[slot]!++;
    this.last[slot] = place;
    const occurrence = this.addOccurrence(place - last);
    this.next[this.tails[slot]!] = occurrence;
    this.tails[slot] = occurrence;
  }

  private addOccurrence(distance: number): number {
    if (this.occurrences === this.next.length) {
      this.distances = grown(this.distances, 0);
      this.next = grown(this.next, 0);
    }
    const occurrence = this.occurrences++;
    this.distances[occurrence] = distance;
    this.next[occurrence] = NONE;
    return occurrence;
  }

  /** The first occurrence of a slot; {@link nextOf} leads on to -1. */
  firstOf(slot: number): number {
    return this.heads[slot]!;
  }

  nextOf(occurrence: number): number {
    return this.next[occurrence]!;
  }

  /** How far an occurrence is behind the one before. */
  distanceOf(occurrence: number): number {
    return this.distances[occurrence]!;
  }

  private growSlots(): void {
    this.lists = grown(this.lists, 0);
    this.counts = grown(this.counts, 0);
    this.last = grown(this.last, 0);
    this.tails = grown(this.tails, 0);
    this.heads = grown(this.heads, 0);
  }
}

function grown(ints: Int32Array, place: number): Int32Array {
  const larger = new Int32Array(Math.max(place + 1, ints.length * 2));
  larger.set(ints);
  return larger;
}
