/**
 * A row of a leaf: what lookups fill in, reusable so that point reads allocate nothing.
 */
import type { TreeNode } from './tree-node.ts';

export class TreePosition {
  leaf: TreeNode | null = null;
  index = 0;
}
