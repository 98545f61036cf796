/**
 * A helper's half of a gathering operator: runs pieces of its input and gives their rows as bytes.
 *
 * I1  Nothing of a piece is held when it has been given away.
 */
import { assert } from '../../base/assert.ts';
import type { KeyRange } from '../../tree/tree-cursor.ts';
import { identity } from '../batch.ts';
import { ExecContext, type NodeCounter, StatementContext, type StatementOptions } from '../context.ts';
import type { PieceRows } from '../parallel.ts';
import { type GatherNode, inputsOf, type PhysicalNode } from '../physical.ts';
import { RowStore } from '../row-store.ts';
import { BLOCK_ROWS, encodeBlock, spillSpecs } from '../spill/block-codec.ts';
import { scanPieces } from '../storage/scan-pieces.ts';
import { gather } from '../vectors.ts';
import { buildOperator } from './build.ts';
import { parallelScan } from './gather.ts';
import type { Operator } from './operator.ts';

export class PieceRunner {
  readonly pieces: readonly (readonly KeyRange[])[];
  private readonly node: GatherNode;
  private readonly statement: StatementContext;
  private readonly context: ExecContext;
  private readonly operator: Operator;
  private readonly removed: Map<number, number> = new Map();

  constructor(node: GatherNode, pieceRows: number, options: StatementOptions) {
    this.node = node;
    this.statement = new StatementContext(options);
    this.context = new ExecContext(this.statement, [], new Map());
    this.operator = buildOperator(node.input, { isCounting: this.statement.counters !== null });
    this.pieces = scanPieces(parallelScan(node.input), this.context, pieceRows);
  }

  run(piece: number): PieceRows {
    const { node, statement, operator } = this;
    const specs = spillSpecs(node.slots);
    assert(specs !== null, 'gathered rows have a stored form');
    const rows = new RowStore(node.slots, statement.memory);
    statement.piece = this.pieces[piece]!;
    try {
      operator.open(this.context);
      operator.reuse?.();
      for (let batch = operator.next(); batch !== null; batch = operator.next()) {
        statement.checkCancel();
        rows.append(batch);
      }
    } finally {
      operator.close();
    }
    const blocks: PieceRows['blocks'][number][] = [];
    for (let from = 0; from < rows.count; from += BLOCK_ROWS) {
      const places = identity(from, Math.min(rows.count, from + BLOCK_ROWS));
      const vectors = rows.columns.map((column) => gather(column.vector(), places, places.length));
      blocks.push({ ...encodeBlock(specs, vectors, places.length), count: places.length });
    }
    rows.clear();
    return { blocks, counters: this.takeCounters() };
  }

  /** What was counted for this piece alone: counters begin anew with the next, but what operators say they removed goes on. */
  private takeCounters(): [number, NodeCounter][] {
    const { counters } = this.statement;
    const taken: [number, NodeCounter][] = [];
    if (counters === null) return taken;
    const visit = (node: PhysicalNode): void => {
      const counter = counters[node.id];
      if (counter !== undefined) {
        taken.push([node.id, { ...counter, removed: counter.removed - (this.removed.get(node.id) ?? 0) }]);
        this.removed.set(node.id, counter.removed);
        counters[node.id] = undefined;
      }
      for (const input of inputsOf(node)) visit(input);
    };
    visit(this.node.input);
    return taken;
  }

  close(): void {
    this.statement.memory.release();
  }
}
