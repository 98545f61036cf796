/**
 * What a look at a database finds: damage first, then waste, then risk.
 *
 * I1  Reads only. Each finding says what was seen and what to do about it.
 */
import type { CheckReport, Database } from 'decentdb';
import { listTables } from '../catalog-queries.ts';
import { bytesText, filesOf } from '../database-files.ts';
import { unindexedReferences } from './unindexed-references.ts';

export interface Diagnosis {
  readonly severity: 'error' | 'warning' | 'advice';
  readonly code: string;
  readonly title: string;
  readonly evidence: string;
  readonly remedy: string;
}

/** Share of free pages that is worth a word, and the least number of pages. */
const FREE_SHARE = 0.3;
const FREE_PAGES_LEAST = 100;

/** What `check` looks at, and what the catalogue tells. */
export function diagnose(db: Database, path: string, report: CheckReport): Diagnosis[] {
  return [
    ...damage(report),
    ...waste(report, path),
    ...withoutKey(db),
    ...doubleIndexes(db),
    ...referencesWithoutIndex(db),
    ...notValidated(db),
  ];
}

function* damage(report: CheckReport): Generator<Diagnosis> {
  for (const { message, page, object } of report.findings)
    yield {
      severity: 'error',
      code: 'damage',
      title: object === null ? 'the file is damaged' : `${object} is damaged`,
      evidence: page === null ? message : `${message} (page ${page})`,
      remedy:
        'Keep a copy of the files as they are, then restore a backup, or "decentdb recover" what can be read.',
    };
}

function* waste({ pages, freePages }: CheckReport, path: string): Generator<Diagnosis> {
  if (freePages >= FREE_PAGES_LEAST && freePages / pages >= FREE_SHARE)
    yield {
      severity: 'advice',
      code: 'free-pages',
      title: 'much of the file is free',
      evidence: `${freePages} of ${pages} pages hold nothing`,
      remedy:
        'They are used again. For a shorter file: VACUUM, or decentdb vacuum FILE when nobody has it open.',
    };
  const { databaseBytes, logBytes } = filesOf(path);
  if (logBytes > 64 * 1024 * 1024 && logBytes > databaseBytes)
    yield {
      severity: 'warning',
      code: 'long-log',
      title: 'the log is longer than the database',
      evidence: `${bytesText(logBytes)} of log, ${bytesText(databaseBytes)} of pages`,
      remedy: 'A reader open for long keeps it. End it, then: decentdb checkpoint FILE.',
    };
}

function* withoutKey(db: Database): Generator<Diagnosis> {
  const { rows } = db.query<{ schema: string; table_name: string }>(
    "SELECT schema, table_name FROM sys.constraints WHERE kind = 'primaryKey'",
  );
  const keyed = new Set(rows.map((row) => `${row.schema}.${row.table_name}`));
  for (const { schema, name, kind } of listTables(db))
    if (kind === 'table' && !keyed.has(`${schema}.${name}`))
      yield {
        severity: 'advice',
        code: 'no-primary-key',
        title: `table ${schema}.${name} has no primary key`,
        evidence: 'no PRIMARY KEY constraint',
        remedy: 'Add one: rows without a key cannot be named, and tools that copy changes need it.',
      };
}

function* referencesWithoutIndex(db: Database): Generator<Diagnosis> {
  for (const { table, constraint, columns, target, remedy } of unindexedReferences(db))
    yield {
      severity: 'advice',
      code: 'reference-without-index',
      title: `no index for foreign key ${constraint} of ${table}`,
      evidence: `no index begins with (${columns.join(', ')}): deleting from ${target} reads all of ${table}`,
      remedy,
    };
}

function* notValidated(db: Database): Generator<Diagnosis> {
  const { rows } = db.query<{ name: string; constraint_name: string }>(
    `SELECT conrelid::regclass::text AS name, quote_ident(conname) AS constraint_name FROM pg_constraint
     WHERE NOT convalidated AND conrelid <> 0 ORDER BY 1, 2`,
  );
  for (const { name, constraint_name } of rows)
    yield {
      severity: 'warning',
      code: 'constraint-not-valid',
      title: `constraint ${constraint_name} of ${name} is NOT VALID`,
      evidence: 'rows from before it was added were never looked at',
      remedy: `ALTER TABLE ${name} VALIDATE CONSTRAINT ${constraint_name};`,
    };
}

function* doubleIndexes(db: Database): Generator<Diagnosis> {
  const { rows } = db.query<{ schema: string; table_name: string; name: string; definition: string }>(
    'SELECT schema, table_name, name, definition FROM sys.indexes ORDER BY schema, table_name, name',
  );
  const seen = new Map<string, string>();
  for (const { schema, table_name, name, definition } of rows) {
    const what = `${schema}.${table_name} ${definition.replace(/^.*? USING /, '')}`;
    const first = seen.get(what);
    if (first === undefined) seen.set(what, name);
    else
      yield {
        severity: 'warning',
        code: 'double-index',
        title: `indexes ${first} and ${name} of ${schema}.${table_name} are the same`,
        evidence: definition,
        remedy: `Each write pays for both. DROP INDEX ${name};`,
      };
  }
}
