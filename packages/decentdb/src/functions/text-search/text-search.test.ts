/** Text search functions against PostgreSQL's answers, and against their own rules. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../api/database.ts';
import { Prng } from '../../base/prng.ts';
import { WordTable } from '../../search/fulltext/word-table.ts';
import { searchConfigOid } from '../../types/regconfig.ts';
import { defaultTypeSettings } from '../../types/sql-type.ts';
import { TsQuery, tsqueryType } from '../../types/tsquery.ts';
import { TsVector, tsvectorType } from '../../types/tsvector.ts';
import { type TextSource, toVector } from './analysis.ts';
import { configOf } from './configurations.ts';
import { stemEnglish } from './english-stemmer.ts';
import { searchCases, stemCases } from './golden.test.kit.ts';
import { textCases } from './golden-texts.test.kit.ts';
import { vectorMatches } from './match.ts';
import { toQuery } from './query-build.ts';
import { tokenize } from './tokenizer.ts';

const seed = Number(process.env['SEED'] ?? 1);

test('text search: vectors, queries, matches, ranks and headlines are those of PostgreSQL', () => {
  const db = openSync(':memory:');
  for (const [expression, value] of [...searchCases, ...textCases]) {
    const [row] = db.query<[string]>(`SELECT (${expression})::text`, [], { rowMode: 'array' }).rows;
    assert.equal(String(row?.[0] ?? null), value, expression);
  }
  db.close();
});

test('text search: English stems are those of Snowball', () => {
  for (const line of stemCases)
    for (const pair of line.split(' ')) {
      const [word, stem] = pair.split(':') as [string, string];
      if (stem !== '') assert.equal(stemEnglish(word), stem, word);
    }
});

test('text search: tokens cover the text, their parts aside', () => {
  const texts: readonly (readonly [string, string])[] = [
    ['The e-mail joe@example.com', '1:The 16:e-mail 11:e 11:mail 4:joe@example.com'],
    ['http://example.com/a?b=1', '14:http:// 5:example.com/a?b=1 6:example.com 18:/a?b=1'],
    ['12abc 20th 1990s 5kg 12 +5kg', '3:12abc 3:20th 3:1990s 3:5kg 22:12 21:+5 1:kg'],
    ['9e1074fb 1e5x 3.5mm 1-2a', '7:9e1074 1:fb 7:1e5 1:x 20:3.5 1:mm 22:1 21:-2 1:a'],
    ['/usr/local v1.2 1.2.3 -4 +5.5 1e9', '19:/usr/local 19:v1.2 8:1.2.3 21:-4 20:+5.5 7:1e9'],
    ['<b>naïve</b> &amp; x2-b', '13:<b> 2:naïve 13:</b> 23:&amp; 15:x2-b 9:x2 11:b'],
    ["don't été-hiver 日本語", '1:don 1:t 17:été-hiver 10:été 11:hiver 2:日本語'],
  ];
  for (const [text, wanted] of texts) {
    const tokens = tokenize(text);
    assert.equal(
      tokens
        .filter(({ type }) => type !== 12)
        .map((token) => `${token.type}:${token.text}`)
        .join(' '),
      wanted,
    );
  }
  const prng = new Prng(seed);
  for (let n = 0; n < 3000; n++) {
    const text = Array.from({ length: prng.below(12) }, () =>
      prng.pick([
        'a',
        'B',
        '1',
        '-',
        '.',
        '/',
        '<',
        '>',
        '&',
        ';',
        '@',
        ' ',
        'é',
        '日',
        '_',
        ':',
        '#',
        '"',
        '\u{1F600}',
      ]),
    ).join('');
    const whole = tokenize(text)
      .filter(({ type }) => ![5, 15, 16, 17].includes(type))
      .map((token) => token.text)
      .join('');
    assert.equal(whole, text, JSON.stringify(text));
  }
});

test('text search: text forms read back, stored bytes too', () => {
  const prng = new Prng(seed);
  const word = (): string => `'${prng.pick(['cat', "it''s", 'b\\\\c', 'é', ' x '])}'`;
  const vector = (): string =>
    Array.from(
      { length: prng.below(5) },
      () => `${word()}${prng.pick(['', ':1', ':2A,5', ':16383B,99999'])}`,
    ).join(' ');
  const query = (depth: number): string =>
    prng.chance(0.4) || depth > 4
      ? `${word()}${prng.pick(['', ':*', ':AB', ':*D'])}`
      : prng.chance(0.2)
        ? `!${query(depth + 1)}`
        : `(${query(depth + 1)} ${prng.pick(['&', '|', '<->', '<7>'])} ${query(depth + 1)})`;
  for (let n = 0; n < 500; n++) {
    for (const [type, text] of [
      [tsvectorType, vector()],
      [tsqueryType, query(0)],
    ] as const) {
      const value = type.input(text, -1, defaultTypeSettings);
      const printed = type.output(value, defaultTypeSettings);
      const again = type.input(printed, -1, defaultTypeSettings);
      assert.equal(type.output(again, defaultTypeSettings), printed);
      assert.equal(type.compare(value, again), 0);
      const stored = type.codec!.fromBytes(type.codec!.toBytes(value as object));
      assert.equal(type.output(stored, defaultTypeSettings), printed);
    }
  }
});

test('text search: errors are those of PostgreSQL', () => {
  const db = openSync(':memory:');
  for (const [sql, code] of [
    [`SELECT 'a:0'::tsvector`, '42601'],
    [`SELECT 'a & '::tsquery`, '42601'],
    [`SELECT 'a b'::tsquery`, '42601'],
    [`SELECT to_tsvector('klingon', 'a')`, '42704'],
    [`SELECT setweight('a:1'::tsvector, 'x')`, '22023'],
    [`SELECT ts_headline('a', 'a'::tsquery, 'Wrong=1')`, '22023'],
    [`SET default_text_search_config = 'klingon'`, '42704'],
  ] as const)
    assert.throws(() => db.query(sql), { code }, sql);
  db.close();
});

test('text search: a text satisfies a query exactly when its vector does', () => {
  const prng = new Prng(seed);
  const config = configOf(searchConfigOid('english'));
  const words = ['cats', 'cat', 'the', 'running', 'e-mail', 'x2', 'dog', 'été', 'supernova', 'a.b', '<b>'];
  const query = (depth: number): string =>
    prng.chance(0.45) || depth > 3
      ? `${prng.pick(words).replace('<b>', 'b')}${prng.pick(['', '', ':*', ':D'])}`
      : prng.chance(0.2)
        ? `!${query(depth + 1)}`
        : `(${query(depth + 1)} ${prng.pick(['&', '|', '&', '|', '<->'])} ${query(depth + 1)})`;
  let satisfied = 0;
  for (let n = 0; n < 3000; n++) {
    const text = Array.from({ length: prng.below(10) }, () => prng.pick(words)).join(
      prng.pick([' ', '-', '. ']),
    );
    const { root } = toQuery(config, query(0));
    const made = toVector(config, text);
    const vector = new TsVector(made.lexemes, made.places);
    const answer = vectorMatches(toVector(config, text), root);
    assert.equal(
      answer,
      vectorMatches(vector, root),
      `${JSON.stringify(text)} @@ ${String(new TsQuery(root))}`,
    );
    if (answer) satisfied++;
  }
  assert.ok(satisfied > 500 && satisfied < 2500, `${satisfied}`);
});

test('text search: reading a text for its lexemes alone finds those of its vector, whatever it is made of', () => {
  const prng = new Prng(seed);
  const parts = [
    './x',
    '../a/b',
    '~/c',
    'cat',
    ' ',
    ' ',
    '.',
    ',',
    '-',
    '/',
    'e-mail',
    'a.b',
    '1.5',
    'x2',
    '<b>',
    '&amp;',
    'é',
    '_',
    'joe@x.com',
    'http://',
    'the',
    '!',
    '3',
  ];
  const signs = [
    ..."abzAZ0199..--//<>&;@@__::~~++,,  \n'()#?éßª\u00ad\u00a0²×ÿ",
    '日',
    '<script>',
    '</script>',
  ];
  for (const name of ['english', 'simple', 'german']) {
    const config = configOf(searchConfigOid(name));
    const numbers = new Map<string, number>();
    const table = new WordTable((lexeme) => {
      if (!numbers.has(lexeme)) numbers.set(lexeme, numbers.size);
      return numbers.get(lexeme)!;
    }, 500);
    for (let n = 0; n < 6000; n++) {
      const pieces = prng.chance(0.3) ? parts : signs;
      const text = Array.from({ length: prng.below(14) }, () => prng.pick(pieces)).join('');
      const source = toVector(config, text).source as TextSource;
      const wanted: string[] = [];
      let position = 0;
      for (const token of tokenize(text)) {
        const lexeme = config.lexemeOf(token.type, token.text);
        if (lexeme !== null) position++;
        if (lexeme !== null && lexeme !== '') wanted.push(`${lexeme} ${position}`);
      }
      const scanned: string[] = [];
      source.scan((lexeme, at) => {
        scanned.push(`${lexeme} ${at}`);
        return false;
      });
      assert.deepEqual(scanned, wanted, JSON.stringify(text));
      const counted: string[] = [];
      source.scanNumbers(table, (number, at) => counted.push(`${[...numbers.keys()][number]} ${at}`));
      assert.deepEqual(counted, wanted, JSON.stringify(text));
    }
  }
});

test('text search: what is looked for in vain is looked for once', () => {
  const texts = [
    'a_',
    'a1_',
    '_1a',
    'a-',
    'a.',
    'a@',
    '<!--',
    '<a "',
    "<a '",
    '&a',
    'http:/',
    '1-',
    'a_b@',
    '<script>',
    '~/',
    '..',
  ];
  for (const part of texts) {
    const text = part.repeat(20_000);
    const start = process.cpuUsage().user;
    const tokens = tokenize(text);
    const ms = (process.cpuUsage().user - start) / 1000;
    assert.ok(tokens.length > 0 && ms < 1000, `${part}: ${ms} ms`);
  }
});

test('text search: a long word takes time by its length, not by the square of it', () => {
  const begin = performance.now();
  for (const word of ['日'.repeat(30_000), 'a1'.repeat(30_000), `${'é'.repeat(30_000)}-1`])
    assert.ok(tokenize(word)[0]!.text.length >= 30_000);
  // Some 30 ms; it was 20 seconds.
  assert.ok(performance.now() - begin < 3000);
});
