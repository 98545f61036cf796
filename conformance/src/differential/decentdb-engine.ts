import { openSync } from 'decentdb';
import { type Answer, type Engine, errorAnswer, type Row } from './engine.ts';

/** DecentDB in memory. */
export class DecentDbEngine implements Engine {
  readonly name = 'DecentDB';
  private db: ReturnType<typeof openSync> = openSync(':memory:');

  async ask(sql: string): Promise<Answer> {
    try {
      const result = this.db.query(sql, [], { rowMode: 'array', format: 'text' });
      return { kind: 'rows', rows: result.rows as unknown as Row[] };
    } catch (error) {
      return errorAnswer(error);
    }
  }

  /** For checks that set rules or read plans. */
  get database(): ReturnType<typeof openSync> {
    return this.db;
  }

  async reset(): Promise<void> {
    this.db.close();
    this.db = openSync(':memory:');
  }

  async close(): Promise<void> {
    this.db.close();
  }
}
