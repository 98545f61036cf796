import { PGlite } from '@electric-sql/pglite';
import { type Answer, type Engine, errorAnswer, type Row } from './engine.ts';

/** Highest OID of a built-in type whose parser is replaced: all of them, so that values stay text. */
const OID_MAX = 5000;

/** One by one: DISCARD ALL may not stand in a multi-statement text. */
const RESET = [
  'ROLLBACK',
  'DROP SCHEMA public CASCADE',
  'CREATE SCHEMA public',
  'DISCARD ALL',
  "SET TimeZone = 'UTC'",
];

function textParsers(): Record<number, (value: string) => string> {
  const parsers: Record<number, (value: string) => string> = {};
  for (let oid = 16; oid <= OID_MAX; oid++) parsers[oid] = (value) => value;
  return parsers;
}

/** PostgreSQL itself, compiled to WebAssembly. */
export class PostgresEngine implements Engine {
  readonly name = 'PostgreSQL';
  private readonly db: PGlite;
  private readonly parsers: Record<number, (value: string) => string> = textParsers();

  private constructor(db: PGlite) {
    this.db = db;
  }

  static async open(): Promise<PostgresEngine> {
    const db = new PGlite();
    await db.waitReady;
    const engine = new PostgresEngine(db);
    await engine.reset();
    return engine;
  }

  async ask(sql: string): Promise<Answer> {
    try {
      const result = await this.db.query<Row>(sql, [], { rowMode: 'array', parsers: this.parsers });
      return { kind: 'rows', rows: result.rows };
    } catch (error) {
      return errorAnswer(error);
    }
  }

  /** With parameters, and the number of rows the statement says it changed. */
  async run(
    sql: string,
    params: readonly unknown[],
  ): Promise<
    | { readonly kind: 'done'; readonly count: number; readonly rows: readonly Row[] }
    | (Answer & { kind: 'error' })
  > {
    try {
      const { rows, affectedRows, fields } = await this.db.query<Row>(sql, [...params], {
        rowMode: 'array',
        parsers: this.parsers,
      });
      return { kind: 'done', count: fields.length > 0 ? rows.length : (affectedRows ?? 0), rows };
    } catch (error) {
      return errorAnswer(error) as Answer & { kind: 'error' };
    }
  }

  /** What PostgreSQL's planner estimates a query to cost; 0 where it refuses it. */
  async cost(sql: string): Promise<number> {
    try {
      const { rows } = await this.db.query<{ 'QUERY PLAN': unknown }>(`EXPLAIN (FORMAT JSON) ${sql}`);
      const [{ Plan: plan }] = rows[0]!['QUERY PLAN'] as [{ Plan: { 'Total Cost': number } }];
      return plan['Total Cost'];
    } catch {
      return 0;
    }
  }

  async reset(): Promise<void> {
    for (const statement of RESET) await this.db.exec(statement);
  }

  async close(): Promise<void> {
    await this.db.close();
  }
}
