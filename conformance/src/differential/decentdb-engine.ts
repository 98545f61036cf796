import { rmSync } from 'node:fs';
import { type OpenOptions, openSync } from 'decentdb';
import { type Answer, type Engine, errorAnswer, type Row } from './engine.ts';

/** DecentDB in memory, or in a file of that name that is there for as long as the engine. */
export class DecentDbEngine implements Engine {
  readonly name = 'DecentDB';
  private readonly path: string;
  private readonly options: OpenOptions;
  private db: ReturnType<typeof openSync>;

  constructor(path = ':memory:', options: OpenOptions = {}) {
    this.path = path;
    this.options = path === ':memory:' ? options : { durability: 'none', ...options };
    this.db = this.open();
  }

  private open(): ReturnType<typeof openSync> {
    return openSync(this.path, this.options);
  }

  private removeFiles(): void {
    if (this.path === ':memory:') return;
    for (const end of ['', '-lock', '-wal-a', '-wal-b']) rmSync(this.path + end, { force: true });
  }

  /** Closes the file and opens it again, where no transaction is open. */
  reopen(): void {
    if (this.path === ':memory:' || this.db.inTransaction) return;
    // Values taken by what was rolled back are remembered by the open database alone.
    const sequences = this.db.query<[string]>(
      `SELECT quote_ident(schemaname) || '.' || quote_ident(sequencename) FROM pg_sequences`,
      [],
      { rowMode: 'array' },
    ).rows;
    for (const [name] of sequences)
      this.db.query(`SELECT setval('${name}', last_value, is_called) FROM ${name}`);
    this.db.close();
    this.db = this.open();
  }

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
    this.removeFiles();
    this.db = this.open();
  }

  async close(): Promise<void> {
    this.db.close();
    this.removeFiles();
  }
}
