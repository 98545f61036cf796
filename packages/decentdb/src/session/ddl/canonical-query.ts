/**
 * A query as it is stored: every relation with its schema, every `*` spelt out.
 *
 * I1  What the stored text means does not change with the search path or with columns added later.
 */
import type * as ast from '../../sql/ast/nodes.ts';
import type { BindRecorder } from '../../sql/bind/state.ts';

/** Collects replacements while a query is bound. */
export class QueryNotes implements BindRecorder {
  readonly replacements: Map<object, object | readonly object[]> = new Map();
  /** Fields of nodes that are kept otherwise. */
  readonly edits: Map<object, object> = new Map();

  relation(node: ast.RangeVar, schema: string): void {
    if (node.schemaname === null) this.replacements.set(node, { ...node, schemaname: schema });
  }

  star(
    node: ast.ResTarget,
    columns: readonly { readonly relation: string | null; readonly name: string }[],
  ): void {
    const row = node.val?.kind === 'A_Indirection' ? this.#replaced(node.val) : null;
    const targets = columns.map(
      ({ relation, name }): ast.ResTarget => ({
        kind: 'ResTarget',
        name: null,
        indirection: [],
        val:
          row !== null
            ? fieldOf(row, name)
            : {
                kind: 'ColumnRef',
                fields: relation === null ? [name] : [relation, name],
                star: false,
                location: -1,
              },
        location: -1,
      }),
    );
    this.replacements.set(node, targets);
  }

  /** With what binding it has noted already. */
  #replaced(node: ast.A_Indirection): ast.A_Indirection {
    return replaceNodes(node, this.replacements, this.edits);
  }

  routine(node: ast.FuncCall, schema: string): void {
    if (node.funcname.length === 1) this.replacements.set(node.funcname, [schema, ...node.funcname]);
  }

  /** The columns a NATURAL join has in common today, not those that come to be later. */
  natural(node: ast.JoinExpr, names: readonly string[]): void {
    const quals = names.length > 0 || node.jointype === 'JOIN_INNER' ? null : TRUE;
    this.edits.set(node, { isNatural: false, usingClause: names, quals });
  }

  /** A column of the same name may come to another relation; a text that is read again (a dump) must still mean this one. */
  unqualified(node: ast.ColumnRef, relation: string): void {
    this.replacements.set(node, { ...node, fields: [relation, ...node.fields] });
  }

  /** GROUP BY would mean a column of that name, once there is one. */
  output(node: ast.ColumnRef, position: number): void {
    this.replacements.set(node, { ...TRUE, constType: 'Integer', ival: position });
  }

  column(): void {}
}

/** `(row).*` with a field's name in the place of the star. */
function fieldOf(row: ast.A_Indirection, name: string): ast.A_Indirection {
  return {
    ...row,
    indirection: [...row.indirection.slice(0, -1), { kind: 'String', sval: name, location: -1 }],
  };
}

/** The tree with nodes replaced by identity; a list element may become several. */
export function replaceNodes<T>(
  node: T,
  replacements: ReadonlyMap<object, object | readonly object[]>,
  edits: ReadonlyMap<object, object> = NO_EDITS,
): T {
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) {
    const whole = replacements.get(node);
    if (whole !== undefined) return whole as T;
    return node.flatMap((item: unknown) => {
      const replacement = typeof item === 'object' && item !== null ? replacements.get(item) : undefined;
      return replacement ?? [replaceNodes(item, replacements, edits)];
    }) as T;
  }
  const replacement = replacements.get(node);
  if (replacement !== undefined) return replacement as T;
  const copy: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(node)) copy[field] = replaceNodes(value, replacements, edits);
  return Object.assign(copy, edits.get(node)) as T;
}

const TRUE: ast.A_Const = {
  kind: 'A_Const',
  constType: 'Boolean',
  ival: 0,
  boolval: true,
  sval: '',
  location: -1,
};

const NO_EDITS: ReadonlyMap<object, object> = new Map();
