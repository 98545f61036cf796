/** Time for SQL: microseconds since 2000-01-01 UTC, never going back within a session. */
import { EPOCH_2000_MICROS } from '../types/sql-type.ts';

export interface Clock {
  nowMicros(): number;
}

/** Wall clock time with the microseconds of the monotonic clock. */
export function systemClock(): Clock {
  const origin = performance.timeOrigin;
  let last = 0;
  return {
    nowMicros(): number {
      const now = Math.floor((origin + performance.now()) * 1000) - EPOCH_2000_MICROS;
      if (now > last) last = now;
      return last;
    },
  };
}
