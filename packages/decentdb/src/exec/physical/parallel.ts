/** Work that other threads can share. */
import type { PhysicalNode, PhysicalNodeBase } from '../physical.ts';

/**
 * The rows of `input`, which is run once for each piece of the one scan in it that is `isParallel`: by this thread and, where
 * there are any, by others. Rows leave in the order of the pieces, so in the order they would have without it.
 */
export interface GatherNode extends PhysicalNodeBase {
  readonly kind: 'gather';
  readonly input: PhysicalNode;
  /** Threads beside this one at most. */
  readonly workers: number;
}
