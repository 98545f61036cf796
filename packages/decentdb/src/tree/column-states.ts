/**
 * What a node keeps of each column beside its values.
 *
 * I1  The lists that committed nodes begin with are shared by all of them and never changed: a node that is changed is a copy with
 *     lists of its own. A scan or look-ups beyond the cache make nodes by the thousand, and the collector copies what they hold.
 */

/** What the page's block of a column says of it. */
export const BlockState = { nothing: 0, edited: 1, whole: 2 } as const;
export type BlockState = (typeof BlockState)[keyof typeof BlockState];

export interface ColumnStates {
  readonly owned: boolean[];
  readonly blockStates: BlockState[];
}

/** Changes of rows of a node that had none. */
export const NO_CHANGES: number[] = [];

/** By number of columns. */
const asRead: ColumnStates[] = [];

/** Of a committed node that has all of its columns, as its page says. */
export function statesAsRead(columnCount: number): ColumnStates {
  let states = asRead[columnCount];
  if (states === undefined) {
    states = {
      owned: new Array<boolean>(columnCount).fill(false),
      blockStates: new Array<BlockState>(columnCount).fill(BlockState.whole),
    };
    asRead[columnCount] = states;
  }
  return states;
}
