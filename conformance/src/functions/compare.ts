/**
 * Asks DecentDB what PostgreSQL was asked, and says where the answers differ.
 *
 * I1  Errors agree by SQLSTATE. Values agree letter for letter; numbers with an exponent or many digits may differ in the last places
 *     where a transcendental function or a sum made them.
 * I2  A function DecentDB does not have (42883, 42704, 0A000) is missing, not different.
 */
import { openSync } from 'decentdb';
import type { PostgresBatch } from './postgres-batch.ts';
import type { Subject } from './signatures.ts';

export interface Difference {
  readonly subject: Subject;
  readonly call: string;
  readonly ours: string;
  readonly theirs: string;
}

export interface Comparison {
  readonly asked: number;
  readonly subjects: number;
  /** Signatures PostgreSQL answers and DecentDB does not have. */
  readonly missing: readonly Subject[];
  readonly differences: readonly Difference[];
}

const TOLERANCE = 1e-13;
const ABSENT = /^ERROR (42883|42704|0A000|42846|42725)/;

type Database = ReturnType<typeof openSync>;

function answer(db: Database, call: string): string {
  try {
    const sql = `SELECT string_agg(t::text, E'\\n') FROM (SELECT ${call}) t`;
    const { rows } = db.query(sql, [], { rowMode: 'array', format: 'text' });
    return (rows as unknown as (string | null)[][])[0]![0] ?? '(no rows)';
  } catch (error) {
    const { code, message } = error as { code?: unknown; message?: unknown };
    if (typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code)) return `CRASH ${String(message)}`;
    return `ERROR ${code} ${String(message)}`;
  }
}

const NUMBER = /-?\d+\.\d{6,}(?:e[+-]?\d+)?|-?\d+(?:\.\d+)?e[+-]?\d+/g;

function isSame(ours: string, theirs: string): boolean {
  if (ours === theirs) return true;
  if (ours.startsWith('ERROR') && theirs.startsWith('ERROR'))
    return ours.slice(0, 11) === theirs.slice(0, 11);
  if (ours.replace(NUMBER, '#') !== theirs.replace(NUMBER, '#')) return false;
  const [mine, other] = [ours.match(NUMBER) ?? [], theirs.match(NUMBER) ?? []];
  return mine.every((text, i) => {
    const [a, b] = [Number(text), Number(other[i])];
    return Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
  });
}

export async function compareSubjects(postgres: PostgresBatch, all: readonly Subject[]): Promise<Comparison> {
  const db = openSync(':memory:');
  const theirs = await postgres.answers(all.flatMap(({ calls }) => calls));
  const missing: Subject[] = [];
  const differences: Difference[] = [];
  let at = 0;
  for (const subject of all) {
    const answers = subject.calls.map((call) => answer(db, call));
    const expected = theirs.slice(at, at + subject.calls.length);
    at += subject.calls.length;
    const isAnswered = expected.some((text) => !ABSENT.test(text));
    if (isAnswered && answers.length > 0 && answers.every((text) => ABSENT.test(text))) {
      missing.push(subject);
      continue;
    }
    for (const [i, call] of subject.calls.entries())
      if (!isSame(answers[i]!, expected[i]!))
        differences.push({ subject, call, ours: answers[i]!, theirs: expected[i]! });
  }
  db.close();
  return { asked: at, subjects: all.filter(({ calls }) => calls.length > 0).length, missing, differences };
}
