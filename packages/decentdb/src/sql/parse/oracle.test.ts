// Agreement with PostgreSQL's own grammar (libpg-query): accept or reject, the tree, and where errors point.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import * as libpg from 'libpg-query';
import { DecentDbError } from '../../base/errors.ts';
import type { RawStmt } from '../ast/nodes.ts';
import { CASES } from './oracle-cases.test.support.ts';
import { firstDifference, fromOurs, fromPg } from './oracle-compare.test.support.ts';
import {
  featureStatements,
  hasCorpus,
  logicTestFiles,
  logicTestStatements,
  recordedStatements,
  sampleScript,
} from './oracle-corpus.test.support.ts';
import { parse } from './parse.ts';

/** libpg-query lexes `$1a` as a parameter and a name, for its normaliser; PostgreSQL itself refuses it. */
const ORACLE_IS_WRONG = new Set(['PREPARE p1 AS SELECT $1a;']);
const MILLION = 1_000_000;

interface SqlErrorLike {
  readonly message: string;
  readonly sqlDetails?: { readonly cursorPosition?: number };
}

before(async () => {
  await libpg.loadModule();
});

/** What disagrees about one text, or null. */
function disagreement(sql: string): string | null {
  let theirs: { stmts?: { stmt?: unknown }[] } | null = null;
  let theirError: SqlErrorLike | null = null;
  let ours: RawStmt[] | null = null;
  let ourError: DecentDbError | null = null;
  try {
    theirs = libpg.parseSync(sql) as { stmts?: { stmt?: unknown }[] };
  } catch (error) {
    theirError = error as SqlErrorLike;
  }
  try {
    ours = parse(sql);
  } catch (error) {
    assert.ok(error instanceof DecentDbError, `not an error of ours: ${String(error)} for ${sql}`);
    ourError = error;
  }
  if (ours === null || theirs === null) {
    if (theirError === null || ourError === null)
      return theirError === null
        ? `should be accepted: ${ourError?.message}`
        : `should be refused: ${theirError.message}`;
    if (theirError.message !== ourError.message)
      return `message: ${theirError.message} / ${ourError.message}`;
    const position = (theirError.sqlDetails?.cursorPosition ?? -1) + 1;
    return position === ourError.position ? null : `position: ${position} / ${ourError.position}`;
  }
  if (ours.some((raw) => raw.stmt.kind === 'UnsupportedStmt')) return null;
  return firstDifference(
    fromPg((theirs.stmts ?? []).map((s) => s.stmt)),
    fromOurs(ours.map((s) => s.stmt)),
    false,
  );
}

function expectAgreement(statements: readonly string[]): void {
  const problems: string[] = [];
  for (const sql of statements) {
    if (ORACLE_IS_WRONG.has(sql)) continue;
    const problem = disagreement(sql);
    if (problem !== null) problems.push(`${problem}\n    ${sql.slice(0, 300)}`);
  }
  assert.equal(
    problems.length,
    0,
    `${problems.length} of ${statements.length}:\n${problems.slice(0, 20).join('\n')}`,
  );
}

/** Positions in non-ASCII text count bytes there and UTF-16 units here. */
const isAscii = (sql: string): boolean => Buffer.byteLength(sql) === sql.length;

test('own cases agree with the oracle', () => expectAgreement(CASES));

test('PostgreSQL regression statements agree', { skip: !hasCorpus() }, () => {
  const statements = recordedStatements('postgres/regress').filter(
    (sql) => !sql.includes('\0') && isAscii(sql),
  );
  assert.ok(statements.length > 5000);
  expectAgreement(statements);
});

test('SQL:2016 feature statements agree', { skip: !hasCorpus() }, () => {
  expectAgreement(featureStatements().filter(isAscii));
});

test('sampled sqllogictest statements agree', { skip: !hasCorpus() }, () => {
  const files = logicTestFiles();
  expectAgreement(files.flatMap((file) => logicTestStatements(file, 200)).filter(isAscii));
});

test('sample databases parse whole, with as many statements as the oracle finds', {
  skip: !hasCorpus(),
}, () => {
  for (const name of ['chinook', 'northwind', 'netflix', 'titanic', 'periodic_table']) {
    const script = sampleScript(name);
    // The script without psql's meta-commands; a part of it, the rest is more of the same.
    const text = script.replace(/^(COPY .* FROM stdin;)\n[\s\S]*?^\\\.$/gim, '$1').replace(/^\\.*$/gm, '');
    const ours = parse(text, {
      textBytesMax: 100 * MILLION,
      tokensMax: MILLION,
      nestingMax: 1000,
      functionArgumentsMax: 100,
      parametersMax: 65_535,
    });
    if (text.length > 2 * MILLION) continue;
    const theirs = libpg.parseSync(text) as { stmts: unknown[] };
    assert.equal(ours.length, theirs.stmts.length, name);
  }
});
