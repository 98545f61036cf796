/**
 * Random expressions, asked of PostgreSQL (PGlite) and of the registry. SEED replays a run.
 *
 * All expressions go to PostgreSQL in one query, through a function that turns errors into their SQLSTATE.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecentDbError } from '../base/errors.ts';
import { evaluate, testContext } from './literal-expression.test.kit.ts';
import { resolveFunction } from './resolve.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const CASES = 150;

/** mulberry32 */
function generator(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const random = generator(seed);
const int = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
const pick = <V>(items: readonly V[]): V => items[int(0, items.length - 1)]!;
const digits = (count: number): string => Array.from({ length: count }, () => int(0, 9)).join('');
const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

function decimal(): string {
  const whole = pick(['0', String(int(1, 9)), digits(int(1, 30)), '1', '9999']);
  const fraction = pick(['', '', `.${digits(int(1, 20))}`, '.5', '.000']);
  return `${pick(['', '', '-'])}${whole}${fraction}`;
}
const numeric = (): string => `${quoted(decimal())}::numeric`;
const small = (): string =>
  `${quoted(`${pick(['', '-'])}${int(0, 12)}${pick(['', '.5', `.${digits(3)}`])}`)}::numeric`;
const float = (): string =>
  `${quoted(pick([String(random() * 10 ** int(-20, 25)), String(int(-1e6, 1e6)), decimal().slice(0, 25), `${int(1, 99)}e${int(-30, 30)}`]))}::float8`;
const integer = (): string =>
  pick([
    '2147483647',
    '-2147483647',
    '9223372036854775807',
    String(int(-100, 100)),
    String(int(-1e9, 1e9)),
    digits(int(1, 18)),
  ]);

function date(): string {
  const year = pick([int(1900, 2100), int(1, 9999), int(1, 99)]);
  const y = String(year).padStart(4, '0');
  const m = int(1, 13);
  const d = int(0, 31);
  const month = [
    'Jan',
    'february',
    'Mar',
    'APR',
    'May',
    'june',
    'Jul',
    'Aug',
    'Sept',
    'Oct',
    'Nov',
    'december',
    'Foo',
  ][m - 1]!;
  const two = (value: number): string => String(value).padStart(2, '0');
  return pick([
    `${y}-${two(m)}-${two(d)}`,
    `${y}-${m}-${d}`,
    `${month} ${d}, ${y}`,
    `${d} ${month} ${y}`,
    `${m}/${d}/${y}`,
    `${y}${two(m)}${two(d)}`,
    `${d}-${month}-${y}`,
    `${y}-${month}-${two(d)}`,
    `${y}.${String(int(1, 366)).padStart(3, '0')}`,
    `${y}-${two(m)}-${two(d)} BC`,
  ]);
}
function clock(): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return pick([
    `${two(int(0, 24))}:${two(int(0, 59))}:${two(int(0, 60))}`,
    `${int(0, 23)}:${two(int(0, 59))}`,
    `${two(int(0, 23))}:${two(int(0, 59))}:${two(int(0, 59))}.${digits(int(1, 8))}`,
    `${int(1, 13)}:${two(int(0, 59))} ${pick(['AM', 'pm'])}`,
  ]);
}
const zone = (): string =>
  pick([
    '',
    '',
    '+02',
    '-05:30',
    'Z',
    ' UTC',
    ' PST',
    ' Europe/Berlin',
    ' America/New_York',
    ' Asia/Kolkata',
  ]);
const isoDate = (): string =>
  `${int(1970, 2037)}-${String(int(1, 12)).padStart(2, '0')}-${String(int(1, 28)).padStart(2, '0')}`;
const timestamp = (): string =>
  `timestamp '${isoDate()} ${String(int(0, 23)).padStart(2, '0')}:${String(int(0, 59)).padStart(2, '0')}:${String(int(0, 59)).padStart(2, '0')}.${digits(6)}'`;
function interval(): string {
  const parts = Array.from(
    { length: int(1, 3) },
    () =>
      `${pick(['', '-', '+'])}${int(0, 500)}${pick(['', '', `.${digits(2)}`])} ${pick(['year', 'mons', 'weeks', 'days', 'hours', 'min', 'sec', 'ms', 'decade'])}`,
  );
  return pick([
    parts.join(' '),
    `${int(0, 20)}-${int(0, 12)}`,
    `${int(0, 99)} ${int(0, 30)}:${int(0, 59)}`,
    `P${int(0, 9)}Y${int(0, 20)}M${int(0, 50)}DT${int(0, 50)}H${int(0, 99)}.${digits(2)}S`,
    `${int(-99, 99)} ${pick(['days', 'hours'])} ago`,
  ]);
}
const word = (): string =>
  Array.from({ length: int(0, 8) }, () => pick(['a', 'b', 'c', 'é', '😀', ' '])).join('');
const likePattern = (): string =>
  Array.from({ length: int(0, 6) }, () => pick(['a', 'b', 'é', '%', '_', '\\%', '%'])).join('');
function regex(depth = 0): string {
  const atom = pick(['a', 'b', 'c', '.', '[ab]', '[^a]', '\\w', '\\d']);
  const inner = depth < 2 && random() < 0.3 ? `(${regex(depth + 1)})` : atom;
  const piece = inner + pick(['', '', '', '*', '+', '?', '{1,2}', '{2}']);
  return random() < 0.5 ? piece + (random() < 0.2 ? '|' : '') + regex(depth + 1) : piece;
}
const fields = [
  'year',
  'month',
  'day',
  'hour',
  'second',
  'week',
  'quarter',
  'doy',
  'isodow',
  'epoch',
  'century',
  'decade',
  'millennium',
  'milliseconds',
  'isoyear',
];

