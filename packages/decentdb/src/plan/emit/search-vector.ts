/**
 * Vectors that a full text scan makes of its postings, for the ranks computed above it.
 *
 * `ts_rank(to_tsvector(title), q)` over `to_tsvector(title) @@ q` needs no more of the vector than the words of `q`, their places and
 * how many lexemes there are: the scan has that at hand and need not read the title.
 *
 * I1  A call is given such a vector only where its query is the one the scan looked for, and its answer depends on nothing else.
 * I2  The vector is a column under an id of its own, below those of the statement; it goes up as far as slots are handed on.
 */
import type { CallExpr, ColumnId, Expr } from '../../exec/expr.ts';
import { Oid } from '../../types/oids.ts';
import { forEachExpr } from '../expr-walk.ts';
import type { LogicalNode } from '../logical.ts';
import { forEachNodeExpr, inputsOf } from '../node-walk.ts';
import { fingerprint, isNullWhenNull } from '../predicates.ts';

/** Ranks divided by what is counted over the whole document need all of it: 1, 2, 8 and 16 of ts_rank's normalization. */
const NORMALIZATION_BY_DOCUMENT = 1 | 2 | 8 | 16;

/** Position of the vector among the arguments of a call that ranks by it; null for any other call. */
function vectorArg(call: CallExpr): number | null {
  const { name } = call.fn;
  const isRank = name === 'ts_rank' || name === 'ts_rank_cd';
  if (!isRank && name !== 'bm25') return null;
  const at = call.args.findIndex((arg) => arg.type.oid === Oid.tsvector);
  if (at < 0 || call.args[at + 1]?.type.oid !== Oid.tsquery) return null;
  const normalization = isRank ? call.args[at + 2] : undefined;
  if (normalization === undefined) return at;
  if (normalization.kind !== 'const' || typeof normalization.value !== 'number') return null;
  return (normalization.value & NORMALIZATION_BY_DOCUMENT) === 0 ? at : null;
}

function nameOf(vector: Expr, query: Expr): string {
  return `${fingerprint(vector)} @@ ${fingerprint(query)}`;
}

export class SearchVectors {
  readonly #root: LogicalNode;
  #wanted: ReadonlySet<string> | null = null;
  readonly #ids = new Map<string, ColumnId>();

  constructor(root: LogicalNode) {
    this.#root = root;
  }

  /** An id for the vector of a scan, where something in the statement ranks by it; else null. */
  idFor(vector: Expr, query: Expr, own: ReadonlySet<ColumnId>): ColumnId | null {
    const name = nameOf(vector, query);
    this.#wanted ??= wantedIn(this.#root);
    if (!this.#wanted.has(name)) return null;
    // A row that an outer join makes has a NULL for the vector: what makes something else of NULLs must be computed.
    if (holdsOuterJoin(this.#root) && !isNullWhenNull(vector, own)) return null;
    const id = (-1 - this.#ids.size) as ColumnId;
    this.#ids.set(name, id);
    return id;
  }

  /** Which argument of a call a scan has made, and its id. */
  argOf(expr: CallExpr): { readonly at: number; readonly id: ColumnId } | null {
    if (this.#ids.size === 0) return null;
    const at = vectorArg(expr);
    if (at === null) return null;
    const id = this.#ids.get(nameOf(expr.args[at] as Expr, expr.args[at + 1] as Expr));
    return id === undefined ? null : { at, id };
  }
}

function holdsOuterJoin(node: LogicalNode): boolean {
  if (node.kind === 'join' && ['left', 'right', 'full', 'single'].includes(node.join)) return true;
  return inputsOf(node).some(holdsOuterJoin);
}

function wantedIn(root: LogicalNode): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: LogicalNode): void => {
    forEachNodeExpr(node, (expr) => {
      forEachExpr(expr, (part) => {
        const at = part.kind === 'call' ? vectorArg(part) : null;
        if (part.kind === 'call' && at !== null)
          names.add(nameOf(part.args[at] as Expr, part.args[at + 1] as Expr));
      });
    });
    inputsOf(node).forEach(visit);
  };
  visit(root);
  return names;
}
