import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rewriteParameters } from './parameters.ts';

const all = { question: true, colon: true, at: true };

test('question marks become numbers in order', () => {
  const r = rewriteParameters('SELECT ? , \'?\', "?", /* ? */ $$?$$ FROM t WHERE a=? AND b IN (?,?) -- ?', {
    question: true,
  });
  assert.equal(r.sql, 'SELECT $1 , \'?\', "?", /* ? */ $$?$$ FROM t WHERE a=$2 AND b IN ($3,$4) -- ?');
  assert.deepEqual(r.names, [null, null, null, null]);
  assert.equal(rewriteParameters('SELECT a ?? b', { question: true }).sql, 'SELECT a ? b');
});

test('names are shared, casts and slices left alone', () => {
  const r = rewriteParameters('SELECT :a::int, :b, a[1:b], :a, x := 1; SELECT :c', { colon: true });
  assert.equal(r.sql, 'SELECT $1::int, $2, a[1:b], $1, x := 1; SELECT $3');
  assert.deepEqual(r.names, ['a', 'b', 'c']);
});

test('at names', () => {
  assert.equal(rewriteParameters('SELECT @id, a=@id, b <@c, @ d', all).sql, 'SELECT $1, a=$1, b <@c, @ d');
});

test('styles do not mix with numbers', () => {
  assert.throws(() => rewriteParameters('SELECT $1, ?', { question: true }), { code: '42601' });
  assert.equal(rewriteParameters('SELECT $1', all).sql, 'SELECT $1');
});
