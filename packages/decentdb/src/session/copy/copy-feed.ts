/**
 * Rows on their way from COPY's data into an INSERT: `FROM decentdb_copy() AS t(...)`.
 *
 * I1  A session has one feed; its rows are handed out once, to the statement that runs while they wait.
 * I2  The function is for direct use: no view or default can call it.
 */
import type { ColumnStore } from '../../exec/column-store.ts';
import { datumAt } from '../../exec/vectors.ts';
import type { RowVectors, TableFunction } from '../../functions/function.ts';
import type { Datum } from '../../types/vector.ts';
import type { Session } from '../session.ts';

export const FEED_NAME = 'decentdb_copy';

class Feed {
  waiting: RowVectors | null = null;

  take(): RowVectors | null {
    const found = this.waiting;
    this.waiting = null;
    return found;
  }
}

const feeds = new WeakMap<Session, Feed>();

function feedOf(session: Session): Feed {
  let feed = feeds.get(session);
  if (feed === undefined) {
    feed = new Feed();
    feeds.set(session, feed);
    session.functions.addTable(feedFunction(feed), true);
    session.settings.changePlans();
  }
  return feed;
}

/** Makes the function known, so that statements on it can be planned. */
export function prepareFeed(session: Session): void {
  feedOf(session);
}

/** Runs `statement`, which reads the rows of the stores. */
export function feedRows<T>(session: Session, stores: readonly ColumnStore[], statement: () => T): T {
  const feed = feedOf(session);
  feed.waiting = { vectors: stores.map((store) => store.vector()), count: stores[0]?.length ?? 0 };
  try {
    return statement();
  } finally {
    feed.waiting = null;
  }
}

function feedFunction(feed: Feed): TableFunction {
  return {
    kind: 'table',
    name: FEED_NAME,
    args: [],
    columns: [],
    needsColumnList: true,
    strict: false,
    volatility: 'volatile',
    *rows(): Generator<readonly Datum[]> {
      const found = feed.take();
      for (let i = 0; found !== null && i < found.count; i++)
        yield found.vectors.map((vector) => datumAt(vector, i));
    },
    *batches(): Generator<RowVectors> {
      const found = feed.take();
      if (found !== null && found.count > 0) yield found;
    },
    description: 'Rows of a COPY.',
  };
}