const families: Readonly<Record<string, () => string>> = {
  'numeric arithmetic': () => `${numeric()} ${pick(['+', '-', '*', '/', '%'])} ${numeric()}`,
  'numeric rounding': () => `${pick(['round', 'trunc'])}(${numeric()}, ${int(-5, 10)})`,
  'numeric functions': () =>
    pick([
      `sqrt(${numeric()})`,
      `exp(${small()})`,
      `ln(${numeric()})`,
      `power(${small()}, ${small()})`,
      `log(${numeric()})`,
      `log(${small()}, ${small()})`,
      `div(${numeric()}, ${small()})`,
    ]),
  'numeric(p,s)': () => `${numeric()}::numeric(${int(1, 20)},${int(-3, 15)})`,
  'integer arithmetic': () =>
    `(${integer()}) ${pick(['+', '-', '*', '/', '%', '=', '<', '>='])} (${integer()})`,
  'float text': () =>
    pick([
      float(),
      `${float()}::float4`,
      `${float()}::numeric`,
      `${float()} * ${float()}`,
      `${float()}::int`,
      `${float()}::int8`,
    ]),
  'date text': () => `${quoted(date())}::date`,
  'timestamp text': () => `${quoted(`${date()} ${clock()}`)}::timestamp`,
  'timestamptz text': () => `${quoted(`${isoDate()} ${clock()}${zone()}`)}::timestamptz`,
  'time text': () => `${quoted(clock())}::time(${int(0, 6)})`,
  'interval text': () => `${quoted(interval())}::interval`,
  'time arithmetic': () =>
    pick([
      `${timestamp()} + ${quoted(interval())}::interval`,
      `${timestamp()} - ${timestamp()}`,
      `age(${timestamp()}, ${timestamp()})`,
      `${quoted(interval())}::interval * ${int(-9, 9)}`,
      `${quoted(interval())}::interval / ${int(1, 9)}`,
      `justify_interval(${quoted(interval())}::interval)`,
    ]),
  'time fields': () =>
    pick([
      `date_trunc('${pick(fields)}', ${timestamp()})`,
      `date_part('${pick(fields)}', ${timestamp()})`,
      `"extract"('${pick(fields)}', ${quoted(interval())}::interval)`,
      `${timestamp()} AT TIME ZONE '${pick(['Europe/London', 'America/Sao_Paulo', 'Australia/Sydney', 'Asia/Tokyo'])}'`,
    ]),
  like: () => `${quoted(word())} ${pick(['~~', '!~~', '~~*'])} ${quoted(likePattern())}`,
  'regular expressions': () =>
    pick([
      `${quoted(word())} ~ ${quoted(regex())}`,
      `regexp_replace(${quoted(word())}, ${quoted(regex())}, '<\\&>', 'g')`,
      `regexp_count(${quoted(word())}, ${quoted(regex())})`,
    ]),
  'string functions': () =>
    pick([
      `substr(${quoted(word())}, ${int(-3, 6)}, ${int(-1, 6)})`,
      `"left"(${quoted(word())}, ${int(-4, 5)})`,
      `"right"(${quoted(word())}, ${int(-4, 5)})`,
      `lpad(${quoted(word())}, ${int(-1, 12)}, ${quoted(word())})`,
      `split_part(${quoted(word())}, ${quoted(pick(['a', 'b', '']))}, ${int(-3, 3)})`,
      `translate(${quoted(word())}, 'abé', ${quoted(word())})`,
      `replace(${quoted(word())}, 'a', ${quoted(word())})`,
      `btrim(${quoted(word())}, 'a b')`,
      `strpos(${quoted(word())}, ${quoted(pick(['a', 'é', '']))})`,
    ]),
  'text order': () =>
    `${quoted(word())}::text ${pick(['<', '<=', '=', '>'])} ${quoted(word())}::text COLLATE "C"`.replace(
      ' COLLATE "C"',
      '',
    ),
};

function ours(sql: string): string {
  try {
    const context = testContext();
    const { type, value } = evaluate(sql, context);
    return value === null ? 'NULL' : String(resolveFunction('concat', [type]).fn.eval(context, value));
  } catch (error) {
    if (error instanceof DecentDbError) return `ERROR ${error.code}`;
    throw error;
  }
}

test('random expressions give what PostgreSQL gives', async (t) => {
  console.log(`SEED=${seed}`);
  const { PGlite } = await import('@electric-sql/pglite');
  const db = await PGlite.create();
  await db.exec(`SET TIME ZONE 'UTC';
    CREATE FUNCTION outcome(sql text) RETURNS text LANGUAGE plpgsql AS $$
    DECLARE result text;
    BEGIN
      EXECUTE 'SELECT CASE WHEN (' || sql || ') IS NULL THEN ''NULL'' ELSE concat(' || sql || ') END' INTO result;
      RETURN result;
    EXCEPTION WHEN OTHERS THEN RETURN 'ERROR ' || SQLSTATE;
    END $$`);
  for (const [family, make] of Object.entries(families)) {
    await t.test(family, async () => {
      const sqls = Array.from({ length: CASES }, make);
      const { rows } = await db.query<{ result: string }>(
        'SELECT outcome(sql) AS result FROM unnest($1::text[]) WITH ORDINALITY AS u(sql, n) ORDER BY n',
        [sqls],
      );
      const differences = sqls.flatMap((sql, i) =>
        ours(sql) === rows[i]!.result
          ? []
          : [`${sql}\n  PostgreSQL ${rows[i]!.result}\n  here       ${ours(sql)}`],
      );
      assert.equal(differences.length, 0, `SEED=${seed}\n${differences.slice(0, 12).join('\n')}`);
    });
  }
  await db.close();
});
