/** A source of random statements, one after the other, for both engines of a run. */
export interface StatementGenerator {
  /** What makes the objects that most statements need. */
  prelude(): readonly string[];
  statement(): string;
  /** Whether the statements so far leave a transaction open. */
  readonly inTransaction: boolean;
  /** The statement that goes on after a failure in a transaction. */
  rollback(): string;
}
