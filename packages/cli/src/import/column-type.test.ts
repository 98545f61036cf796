import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ColumnType, TypeSniffer } from './column-type.ts';

function sniffed(...values: (string | null)[]): ColumnType {
  const sniffer = new TypeSniffer();
  for (const value of values) sniffer.see(value);
  return sniffer.type;
}

test('numbers take the narrowest type that holds them all', () => {
  assert.equal(sniffed('1', '-2', null), 'integer');
  assert.equal(sniffed('1', '3000000000'), 'bigint');
  assert.equal(sniffed('1', '99999999999999999999'), 'numeric');
  assert.equal(sniffed('1', '2.5', '1e3'), 'double precision');
  assert.equal(sniffed('2.5', '3000000000000'), 'numeric');
  assert.equal(sniffed('0.12345678901234567'), 'numeric');
});

test('what would lose something by becoming a number stays text', () => {
  assert.equal(sniffed('007'), 'text');
  assert.equal(sniffed('1', 'n/a'), 'text');
  assert.equal(sniffed('.'), 'text');
  assert.equal(sniffed('-'), 'text');
});

test('dates exist in the calendar', () => {
  assert.equal(sniffed('2024-02-29'), 'date');
  assert.equal(sniffed('2023-02-29'), 'text');
  assert.equal(sniffed('2024-02-29', '2024-01-01 10:00:00'), 'timestamp');
  assert.equal(sniffed('2024-01-01T10:00:00Z'), 'timestamptz');
  assert.equal(sniffed('2024-01-01 10:00', '5'), 'text');
});

test('booleans, uuids, nothing at all', () => {
  assert.equal(sniffed('true', 'f'), 'boolean');
  assert.equal(sniffed('6f9619ff-8b86-d011-b42d-00c04fc964ff'), 'uuid');
  assert.equal(sniffed(null, null), 'text');
});
