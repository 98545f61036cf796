/**
 * Current values of sequences: rows of the catalogue's tree beside the definitions, changed without touching the cookie.
 *
 * I1  A sequence without a row has not been called: its next value is `start`.
 * I2  A row belongs to its transaction like any other; what outlives a rollback is kept by the session layer.
 */
import { DecentDbError } from '../base/errors.ts';
import { TreePosition } from '../tree/tree-position.ts';
import type { ReadView } from '../txn/page-view.ts';
import { RowField, RowKind } from './catalog-rows.ts';
import { type CatalogMeta, type CatalogWriteView, catalogTree } from './catalog-store.ts';
import type { SequenceDef } from './schema.ts';

export interface SequenceValue {
  readonly lastValue: bigint;
  /** Whether `lastValue` was handed out: then the next one is a step further. */
  readonly isCalled: boolean;
}

function keyOf(id: number): (number | bigint)[] {
  return [RowKind.sequenceValue, id, 0];
}

export function readSequence(view: ReadView, meta: CatalogMeta, sequence: SequenceDef): SequenceValue {
  const start = { lastValue: BigInt(sequence.start as number | bigint), isCalled: false };
  if (meta.catalogRoot === 0) return start;
  const tree = catalogTree(meta.catalogRoot);
  const position = new TreePosition();
  if (!tree.get(view, keyOf(sequence.id), position) || position.leaf === null) return start;
  const text = tree.datum(view, position.leaf, position.index, RowField.definition) as string;
  const [last, called] = text.split(',');
  if (last === undefined || !/^-?\d+$/.test(last))
    throw new DecentDbError('XX001', `value of sequence "${sequence.name}" in the catalogue is damaged`);
  return { lastValue: BigInt(last), isCalled: called === '1' };
}

export function writeSequence(view: CatalogWriteView, sequence: SequenceDef, value: SequenceValue): void {
  const tree = catalogTree(view.meta.catalogRoot);
  const text = `${value.lastValue},${value.isCalled ? 1 : 0}`;
  const key = keyOf(sequence.id);
  if (!tree.update(view, key, [RowField.definition], [text])) tree.insert(view, [...key, 0, '', text]);
}

/** Forgets the value: the sequence is dropped, or starts again. */
export function clearSequence(view: CatalogWriteView, sequence: SequenceDef): void {
  if (view.meta.catalogRoot !== 0) catalogTree(view.meta.catalogRoot).delete(view, keyOf(sequence.id));
}

/** The value after `now`; 2200H at the end of a sequence that does not cycle. */
export function steppedValue(sequence: SequenceDef, now: SequenceValue): bigint {
  return now.isCalled ? stepped(sequence, now.lastValue) : now.lastValue;
}

function stepped(sequence: SequenceDef, last: bigint): bigint {
  const increment = BigInt(sequence.increment as number | bigint);
  const min = BigInt(sequence.min as number | bigint);
  const max = BigInt(sequence.max as number | bigint);
  const next = last + increment;
  if (increment > 0n && next > max) {
    if (sequence.cycle) return min;
    throw new DecentDbError(
      '2200H',
      `nextval: reached maximum value of sequence "${sequence.name}" (${max})`,
    );
  }
  if (increment < 0n && next < min) {
    if (sequence.cycle) return max;
    throw new DecentDbError(
      '2200H',
      `nextval: reached minimum value of sequence "${sequence.name}" (${min})`,
    );
  }
  return next;
}

/** setval(): 22003 when the value is outside the bounds. */
export function checkSequenceValue(sequence: SequenceDef, value: bigint): void {
  const min = BigInt(sequence.min as number | bigint);
  const max = BigInt(sequence.max as number | bigint);
  if (value < min || value > max)
    throw new DecentDbError(
      '22003',
      `setval: value ${value} is out of bounds for sequence "${sequence.name}" (${min}..${max})`,
    );
}
