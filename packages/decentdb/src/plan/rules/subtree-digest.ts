/**
 * A text that two subtrees of one statement share exactly when they give the same rows in columns that correspond by their positions.
 *
 * I1  Columns are named by where they are made: by which relation of the tree and its how many-th column. Names, aliases and
 *     locations do not count.
 * I2  Functions, operators and relations of the catalogue count by identity, constants by type and content.
 * I3  A parameter is told apart by its number, or, where `valueOf` knows values, by its value: then the trees are the same for these
 *     values alone.
 */
import type { ColumnId, Expr } from '../../exec/expr.ts';
import { Decimal } from '../../types/decimal.ts';
import type { Datum } from '../../types/vector.ts';
import type { LogicalNode } from '../logical.ts';
import { inputsOf } from '../node-walk.ts';
import { identityOf } from '../predicates.ts';

/** Values of parameters by their index; undefined: not known. */
export type ParamValue = (index: number) => Datum | undefined;

export function subtreeDigest(node: LogicalNode, valueOf: ParamValue): string {
  return new Digest(valueOf).node(node);
}

/** What says nothing about the rows, or is said otherwise. */
const leftOut: ReadonlySet<string> = new Set(['location', 'alias', 'references', 'columns']);
const inputNames: ReadonlySet<string> = new Set(['input', 'left', 'right', 'inputs']);
/** Fields that stand for what the catalogue or the function registry says of them. */
const byIdentity: ReadonlySet<string> = new Set(['table', 'fn', 'op', 'equals', 'less', 'ops']);

type Fields = Readonly<Record<string, unknown>>;

class Digest {
  readonly #valueOf: ParamValue;
  readonly #names = new Map<ColumnId, string>();
  #nodes = 0;

  constructor(valueOf: ParamValue) {
    this.#valueOf = valueOf;
  }

  node(node: LogicalNode): string {
    const inputs = inputsOf(node).map((input) => this.node(input));
    const ordinal = this.#nodes++;
    let columns = '';
    node.columns.forEach((column, i) => {
      if (!this.#names.has(column.id)) this.#names.set(column.id, `${ordinal}.${i}`);
      columns += `${this.#name(column.id)}:${column.type.oid}:${column.typmod} `;
    });
    let own = '';
    for (const name of Object.keys(node).sort())
      if (!inputNames.has(name)) own += this.#field(name, (node as unknown as Fields)[name]);
    return `${own}[${columns}](${inputs.join(',')})`;
  }

  /** Columns of other relations than the tree's keep their own numbers. */
  #name(id: ColumnId): string {
    return this.#names.get(id) ?? `outer ${id}`;
  }

  #field(name: string, value: unknown): string {
    if (leftOut.has(name)) return '';
    if (name === 'type') return `type=${(value as { readonly oid: number }).oid};`;
    if (name === 'output' || name === 'mark')
      return value === null ? '' : `${name}=${this.#name(value as ColumnId)};`;
    if (byIdentity.has(name)) return `${name}=${identities(value)};`;
    return `${name}=${this.#value(value)};`;
  }

  #value(value: unknown): string {
    if (typeof value === 'string') return JSON.stringify(value);
    if (value === null || typeof value !== 'object')
      return `${typeof value} ${Object.is(value, -0) ? '-0' : String(value)}`;
    if (Array.isArray(value)) return `[${value.map((item) => this.#value(item)).join(',')}]`;
    if (ArrayBuffer.isView(value)) return `${value.constructor.name} ${String(value)}`;
    if (value instanceof Decimal) return `decimal ${value.coefficient} ${value.scale}`;
    if (value.constructor !== Object) return `#${identityOf(value)}`;
    return 'kind' in value && 'type' in value ? this.#expr(value as Expr) : this.#fields(value as Fields);
  }

  #expr(expr: Expr): string {
    if (expr.kind === 'column') return `column ${this.#name(expr.id)} ${expr.type.oid} ${expr.typmod}`;
    if (expr.kind === 'param') {
      const value = this.#valueOf(expr.index);
      if (value !== undefined) return this.#fields({ ...expr, kind: 'const', value, index: undefined });
    }
    return this.#fields(expr as unknown as Fields);
  }

  #fields(fields: Fields): string {
    let text = '{';
    for (const name of Object.keys(fields).sort())
      if (fields[name] !== undefined) text += this.#field(name, fields[name]);
    return `${text}}`;
  }
}

function identities(value: unknown): string {
  if (Array.isArray(value)) return value.map(identities).join(' ');
  return value !== null && typeof value === 'object' ? `#${identityOf(value)}` : String(value);
}
