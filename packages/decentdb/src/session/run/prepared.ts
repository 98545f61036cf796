/**
 * Statements by their text.
 *
 * I1  One Prepared object a text and session: whoever asks again shares its plan.
 */
import type { PreparableStmt, RawStmt, Statement } from '../../sql/ast/nodes.ts';
import type { RoutineScope } from '../../sql/bind/env.ts';
import { parse, parseOne } from '../../sql/parse/parse.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import { PlanCache } from '../plan-cache.ts';
import type { Compiled } from './compiled.ts';

const TEXTS_MAX = 2000;
const CHARS_MAX = 8_000_000;

export interface Prepared {
  readonly sql: string;
  readonly stmt: Statement;
  /** Text of this statement alone, when `sql` holds several. */
  readonly text: string;
  /** Types fixed by PREPARE or the caller. */
  readonly paramTypes: readonly (SqlType | null)[];
  /** Values its parameters have in the text it is planned for; absent: nothing is known of them. */
  readonly peek?: (types: readonly SqlType[]) => readonly Datum[];
  /** The PREPARE statement that made it, and when: what pg_prepared_statements shows. */
  readonly declaredText?: string;
  readonly preparedAt?: number;
  /** The function whose body it belongs to. */
  readonly routine?: RoutineScope;
  compiled: Compiled | null;
}

export function isPreparable(stmt: Statement): stmt is PreparableStmt {
  switch (stmt.kind) {
    case 'SelectStmt':
      return stmt.intoClause === null;
    case 'InsertStmt':
    case 'UpdateStmt':
    case 'DeleteStmt':
    case 'MergeStmt':
      return true;
    default:
      return false;
  }
}

export function prepared(sql: string, raw: RawStmt, paramTypes: readonly (SqlType | null)[] = []): Prepared {
  const text = sql.slice(raw.stmtLocation, raw.stmtLocation + raw.stmtLen);
  return { sql, stmt: raw.stmt, text, paramTypes, compiled: null };
}

export class PreparedTexts {
  readonly #cache = new PlanCache<readonly Prepared[]>(TEXTS_MAX, CHARS_MAX);

  /** The statements of a text. */
  all(sql: string): readonly Prepared[] {
    let found = this.#cache.get(sql);
    if (found === undefined) {
      found = parse(sql).map((raw) => prepared(sql, raw));
      this.#cache.set(sql, found);
    }
    return found;
  }

  /** Whether the text is known as it stands. */
  has(sql: string): boolean {
    return this.#cache.has(sql);
  }

  /** The only statement of a text; 42601 when there are none or several. */
  one(sql: string): Prepared {
    const known = this.#cache.get(sql);
    if (known !== undefined && known.length === 1) return known[0] as Prepared;
    const one = prepared(sql, parseOne(sql));
    this.#cache.set(sql, [one]);
    return one;
  }

  clear(): void {
    this.#cache.clear();
  }

  get stats(): { readonly size: number; readonly hits: number; readonly misses: number } {
    return { size: this.#cache.size, hits: this.#cache.hits, misses: this.#cache.misses };
  }
}
