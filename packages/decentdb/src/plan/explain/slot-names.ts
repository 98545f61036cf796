/**
 * A name for every output slot of a physical plan, as EXPLAIN writes it in conditions: `t.a`, `(a + 1)`, `sum(b)`.
 *
 * I1  Names are for people; nothing is looked up by them.
 */
import type { TableDef } from '../../catalog/schema.ts';
import type { Expr, PhysicalNode } from '../../exec/physical.ts';
import { inputsOf } from '../../exec/physical.ts';
import { exprText, type Names } from './expr-text.ts';

export class SlotNames {
  readonly #cache = new Map<PhysicalNode, readonly string[]>();
  readonly #qualify: boolean;
  readonly #subplanName: (plan: unknown) => string;

  constructor(qualify: boolean, subplanName: (plan: unknown) => string) {
    this.#qualify = qualify;
    this.#subplanName = subplanName;
  }

  /** What expressions over these slots may refer to. */
  over(slots: readonly string[], outer: readonly string[]): Names {
    return { slots, outer, subplanName: this.#subplanName };
  }

  /** Names over the concatenated outputs of a node's inputs. */
  overInputs(node: PhysicalNode, outer: readonly string[]): Names {
    const inputs = node.kind === 'with' ? [node.body] : inputsOf(node);
    return this.over(
      inputs.flatMap((input) => this.of(input, outer)),
      outer,
    );
  }

  of(node: PhysicalNode, outer: readonly string[]): readonly string[] {
    const cached = this.#cache.get(node);
    if (cached !== undefined) return cached;
    const names = this.#make(node, outer);
    this.#cache.set(node, names);
    return names;
  }

  tableColumns(table: TableDef, alias: string | undefined, columns: readonly number[]): readonly string[] {
    return columns.map((column) => {
      const name = column === -1 ? 'ctid' : column === -2 ? 'tableoid' : (table.columns[column]?.name ?? '?');
      return this.#qualify ? `${alias ?? table.name}.${name}` : name;
    });
  }

  #make(node: PhysicalNode, outer: readonly string[]): readonly string[] {
    switch (node.kind) {
      case 'scan':
        return this.tableColumns(node.table, node.alias, node.columns);
      case 'indexJoin': {
        const left = this.of(node.left, outer);
        if (node.join === 'semi' || node.join === 'anti') return left;
        if (node.join === 'mark') return [...left, 'mark'];
        return [...left, ...this.tableColumns(node.table, node.alias, node.columns)];
      }
      case 'hashJoin':
      case 'mergeJoin':
      case 'nestedLoop':
      case 'apply': {
        const left = this.of(node.left, outer);
        if (node.join === 'semi' || node.join === 'anti') return left;
        if (node.join === 'mark') return [...left, 'mark'];
        const inner =
          node.kind === 'apply' ? node.outer.map((e) => exprText(e, this.over(left, outer))) : outer;
        return [...left, ...this.of(node.right, inner)];
      }
      case 'project': {
        const names = this.overInputs(node, outer);
        return node.exprs.map((e) => exprText(e, names));
      }
      case 'aggregate': {
        const names = this.overInputs(node, outer);
        return [
          ...node.groups.map((e) => exprText(e, names)),
          ...node.aggregates.map((a) => {
            if (node.stage === 'final') return exprText(a.args[0] as Expr, names);
            const args = a.args.map((e) => exprText(e, names)).join(', ');
            return `${a.fn.name}(${a.distinct ? 'DISTINCT ' : ''}${args === '' ? '*' : args})`;
          }),
          ...node.groupings.map(() => 'GROUPING'),
        ];
      }
      case 'window':
        return [...this.of(node.input, outer), ...node.calls.map((call) => `${call.fn.name}() OVER (?)`)];
      case 'virtualScan':
        return node.columns.map((c) => `${node.view.name}.${c + 1}`);
      case 'gather':
      case 'filter':
      case 'sort':
      case 'topN':
      case 'limit':
      case 'distinct':
        return this.of(node.input, outer);
      case 'with':
        return this.of(node.body, outer);
      default:
        return node.slots.map((_, i) => `column${i + 1}`);
    }
  }
}
