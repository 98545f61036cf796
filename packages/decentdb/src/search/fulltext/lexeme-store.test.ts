import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '../../base/prng.ts';
import { createTree, Tree } from '../../tree/tree.ts';
import { verifyTree } from '../../tree/verify-tree.ts';
import { openStorage } from '../../txn/open-storage.ts';
import { compareText } from '../../types/text-order.ts';
import { placeOf, type TsVector, TsVectorBuilder } from '../../types/tsvector.ts';
import { MemoryVfs } from '../../vfs/memory-vfs.ts';
import { noteSchema } from '../note-tree.ts';
import { eachPosting } from './lexeme-posting.ts';
import { LEXEME_SCHEMA, LexemeStore } from './lexeme-store.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 100_000);
const LEXEMES = [
  'moon',
  'river',
  'été',
  'ωmega',
  '日本',
  '😀',
  'x'.repeat(65),
  `${'x'.repeat(64)}y`,
  'a b',
  '',
];

interface Kind {
  /** Chance of a lexeme without places. */
  readonly bare: number;
  /** Chance of a lexeme with places all over a long document. */
  readonly many: number;
}

function vectorOf(prng: Prng, kind: Kind): TsVector {
  const builder = new TsVectorBuilder();
  for (let n = prng.below(12); n > 0; n--) {
    const lexeme = prng.chance(0.5) ? prng.pick(LEXEMES) : `w${prng.below(400)}`;
    if (prng.chance(kind.bare)) builder.add(lexeme, null);
    else if (prng.chance(kind.many))
      for (let i = 0; i < 300; i++) builder.add(lexeme, placeOf(1 + i * (1 + prng.below(50)), prng.below(4)));
    else
      for (let i = 1 + prng.below(3); i > 0; i--)
        builder.add(lexeme, placeOf(1 + prng.below(prng.chance(0.1) ? 20_000 : 60), prng.below(4)));
  }
  return builder.finish();
}

type Posting = readonly [number, string, number, number, string | null];

test('a built index has the postings of its vectors, in one round or several', (t) => {
  t.diagnostic(`seed ${seed}`);
  const prng = new Prng(seed);
  for (const pageSize of [1024, 8192])
    for (const kind of [
      { bare: 0, many: 0 },
      { bare: 0.05, many: 0 },
      { bare: 0, many: 0.02 },
    ])
      for (const bytesMax of [1 << 26, 30_000]) {
        const { engine, close } = openStorage('t.ddb', { pageSize, vfs: new MemoryVfs() });
        const txn = engine.beginWrite();
        const postings = new Tree(createTree(txn, LEXEME_SCHEMA), LEXEME_SCHEMA, 'postings');
        const pending = new Tree(createTree(txn, noteSchema(2, true)), noteSchema(2, true), 'pending');
        const store = new LexemeStore(postings, pending);
        const wanted: Posting[] = [];
        const rows = prng.pick([0, 1, 40, 300]);
        store.build(
          txn,
          (add) => {
            for (let rowId = -3; rowId < rows; rowId += 1 + prng.below(3)) {
              const vectors = [0, 1].map(() => (prng.chance(0.1) ? null : vectorOf(prng, kind)));
              vectors.forEach((vector, column) => {
                if (vector !== null)
                  eachPosting(vector, (key, stat, places) => wanted.push([column, key, rowId, stat, places]));
              });
              add(rowId, vectors);
            }
          },
          bytesMax,
        );
        const found: Posting[] = [];
        store.eachPosting(txn, (...posting) => found.push(posting));
        wanted.sort((a, b) => a[0] - b[0] || compareText(a[1], b[1]) || a[2] - b[2]);
        const what = JSON.stringify({ seed, pageSize, kind, bytesMax, rows });
        assert.deepEqual(found, wanted, what);
        verifyTree(postings, txn);
        txn.rollback();
        close();
      }
});
