/**
 * How much a search reads at a time: as much as gives the rows that are wanted, by what was read and what passed so far, or the last
 * time the same pattern was asked for.
 *
 * I1  A guess, for costs alone: rows and their order are the same whatever it says.
 */

/** What reading came to: rows of the rarest list that were needed, candidates tested, rows that passed. */
export interface ReadSoFar {
  readonly listed: number;
  readonly tested: number;
  readonly passed: number;
}

/** Rows of the rarest list in a first window of which nothing is known, the least of any, and the most. */
const WINDOW_FIRST = 128;
const WINDOW_LEAST = 32;
const WINDOW_MOST = 1 << 16;
const WINDOW_GROWTH = 16;
/** The same for candidates fetched together: whoever asked may want few. */
const FETCH_FIRST = 32;
const FETCH_LEAST = 8;
const FETCH_GROWTH = 4;
/** A little more than what should do: another round costs more. */
const SPARE = 1.125;

export class SearchPace {
  /** Rows that whoever asked is said to want; null: not known. */
  wanted: number | null = null;
  listed = 0;
  /** Candidates that what was listed left. */
  candidates = 0;
  tested = 0;
  passed = 0;
  private readonly last: ReadSoFar | null;
  private readonly fetchMost: number;
  private window = 0;
  private fetch = 0;

  /** `last`: of the same question asked before. */
  constructor(last: ReadSoFar | null, fetchMost: number) {
    this.last = last;
    this.fetchMost = fetchMost;
  }

  get soFar(): ReadSoFar {
    const { listed, candidates, tested, passed } = this;
    // Of the last window only so much was needed.
    return { listed: Math.ceil((listed * tested) / Math.max(candidates, 1)), tested, passed };
  }

  /** Rows of the rarest list for the next window. */
  nextWindow(): number {
    const { window, last } = this;
    const most = window === 0 ? WINDOW_MOST : Math.min(WINDOW_MOST, window * WINDOW_GROWTH);
    const missing = this.missing();
    let rows = window === 0 ? WINDOW_FIRST : most;
    if (missing !== null) {
      const known = this.listed > 0 ? this : last;
      if (known !== null) rows = (missing * SPARE * known.listed) / Math.max(known.passed, 0.5);
    } else if (window === 0 && last !== null) rows = Math.max(rows, last.listed);
    this.window = Math.ceil(Math.min(most, Math.max(WINDOW_LEAST, rows)));
    return this.window;
  }

  /** Candidates to fetch next. */
  nextFetch(): number {
    const missing = this.missing();
    let rows = this.fetch === 0 ? FETCH_FIRST : this.fetch * FETCH_GROWTH;
    if (missing !== null) {
      const known = this.tested > 0 ? this : this.last;
      if (known !== null && known.passed > 0) rows = (missing * SPARE * known.tested) / known.passed + 1;
    }
    this.fetch = Math.ceil(Math.min(this.fetchMost, Math.max(FETCH_LEAST, rows)));
    return this.fetch;
  }

  private missing(): number | null {
    return this.wanted === null || this.wanted <= this.passed ? null : this.wanted - this.passed;
  }
}
