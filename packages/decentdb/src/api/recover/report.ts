/** What a recovery says it found, and what became of it. */

export type RecoverFindingKind =
  | 'header'
  | 'log'
  | 'page'
  | 'catalogue'
  | 'table'
  | 'index'
  | 'constraint'
  | 'omitted';

/** One thing that was wrong, or that could not be carried over. */
export interface RecoverFinding {
  readonly kind: RecoverFindingKind;
  readonly message: string;
  readonly page: number | null;
  readonly object: string | null;
}

export interface RecoveredTable {
  readonly schema: string;
  readonly name: string;
  /** Rows in the new table. */
  readonly rows: number;
  /** Rows that a key or a check of the new table refused: they are in lost_and_found. */
  readonly rowsRefused: number;
  /** Rows of which a large value is lost: they are in lost_and_found, with the values that are left. */
  readonly rowsIncomplete: number;
  /** Pages of the table that could not be used. */
  readonly pagesLost: readonly number[];
  /** Rows that were on them, as far as other pages tell; null where nothing tells. */
  readonly rowsLost: number | null;
}

export interface RecoverReport {
  readonly path: string;
  /** Nothing is missing: every row of every table is in the new database. */
  readonly isComplete: boolean;
  readonly pageBytes: number;
  readonly pages: number;
  /** Number of the last commit that was found whole. */
  readonly lsn: number;
  readonly tables: readonly RecoveredTable[];
  /** The table with the rows that no table took, and how many; null when there were none. */
  readonly lostAndFound: { readonly table: string; readonly rows: number } | null;
  readonly findings: readonly RecoverFinding[];
}

export interface RecoverProgress {
  readonly phase: 'pages' | 'rows';
  readonly done: number;
  readonly total: number;
}
