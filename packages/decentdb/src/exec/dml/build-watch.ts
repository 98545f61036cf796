/** What the builds of indexes from sorted leaves tell whoever asked for them. */
import type { Datum } from '../../types/vector.ts';

/** Who watches a build. */
export interface BuildWatch {
  /** Told of the key of two rows in a unique index. */
  readonly onDuplicate: (key: Datum[]) => never;
  /** Throws where the statement was cancelled. */
  readonly checkCancel: () => void;
}
