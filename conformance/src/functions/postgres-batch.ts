/**
 * PostgreSQL asked many questions in one query: each an expression, each answered by its text or its SQLSTATE.
 */
import { PGlite } from '@electric-sql/pglite';

const BATCH = 500;
/** Text of every value. */
const AS_TEXT: Readonly<Record<number, (value: string) => string>> = Object.fromEntries(
  Array.from({ length: 5000 }, (_, oid) => [oid, (value: string): string => value]),
);

const OUTCOME = `
  CREATE FUNCTION outcome(call text) RETURNS text LANGUAGE plpgsql AS $$
  DECLARE result text;
  BEGIN
    EXECUTE 'SELECT string_agg(t::text, E''\\n'') FROM (SELECT ' || call || ') t' INTO result;
    RETURN coalesce(result, '(no rows)');
  EXCEPTION WHEN OTHERS THEN RETURN 'ERROR ' || SQLSTATE || ' ' || SQLERRM;
  END $$`;

export class PostgresBatch {
  private readonly db: PGlite;

  private constructor(db: PGlite) {
    this.db = db;
  }

  static async open(): Promise<PostgresBatch> {
    const db = await PGlite.create();
    await db.exec(`SET TIME ZONE 'UTC'; ${OUTCOME}`);
    return new PostgresBatch(db);
  }

  async rows(sql: string): Promise<(string | null)[][]> {
    return (await this.db.query<(string | null)[]>(sql, [], { rowMode: 'array', parsers: AS_TEXT })).rows;
  }

  /** One answer a call: rows as text, or `ERROR` with SQLSTATE and message. */
  async answers(calls: readonly string[]): Promise<string[]> {
    const found: string[] = [];
    for (let at = 0; at < calls.length; at += BATCH) {
      const { rows } = await this.db.query<{ answer: string }>(
        'SELECT outcome(call) AS answer FROM unnest($1::text[]) WITH ORDINALITY AS u(call, n) ORDER BY n',
        [calls.slice(at, at + BATCH)],
      );
      if (rows.length !== Math.min(BATCH, calls.length - at))
        throw new Error(`PostgreSQL gave ${rows.length} answers, from ${calls[at]} on`);
      for (const { answer } of rows) found.push(answer);
    }
    return found;
  }

  async close(): Promise<void> {
    await this.db.close();
  }
}
