/**
 * Copies of a tree, for rules that read the same rows in two places.
 *
 * I1  Column ids are unique in a statement: every column that a node of the tree makes gets a new one in the copy.
 * I2  Trees with subqueries in expressions, laterals, marks and WITH are not copied.
 */
import type { ColumnId, Expr } from '../../exec/expr.ts';
import { columnRef } from '../expr-walk.ts';
import type { LogicalNode, OutputColumn } from '../logical.ts';
import { forEachNodeExpr, inputsOf, mapNodeExprs, withInputs } from '../node-walk.ts';
import { hasSubquery, isVolatilePlan, substitute } from '../predicates.ts';
import type { RuleContext } from './rule.ts';

const copied: ReadonlySet<LogicalNode['kind']> = new Set([
  'scan',
  'values',
  'filter',
  'project',
  'join',
  'aggregate',
  'window',
  'distinct',
  'sort',
  'limit',
  'setOp',
]);

/** Whether {@link TreeCopier} copies the tree, and both will have the same rows. */
export function isCopied(node: LogicalNode): boolean {
  return isPlain(node) && !isVolatilePlan(node);
}

function isPlain(node: LogicalNode): boolean {
  if (!copied.has(node.kind)) return false;
  if (node.kind === 'scan' && node.sample !== null) return false;
  if (node.kind === 'join' && (node.lateral || node.mark !== null)) return false;
  let isFit = true;
  forEachNodeExpr(node, (expr) => {
    if (hasSubquery(expr)) isFit = false;
  });
  return isFit && inputsOf(node).every(isPlain);
}

export class TreeCopier {
  readonly #context: RuleContext;
  readonly #refs = new Map<ColumnId, Expr>();
  readonly #ids = new Map<ColumnId, ColumnId>();

  constructor(context: RuleContext) {
    this.#context = context;
  }

  copy(node: LogicalNode): LogicalNode {
    const inputs = inputsOf(node).map((input) => this.copy(input));
    const over = mapNodeExprs(withInputs(node, inputs), (expr) => substitute(expr, this.#refs));
    switch (over.kind) {
      case 'scan':
      case 'values':
      case 'project':
      case 'setOp':
        return { ...over, columns: this.#renamed(node.columns) };
      case 'aggregate': {
        const columns = this.#renamed(node.columns);
        const output = <T extends { readonly output: ColumnId }>(part: T): T => this.#withOutput(part);
        return {
          ...over,
          columns,
          groups: over.groups.map(output),
          aggregates: over.aggregates.map(output),
          groupings: over.groupings.map(output),
        };
      }
      case 'window': {
        const made = this.#renamed(node.columns.slice(node.columns.length - over.calls.length));
        const handed = over.columns.slice(0, over.columns.length - made.length);
        return {
          ...over,
          columns: [...handed, ...made],
          calls: over.calls.map((call) => this.#withOutput(call)),
        };
      }
      default:
        return over;
    }
  }

  #withOutput<T extends { readonly output: ColumnId }>(part: T): T {
    return { ...part, output: this.#newId(part.output) };
  }

  #renamed(columns: readonly OutputColumn[]): readonly OutputColumn[] {
    return columns.map((column) => {
      const id = this.#newId(column.id);
      this.#refs.set(column.id, columnRef(id, column));
      return { ...column, id };
    });
  }

  #newId(old: ColumnId): ColumnId {
    let id = this.#ids.get(old);
    if (id === undefined) {
      id = this.#context.newColumnId();
      this.#ids.set(old, id);
    }
    return id;
  }
}
