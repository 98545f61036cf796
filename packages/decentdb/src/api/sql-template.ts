/**
 * SQL as a tagged template: what stands in ${} becomes a parameter, never text.
 *
 * I1  Only `sql.unsafeRaw` puts text into a statement as it is; `sql.ident` quotes a name.
 * I2  A fragment may stand in another one; its parameters are numbered anew.
 */
import { invalidUse } from '../base/errors.ts';

/** A piece of SQL with its values. */
export class SqlFragment {
  readonly parts: readonly string[];
  readonly values: readonly unknown[];

  constructor(parts: readonly string[], values: readonly unknown[]) {
    this.parts = parts;
    this.values = values;
  }

  /** The statement with `$1`, `$2`, ... and the values for them. */
  compile(): { readonly text: string; readonly params: readonly unknown[] } {
    const params: unknown[] = [];
    return { text: textOf(this, params), params };
  }
}

function textOf(fragment: SqlFragment, params: unknown[]): string {
  let text = fragment.parts[0] ?? '';
  fragment.values.forEach((value, i) => {
    if (value instanceof SqlFragment) text += textOf(value, params);
    else {
      if (value === undefined)
        throw invalidUse(`value ${params.length + 1} of the template is undefined`, 'Give null for NULL.');
      params.push(value);
      text += `$${params.length}`;
    }
    text += fragment.parts[i + 1] ?? '';
  });
  return text;
}

/** A fragment: sql`id = ${id}`. */
export interface SqlTag {
  (strings: TemplateStringsArray, ...values: unknown[]): SqlFragment;
  /** A name, or a qualified one, in quotes. */
  ident(...names: string[]): SqlFragment;
  /** Values or fragments with a separator between them: `IN (${sql.join(ids)})`. */
  join(items: readonly unknown[], separator?: string): SqlFragment;
  /** Text as it is. Whoever puts a user's text here lets him write SQL. */
  unsafeRaw(text: string): SqlFragment;
}

function fragment(strings: TemplateStringsArray, ...values: unknown[]): SqlFragment {
  return new SqlFragment(strings, values);
}

/**
 * @example
 * const where = sql`city = ${'Oslo'}`;
 * db.sql`SELECT * FROM ${sql.ident('customer')} WHERE ${where} AND id IN (${sql.join([1, 2])})`;
 */
export const sql: SqlTag = Object.assign(fragment, {
  ident(...names: string[]): SqlFragment {
    if (
      names.length === 0 ||
      names.some((name) => typeof name !== 'string' || name === '' || name.includes('\0'))
    )
      throw invalidUse('sql.ident takes names');
    return new SqlFragment([names.map((name) => `"${name.replaceAll('"', '""')}"`).join('.')], []);
  },
  join(items: readonly unknown[], separator = ', '): SqlFragment {
    if (items.length === 0) throw invalidUse('sql.join needs at least one item');
    const parts = ['', ...items.slice(1).map(() => separator), ''];
    return new SqlFragment(parts, items);
  },
  unsafeRaw(text: string): SqlFragment {
    return new SqlFragment([text], []);
  },
});
