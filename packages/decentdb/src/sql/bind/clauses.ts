/**
 * The clauses an expression can stand in, and what each refuses (PostgreSQL's ParseExprKind).
 *
 * I1  `clauseName` is PostgreSQL's word for the clause, used in "... are not allowed in WHERE".
 */
export type ClauseKind =
  | 'none'
  | 'joinOn'
  | 'joinUsing'
  | 'fromSubselect'
  | 'fromFunction'
  | 'where'
  | 'having'
  | 'filter'
  | 'windowPartition'
  | 'windowOrder'
  | 'windowFrameRange'
  | 'windowFrameRows'
  | 'windowFrameGroups'
  | 'selectTarget'
  | 'insertTarget'
  | 'updateSource'
  | 'updateTarget'
  | 'groupBy'
  | 'orderBy'
  | 'distinctOn'
  | 'limit'
  | 'offset'
  | 'returning'
  | 'mergeReturning'
  | 'values'
  | 'valuesSingle'
  | 'check'
  | 'domainCheck'
  | 'columnDefault'
  | 'functionDefault'
  | 'indexExpression'
  | 'indexPredicate'
  | 'alterColumnTransform'
  | 'execute'
  | 'triggerWhen'
  | 'policy'
  | 'callArgument'
  | 'copyWhere'
  | 'generated'
  | 'partitionKey'
  | 'partitionBound'
  | 'cycleMark'
  | 'mergeWhen';

const NAMES: Readonly<Record<ClauseKind, string>> = {
  none: 'invalid expression context',
  joinOn: 'JOIN/ON',
  joinUsing: 'JOIN/USING',
  fromSubselect: 'sub-SELECT in FROM',
  fromFunction: 'function in FROM',
  where: 'WHERE',
  having: 'HAVING',
  filter: 'FILTER',
  windowPartition: 'window PARTITION BY',
  windowOrder: 'window ORDER BY',
  windowFrameRange: 'window RANGE',
  windowFrameRows: 'window ROWS',
  windowFrameGroups: 'window GROUPS',
  selectTarget: 'SELECT',
  insertTarget: 'INSERT',
  updateSource: 'UPDATE',
  updateTarget: 'UPDATE',
  groupBy: 'GROUP BY',
  orderBy: 'ORDER BY',
  distinctOn: 'DISTINCT ON',
  limit: 'LIMIT',
  offset: 'OFFSET',
  returning: 'RETURNING',
  mergeReturning: 'RETURNING',
  values: 'VALUES',
  valuesSingle: 'VALUES',
  check: 'CHECK',
  domainCheck: 'CHECK',
  columnDefault: 'DEFAULT',
  functionDefault: 'DEFAULT',
  indexExpression: 'index expression',
  indexPredicate: 'index predicate',
  alterColumnTransform: 'USING',
  execute: 'EXECUTE',
  triggerWhen: 'WHEN',
  policy: 'POLICY',
  callArgument: 'CALL',
  copyWhere: 'WHERE',
  generated: 'GENERATED AS',
  partitionKey: 'PARTITION BY',
  partitionBound: 'partition bound',
  cycleMark: 'CYCLE',
  mergeWhen: 'MERGE WHEN',
};

export function clauseName(kind: ClauseKind): string {
  return NAMES[kind];
}

/** Clauses PostgreSQL words specially: "... in JOIN conditions". */
const SPECIAL: Partial<Record<ClauseKind, string>> = {
  joinOn: 'JOIN conditions',
  joinUsing: 'JOIN conditions',
  fromFunction: 'functions in FROM',
  windowFrameRange: 'window RANGE',
  check: 'check constraints',
  domainCheck: 'check constraints',
  columnDefault: 'DEFAULT expressions',
  functionDefault: 'DEFAULT expressions',
  indexExpression: 'index expressions',
  indexPredicate: 'index predicates',
  alterColumnTransform: 'transform expressions',
  execute: 'EXECUTE parameters',
  triggerWhen: 'trigger WHEN conditions',
  policy: 'policy expressions',
  callArgument: 'CALL arguments',
  copyWhere: 'COPY FROM WHERE conditions',
  generated: 'column generation expressions',
  partitionKey: 'partition key expressions',
  partitionBound: 'partition bound',
  mergeWhen: 'MERGE WHEN conditions',
};

/** The clause's name in "aggregate functions are not allowed in ...". */
export function refusalName(kind: ClauseKind): string {
  return SPECIAL[kind] ?? NAMES[kind];
}

const AGGREGATES_ALLOWED: ReadonlySet<ClauseKind> = new Set([
  'having',
  'windowPartition',
  'windowOrder',
  'selectTarget',
  'orderBy',
  'distinctOn',
  'none',
]);

export function allowsAggregates(kind: ClauseKind): boolean {
  return AGGREGATES_ALLOWED.has(kind);
}

const WINDOWS_ALLOWED: ReadonlySet<ClauseKind> = new Set(['selectTarget', 'orderBy', 'distinctOn', 'none']);

export function allowsWindows(kind: ClauseKind): boolean {
  return WINDOWS_ALLOWED.has(kind);
}

const SET_FUNCTIONS_ALLOWED: ReadonlySet<ClauseKind> = new Set([
  'selectTarget',
  'insertTarget',
  'groupBy',
  'orderBy',
  'distinctOn',
  'valuesSingle',
]);

export function allowsSetFunctions(kind: ClauseKind): boolean {
  return SET_FUNCTIONS_ALLOWED.has(kind);
}

const SUBQUERIES_REFUSED: Partial<Record<ClauseKind, string>> = {
  check: 'cannot use subquery in check constraint',
  domainCheck: 'cannot use subquery in check constraint',
  columnDefault: 'cannot use subquery in DEFAULT expression',
  functionDefault: 'cannot use subquery in DEFAULT expression',
  indexExpression: 'cannot use subquery in index expression',
  indexPredicate: 'cannot use subquery in index predicate',
  alterColumnTransform: 'cannot use subquery in transform expression',
  execute: 'cannot use subquery in EXECUTE parameter',
  triggerWhen: 'cannot use subquery in trigger WHEN condition',
  callArgument: 'cannot use subquery in CALL argument',
  copyWhere: 'cannot use subquery in COPY FROM WHERE condition',
  generated: 'cannot use subquery in column generation expression',
  partitionKey: 'cannot use subquery in partition key expression',
  partitionBound: 'cannot use subquery in partition bound',
};

/** The refusal's whole message, or null when subqueries may stand there. */
export function subqueryRefusal(kind: ClauseKind): string | null {
  return SUBQUERIES_REFUSED[kind] ?? null;
}

const COLUMNS_REFUSED: Partial<Record<ClauseKind, string>> = {
  columnDefault: 'cannot use column reference in DEFAULT expression',
  functionDefault: 'cannot use column reference in DEFAULT expression',
  partitionBound: 'cannot use column reference in partition bound expression',
};

export function columnRefusal(kind: ClauseKind): string | null {
  return COLUMNS_REFUSED[kind] ?? null;
}
