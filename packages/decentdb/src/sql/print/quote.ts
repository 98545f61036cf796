// Identifiers and string literals as SQL text.

import { CLASS_UNRESERVED, KEYWORD_CLASS, KEYWORD_NAMES } from '../lex/keywords.ts';

const CLASS_OF: ReadonlyMap<string, number> = new Map(
  KEYWORD_NAMES.map((name, i): [string, number] => [name, KEYWORD_CLASS[i]! & 3]),
);

const PLAIN = /^[a-z_][a-z0-9_$]*$/;

/** An identifier, quoted when it must be: PostgreSQL's quote_ident (every keyword but the unreserved is quoted). */
export function quoteIdentifier(name: string): string {
  if (PLAIN.test(name) && (CLASS_OF.get(name) ?? CLASS_UNRESERVED) === CLASS_UNRESERVED) return name;
  return `"${name.replaceAll('"', '""')}"`;
}

/** Function names may be type-or-function keywords unquoted; quoting is right in any case. */
export function quoteName(names: readonly string[]): string {
  return names.map(quoteIdentifier).join('.');
}

export function quoteNames(names: readonly string[]): string {
  return names.map(quoteIdentifier).join(', ');
}

/** A string literal; standard_conforming_strings keeps backslashes as they are. */
export function quoteString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

const OPERATOR = /^[~!@#^&|`?+\-*/%<>=]+$/;

/** An operator: bare when it is one symbol, else OPERATOR(schema.op). */
export function printOperator(name: readonly string[]): string {
  if (name.length === 1 && OPERATOR.test(name[0]!)) return name[0]!;
  return `OPERATOR(${printQualifiedOperator(name)})`;
}

/** any_operator: schema.op. */
export function printQualifiedOperator(name: readonly string[]): string {
  return [...name.slice(0, -1).map(quoteIdentifier), name[name.length - 1]!].join('.');
}
