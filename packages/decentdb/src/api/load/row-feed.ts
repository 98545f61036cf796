/**
 * Rows that statements read with `FROM decentdb_rows($1) AS r(...)`: how columns of values from JavaScript get into an INSERT.
 *
 * I1  A feed's rows are handed out once; a statement that reads a feed without rows gets none.
 * I2  The function is registered for direct use on the session that loads: no view or default can call it.
 */

import { datumAt } from '../../exec/vectors.ts';
import type { TableFunction } from '../../functions/function.ts';
import type { Session } from '../../session/session.ts';
import { Oid } from '../../types/oids.ts';
import { domainBase, type SqlType } from '../../types/sql-type.ts';
import type { Datum, Vector } from '../../types/vector.ts';

export const FEED_FUNCTION = 'decentdb_rows';

/** What waits to be read, and how many rows it has. */
interface Waiting {
  readonly vectors: Vector[];
  readonly count: number;
}

class Feeds {
  readonly waiting: Map<number, Waiting> = new Map();
  last = 0;

  take(id: number): Waiting | null {
    const found = this.waiting.get(id) ?? null;
    this.waiting.delete(id);
    return found;
  }
}

const feedsOf = new WeakMap<Session, Feeds>();

/** A channel of one loader into statements of its session. */
export class RowFeed {
  readonly id: number;
  readonly #feeds: Feeds;

  constructor(session: Session) {
    let feeds = feedsOf.get(session);
    if (feeds === undefined) {
      feeds = new Feeds();
      feedsOf.set(session, feeds);
      session.functions.addTable(feedFunction(feeds), true);
      session.settings.changePlans();
    }
    this.#feeds = feeds;
    this.id = ++feeds.last;
  }

  /** Runs `statement`, which reads the rows given here. */
  run<T>(vectors: Vector[], count: number, statement: () => T): T {
    this.#feeds.waiting.set(this.id, { vectors, count });
    try {
      return statement();
    } finally {
      this.#feeds.waiting.delete(this.id);
    }
  }
}

function feedFunction(feeds: Feeds): TableFunction {
  return {
    kind: 'table',
    name: FEED_FUNCTION,
    args: [Oid.int4],
    columns: [],
    needsColumnList: true,
    strict: true,
    volatility: 'volatile',
    *rows(_context, [id]): Generator<readonly Datum[]> {
      const found = feeds.take(id as number);
      for (let i = 0; found !== null && i < found.count; i++)
        yield found.vectors.map((vector) => datumAt(vector, i));
    },
    *batches(_context, [id]): Generator<Waiting> {
      const found = feeds.take(id as number);
      if (found !== null && found.count > 0) yield found;
    },
    description: 'Rows of a bulk load.',
  };
}

/** The type a column's values are fed as: domains as what they are made of, so that INSERT checks them. */
export function fedType(type: SqlType): SqlType {
  return domainBase(type);
}

/** A type as SQL text that means it whatever the search path is. */
export function typeText(session: Session, type: SqlType): string {
  if (type.elementType !== null && type.kind === 'array') return `${typeText(session, type.elementType)}[]`;
  if (type.oid === Oid.bpchar) return 'bpchar';
  const def = session.currentCatalog().types.get(type.oid);
  if (def === undefined) return type.sqlName(-1);
  return `${quoted(def.schema)}.${quoted(def.name)}`;
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
