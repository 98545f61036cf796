/** Time for SQL: microseconds since 2000-01-01 UTC, never going back within a session. */
import { EPOCH_2000_MICROS } from '../types/sql-type.ts';

export interface Clock {
  nowMicros(): number;
  /** About the same, to a millisecond: for what is noted with each opening, and rarely read. */
  nearlyNowMicros?(): number;
}

/** Wall clock time with the microseconds of the monotonic clock. `performance` is loaded when the time is first asked for. */
export function systemClock(): Clock {
  let origin = -1;
  let last = 0;
  return {
    nearlyNowMicros: () => Date.now() * 1000 - EPOCH_2000_MICROS,
    nowMicros(): number {
      if (origin === -1) origin = performance.timeOrigin;
      const now = Math.floor((origin + performance.now()) * 1000) - EPOCH_2000_MICROS;
      if (now > last) last = now;
      return last;
    },
  };
}
