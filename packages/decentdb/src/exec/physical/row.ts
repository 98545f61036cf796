/** Operators that work on one row at a time: filter, project, set-returning functions in a select list. */
import type { TableFunction } from '../../functions/function.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { Expr } from '../expr.ts';
import type { PhysicalNode, PhysicalNodeBase } from '../physical.ts';

/** Outputs the input's slots. */
export interface FilterNode extends PhysicalNodeBase {
  readonly kind: 'filter';
  readonly input: PhysicalNode;
  readonly predicate: Expr;
  /** Conjuncts of the predicate that are the same for every row and cost less than the input: tried before a row is asked for. */
  readonly gates?: readonly Expr[];
}

/** `slots[i]` is `exprs[i]`; plain slot references cost nothing. */
export interface ProjectNode extends PhysicalNodeBase {
  readonly kind: 'project';
  readonly input: PhysicalNode;
  readonly exprs: readonly Expr[];
}

/** Each input row makes as many rows as its longest set, the others padded with NULL; plain expressions repeat. */
export interface ProjectSetNode extends PhysicalNodeBase {
  readonly kind: 'projectSet';
  readonly input: PhysicalNode;
  readonly exprs: readonly (
    | { readonly set: false; readonly expr: Expr }
    | {
        readonly set: true;
        readonly fn: TableFunction;
        readonly args: readonly Expr[];
        readonly columnTypes: readonly SqlType[];
      }
  )[];
}
