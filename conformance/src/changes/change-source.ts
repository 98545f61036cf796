/** One random change of rows, for both engines of a run. */
export interface Change {
  readonly sql: string;
  readonly params: readonly (string | number | null)[];
}

/** A schema and changes of its rows, drawn from one generator of random numbers. */
export interface ChangeSource {
  readonly schema: readonly string[];
  /** What is compared now and then. */
  readonly looks: readonly Change[];
  change(): Change;
}
