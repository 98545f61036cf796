/** Casts from and to types that few programs use. */
import { bitStringCasts } from './bit-strings.ts';
import type { CastEntry } from './casts.ts';
import { geometricCasts } from './geometry/functions.ts';
import { multirangeCasts } from './multiranges.ts';
import { networkCasts } from './networks.ts';
import { oidCasts } from './oid-functions.ts';

export function rareCasts(): readonly CastEntry[] {
  return [...bitStringCasts, ...oidCasts, ...multirangeCasts, ...networkCasts, ...geometricCasts];
}
