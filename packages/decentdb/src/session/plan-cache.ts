/**
 * Statements by their text: parsed, bound and planned once, used while they stay valid.
 *
 * I1  At most `entriesMax` texts and `bytesMax` characters are kept; the ones not used for longest go first.
 * I2  An entry is only a hint: whoever runs it checks that catalogue, settings and table sizes still fit (compiled.ts).
 */
export class PlanCache<T> {
  readonly #entries = new Map<string, T>();
  readonly #entriesMax: number;
  readonly #charsMax: number;
  #chars = 0;
  hits = 0;
  misses = 0;

  constructor(entriesMax: number, charsMax: number) {
    this.#entriesMax = entriesMax;
    this.#charsMax = charsMax;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(text: string): T | undefined {
    const entry = this.#entries.get(text);
    if (entry === undefined) {
      this.misses++;
      return undefined;
    }
    this.hits++;
    // Moving every hit to the young end would cost more than the look-up; a sample keeps hot texts young enough.
    if ((this.hits & 15) === 0) {
      this.#entries.delete(text);
      this.#entries.set(text, entry);
    }
    return entry;
  }

  has(text: string): boolean {
    return this.#entries.has(text);
  }

  set(text: string, entry: T): void {
    if (text.length > this.#charsMax / 4) return;
    if (!this.#entries.has(text)) this.#chars += text.length;
    this.#entries.set(text, entry);
    while (this.#entries.size > this.#entriesMax || this.#chars > this.#charsMax) {
      const oldest = this.#entries.keys().next();
      if (oldest.done === true) break;
      this.#entries.delete(oldest.value);
      this.#chars -= oldest.value.length;
    }
  }

  clear(): void {
    this.#entries.clear();
    this.#chars = 0;
  }
}
