/**
 * What ascending texts begin with, as numbers: a search compares these and looks at a text or two. The texts themselves lie all
 * over memory, and those that are pieces of their page's run are compared by the engine's slow path.
 *
 * I1  All texts that are searched begin with `shared`; head i is the next HEAD_UNITS units of text i, a byte each, the first the highest.
 * I2  A unit of 255 or more counts as 255 and ends its head, as the text's end does (0): texts of different heads have the heads'
 *     order, of equal heads any.
 * I3  As many heads as texts, in step with them: who changes the texts otherwise than by one throws the heads away.
 */

const HEAD_UNITS = 6;
/** Rows that begin alike are stepped over, up to so many. */
const STEPS = 4;

export class TextHeads {
  private readonly shared: string;
  private values: Float64Array;
  private count: number;

  private constructor(shared: string, values: Float64Array, count: number) {
    this.shared = shared;
    this.values = values;
    this.count = count;
  }

  /** Of texts that ascend from row `start` on, one at least; rows before it are not searched. */
  static of(texts: readonly string[], start: number, count: number): TextHeads {
    const [first, last] = [texts[start]!, texts[count - 1]!];
    const length = Math.min(first.length, last.length);
    let same = 0;
    while (same < length && first.charCodeAt(same) === last.charCodeAt(same)) same++;
    const values = new Float64Array(count + (count >>> 3) + 4);
    for (let i = 0; i < count; i++) values[i] = headAt(texts[i]!, same);
    // A piece of a page's run would keep the run.
    return new TextHeads(first.slice(0, same), values, count);
  }

  copy(): TextHeads {
    return new TextHeads(this.shared, this.values.slice(), this.count);
  }

  /** A text came in at row `at`; false when these heads cannot say what it begins with. */
  insert(at: number, text: string): boolean {
    const { shared, count } = this;
    if (!text.startsWith(shared)) return false;
    if (count === this.values.length) {
      const larger = new Float64Array(count + (count >>> 1) + 4);
      larger.set(this.values);
      this.values = larger;
    }
    const { values } = this;
    if (at < count) values.copyWithin(at + 1, at, count);
    values[at] = headAt(text, shared.length);
    this.count = count + 1;
    return true;
  }

  remove(from: number, to: number): void {
    this.values.copyWithin(from, to, this.count);
    this.count -= to - from;
  }

  /** Whether all texts are behind (-1) or before (1) a text that does not begin as they do; 0 when it does. */
  sideOf(text: string): number {
    const { shared } = this;
    if (text.startsWith(shared)) return 0;
    return text < shared ? -1 : 1;
  }

  /** First row from `from` on whose head is not before that of `text`, which begins with what all share. */
  lowerRow(text: string, from: number): number {
    const { values } = this;
    const head = headAt(text, this.shared.length);
    let low = from;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (values[middle]! < head) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** End of the rows from `row` on whose head is that of `text`. */
  endRow(text: string, row: number): number {
    const { values, count } = this;
    const head = headAt(text, this.shared.length);
    let end = row;
    while (end < count && values[end] === head) {
      if (end === row + STEPS) break;
      end++;
    }
    if (end === count || values[end] !== head) return end;
    let high = count;
    while (end < high) {
      const middle = (end + high) >>> 1;
      if (values[middle]! <= head) end = middle + 1;
      else high = middle;
    }
    return end;
  }

  /** For checks: whether that text may be the one of row `row`, of `count`. */
  says(row: number, text: string, count: number): boolean {
    const { shared } = this;
    return (
      count === this.count && text.startsWith(shared) && this.values[row] === headAt(text, shared.length)
    );
  }

  memoryBytes(): number {
    return 120 + 8 * this.values.length;
  }
}

/** I2: the head of what follows the first `from` units. */
function headAt(text: string, from: number): number {
  const { length } = text;
  let head = 0;
  for (let i = from; i < from + HEAD_UNITS; i++) {
    const unit = i < length ? text.charCodeAt(i) : 0;
    if (unit >= 255) return (head * 256 + 255) * 256 ** (from + HEAD_UNITS - 1 - i);
    head = head * 256 + unit;
  }
  return head;
}
