/**
 * Lists of datums that are keys, rows and parameters.
 *
 * JavaScript engines tell lists of small integers, of numbers and of anything apart, and whether they may have gaps. What was
 * compiled for keys of one kind is thrown away when a key of another comes along: the first thousand statements on a table whose
 * key is of another kind would run uncompiled code.
 *
 * I1  A list is of the most general kind from the start and without gaps, whatever is put into it.
 */
import type { Datum } from './vector.ts';

/** A list of `width` datums, all of them NULL. `none` is never given: a literal of constants would be copied at its first change. */
export function datumList(width: number, none: null = null): Datum[] {
  switch (width) {
    case 1:
      return [none];
    case 2:
      return [none, none];
    case 3:
      return [none, none, none];
    case 4:
      return [none, none, none, none];
    default: {
      const list: Datum[] = [none, none, none, none, none];
      list.length = Math.min(width, list.length);
      while (list.length < width) list.push(none);
      return list;
    }
  }
}
