/**
 * TABLESAMPLE: keeps rows (BERNOULLI) or whole leaves (SYSTEM) with the given probability.
 *
 * I1  REPEATABLE (seed) gives the same rows for the same data.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { Batch } from '../batch.ts';
import type { ExecContext } from '../context.ts';
import { evaluatorOf } from '../interpret/evaluator.ts';
import type { ScanNode } from '../physical.ts';
import { emptyRow } from './sources.ts';

export class Sampler {
  private readonly fraction: number;
  private readonly isSystem: boolean;
  private readonly random: () => number;

  constructor(sample: NonNullable<ScanNode['sample']>, context: ExecContext) {
    const percent = evaluatorOf(sample.percent)(emptyRow, 0, context) as number | null;
    if (percent === null) throw new DecentDbError('2202H', 'TABLESAMPLE parameter cannot be null');
    if (!(percent >= 0 && percent <= 100)) {
      throw new DecentDbError('2202H', 'sample percentage must be between 0 and 100');
    }
    this.fraction = percent / 100;
    this.isSystem = sample.method === 'system';
    const seed = sample.seed === null ? null : evaluatorOf(sample.seed)(emptyRow, 0, context);
    if (sample.seed !== null && seed === null) {
      throw new DecentDbError('2202G', 'TABLESAMPLE REPEATABLE parameter cannot be null');
    }
    this.random = seed === null ? () => context.eval.random() : seededRandom(Number(seed));
  }

  run(batch: Batch): Batch | null {
    if (this.isSystem) return this.random() < this.fraction ? batch : null;
    const out = new Int32Array(batch.count);
    let kept = 0;
    for (let i = 0; i < batch.count; i++) if (this.random() < this.fraction) out[kept++] = batch.position(i);
    return kept === 0 ? null : batch.select(out, kept);
  }
}

/** A small generator with 32 bits of state (mulberry32). */
function seededRandom(seed: number): () => number {
  let state = Math.imul(seed | 0, 0x9e3779b1) ^ Math.trunc(seed * 1e6);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
