/**
 * A first-in-first-out queue of page numbers in a growing ring.
 */
import { assert } from '../base/assert.ts';

export class PageQueue {
  private ring = new Uint32Array(64);
  private head = 0;
  private count = 0;

  get length(): number {
    return this.count;
  }

  push(page: number): void {
    if (this.count === this.ring.length) this.grow();
    this.ring[(this.head + this.count) & (this.ring.length - 1)] = page;
    this.count++;
  }

  shift(): number {
    assert(this.count > 0, 'shift of an empty page queue');
    const page = this.ring[this.head]!;
    this.head = (this.head + 1) & (this.ring.length - 1);
    this.count--;
    return page;
  }

  /** The entry `index` places behind the oldest. */
  at(index: number): number {
    return this.ring[(this.head + index) & (this.ring.length - 1)]!;
  }

  clear(): void {
    this.ring = new Uint32Array(64);
    this.head = 0;
    this.count = 0;
  }

  private grow(): void {
    const ring = new Uint32Array(this.ring.length * 2);
    for (let i = 0; i < this.count; i++) ring[i] = this.at(i);
    this.ring = ring;
    this.head = 0;
  }
}
