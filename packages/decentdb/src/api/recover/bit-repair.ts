/**
 * Undoes a single flipped bit of a page, which its checksum locates.
 *
 * The difference between the checksum stored and the one computed is that of the error alone: CRC-32 is linear. For one flipped
 * bit it depends only on how many bits follow it, so walking the register back finds the bit.
 *
 * I1  Two different single bits never give one difference at page sizes (the code's distance is at least 3), so what is found
 *     is the bit, if it was one. Heavier damage is mistaken for one bit once in 2^32 / bits pages, and then must still pass every
 *     other check of a page.
 */
import { crc32 } from '../../base/checksum.ts';
import { viewOf } from '../../pager/page-layout.ts';

const POLYNOMIAL = 0xedb88320;
const CHECKSUM_BYTES = 4;

/** Flips the wrong bit back, in place. False when the damage is not a single bit; the page is then as it was. */
export function repairOneBit(page: Uint8Array): boolean {
  const view = viewOf(page);
  const computed = crc32(page.subarray(CHECKSUM_BYTES), 0);
  const difference = (view.getUint32(0, true) ^ computed) | 0;
  if (difference === 0) return false;
  if ((difference & (difference - 1)) === 0) {
    view.setUint32(0, computed, true); // The checksum itself was hit.
    return true;
  }
  const bits = (page.length - CHECKSUM_BYTES) * 8;
  let state = POLYNOMIAL | 0;
  for (let following = 0; following < bits; following++) {
    if (state === difference) {
      const bit = bits - 1 - following;
      page[CHECKSUM_BYTES + (bit >>> 3)]! ^= 1 << (bit & 7);
      return true;
    }
    state = state & 1 ? (state >>> 1) ^ POLYNOMIAL : state >>> 1;
  }
  return false;
}
