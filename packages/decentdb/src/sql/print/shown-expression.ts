/**
 * Expressions as PostgreSQL's catalogues show them (pg_get_expr and its kin): every operation in parentheses, every conversion
 * spelled out, literals with their types, IN and BETWEEN as the comparisons they are.
 *
 * I1  What is shown parses, and means what the expression means.
 * I2  Comparisons and arithmetic among integers, among floats and among dates are operators of their own in PostgreSQL: a conversion
 *     that only brings their operands together is not shown.
 */

import { formattedType } from '../../types/format-type.ts';
import { Oid } from '../../types/oids.ts';
import { typeByOid } from '../../types/registry.ts';
import type { TypeSettings } from '../../types/sql-type.ts';
import { domainBase, type SqlType } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import type * as ast from '../ast/nodes.ts';
import { printExpr, printIndirection } from './expression.ts';
import type { ExpressionNotes } from './expression-notes.ts';
import { printFrameOf, printSpecial } from './function-call.ts';
import { CONVERSION, isSimplePart } from './pretty-parentheses.ts';
import { printOperator, quoteIdentifier, quoteName, quoteString } from './quote.ts';
import { printSelect } from './select.ts';

const FAMILIES: readonly ReadonlySet<number>[] = [
  new Set([Oid.int2, Oid.int4, Oid.int8]),
  new Set([Oid.float4, Oid.float8]),
  new Set([Oid.date, Oid.timestamp, Oid.timestamptz]),
];

const PATTERN_OPERATORS: Readonly<Record<string, string>> = {
  AEXPR_LIKE: '~~',
  AEXPR_ILIKE: '~~*',
  AEXPR_SIMILAR: '~',
};

/** How a query around the expression wants columns and subqueries written. */
export interface ShownNames {
  column(node: ast.ColumnRef): string;
  /** Without its parentheses. The names of what it selects are seen by nobody. */
  query(node: ast.SelectStmt): string;
  /** The name of a function, without its schema where that is not needed. */
  routine?(name: readonly string[]): readonly string[];
}

const AS_WRITTEN: ShownNames = { column: printExpr, query: printSelect };

export class ShownExpression {
  readonly #notes: ExpressionNotes;
  readonly #settings: TypeSettings;
  /** Spaces before the lines of a CASE. */
  readonly #indent: number;
  readonly #names: ShownNames;
  /** Few parentheses (pretty-parentheses.ts). */
  readonly #isPretty: boolean;

  constructor(
    notes: ExpressionNotes,
    settings: TypeSettings,
    indent: number = 0,
    names: ShownNames = AS_WRITTEN,
    isPretty: boolean = false,
  ) {
    this.#isPretty = isPretty;
    this.#notes = notes;
    this.#settings = settings;
    this.#indent = indent;
    this.#names = names;
  }

  /** A whole expression: conversions of the outermost node are its reader's, not its own, but for a literal's type. */
  root(node: ast.Expr): string {
    if (node.kind !== 'A_Const') return this.#bare(node);
    return node.constType === 'String' || node.constType === 'Null' ? this.part(node) : this.#number(node);
  }

  /** Part of another expression, its conversions shown; `parent` where that may ask for parentheses. */
  part(node: ast.Expr, sibling: ast.Expr | null = null, parent: ast.Expr | null = null): string {
    if (node.kind === 'A_Const') return this.#constant(node, sibling);
    const bare = this.#bare(node);
    const conversions = this.#shownConversions(node, sibling);
    if (conversions.length === 0)
      return this.#isPretty && parent !== null && !isSimplePart(node, parent) ? `(${bare})` : bare;
    return this.#converted(
      bare,
      node,
      conversions.map((type) => shownTypeName(type, this.#settings)),
    );
  }

  #converted(text: string, node: ast.Expr, types: readonly string[]): string {
    const isSimple = this.#isPretty && isSimplePart(node, CONVERSION);
    const [first, ...others] = types;
    const inner = `${isSimple ? text : `(${text})`}::${first}`;
    return others.reduce((all, type) => (this.#isPretty ? `${all}::${type}` : `(${all})::${type}`), inner);
  }

  /** An operation with the parentheses it has of its own. */
  #own(text: string): string {
    return this.#isPretty ? text : `(${text})`;
  }

  #shownConversions(node: ast.Expr, sibling: ast.Expr | null): readonly SqlType[] {
    const own = this.#notes.typeOf(node);
    const conversions = this.#notes.conversionsOf(node).filter((type) => type.oid !== own?.oid);
    const last = conversions.at(-1);
    if (sibling === null || own === undefined || last === undefined) return conversions;
    const other = this.#notes.typeOf(sibling);
    const family = FAMILIES.find((oids) => oids.has(own.oid));
    return family?.has(last.oid) === true && other !== undefined && family.has(domainBase(other).oid)
      ? []
      : conversions;
  }

  #constant(node: ast.A_Const, sibling: ast.Expr | null): string {
    const value = this.#notes.valueOf(node);
    if (node.constType === 'String' || node.constType === 'Null') {
      if (value === undefined) return printExpr(node);
      return constantText(value.value, domainBase(value.type), this.#settings);
    }
    const conversions = this.#shownConversions(node, sibling);
    const text = this.#number(node);
    return conversions.length === 0
      ? text
      : this.#converted(
          text,
          node,
          conversions.map((type) => shownTypeName(type, this.#settings)),
        );
  }

  #number(node: ast.A_Const): string {
    if (node.constType === 'BitString') return `${bitText(node)}::"bit"`;
    const bound = this.#notes.boundTo(node);
    const text =
      bound?.kind === 'const' && node.constType === 'Float'
        ? constantDigits(bound.value, bound.type, this.#settings)
        : printExpr(node);
    const isQuoted = text.startsWith('-') || (node.constType === 'Float' && !text.includes('.'));
    return isQuoted ? `'${text}'::${this.#constantType(node)}` : text;
  }

  #constantType(node: ast.A_Const): string {
    const type = this.#notes.typeOf(node);
    if (type !== undefined) return shownTypeName(type, this.#settings);
    return CONSTANT_TYPES[node.constType] ?? 'text';
  }

  #bare(node: ast.Expr): string {
    switch (node.kind) {
      case 'A_Expr':
        return this.#operation(node);
      case 'BoolExpr':
        if (node.boolop === 'NOT_EXPR')
          return this.#own(`NOT ${this.part(node.args[0] as ast.Expr, null, node)}`);
        return this.#own(
          node.args
            .map((arg) => this.part(arg, null, node))
            .join(node.boolop === 'AND_EXPR' ? ' AND ' : ' OR '),
        );
      case 'NullTest':
        return this.#own(
          `${this.part(node.arg, null, node)} ${node.nulltesttype === 'IS_NULL' ? 'IS NULL' : 'IS NOT NULL'}`,
        );
      case 'BooleanTest':
        return this.#own(`${this.part(node.arg, null, node)} ${node.booltesttype.replaceAll('_', ' ')}`);
      case 'TypeCast':
        return this.#cast(node);
      case 'CollateClause':
        return this.#own(
          `${this.part(node.arg as ast.Expr, null, node)} COLLATE ${node.collname.map((name) => `"${name}"`).join('.')}`,
        );
      case 'FuncCall':
        return this.#call(node);
      case 'CoalesceExpr':
        return `COALESCE(${this.#list(node.args)})`;
      case 'MinMaxExpr':
        return `${node.op === 'IS_GREATEST' ? 'GREATEST' : 'LEAST'}(${this.#list(node.args)})`;
      case 'CaseExpr':
        return this.#conditional(node);
      case 'A_ArrayExpr':
        return `ARRAY[${this.#list(node.elements)}]`;
      case 'RowExpr':
        return `ROW(${this.#list(node.args)})`;
      case 'ColumnRef':
        if (node.star) return this.#names.column(node);
        // A row as a whole has a star, so that it is no column of that name.
        return this.#names.column(node) + (this.#notes.boundTo(node)?.kind === 'row' ? '.*' : '');
      case 'GroupingFunc':
        return `GROUPING(${this.#list(node.args)})`;
      case 'SubLink':
        return this.#subquery(node);
      case 'A_Indirection':
        if (node.arg.kind === 'ColumnRef' && !node.arg.star) {
          const name = this.#names.column(node.arg);
          return `${node.indirection[0]?.kind === 'A_Indices' ? name : `(${name})`}${printIndirection(node.indirection)}`;
        }
        return `(${this.part(node.arg)})${printIndirection(node.indirection)}`;
      default:
        return printExpr(node);
    }
  }

  #list(nodes: readonly ast.Expr[]): string {
    return nodes.map((node) => this.part(node)).join(', ');
  }

  #operation(node: ast.A_Expr): string {
    const { lexpr, rexpr } = node;
    if (rexpr === null) return printExpr(node);
    if (rexpr.kind === 'List') return this.#membership(node, lexpr as ast.Expr, rexpr.items);
    const isNullIf = node.exprKind === 'AEXPR_NULLIF';
    const right = this.part(rexpr, lexpr, isNullIf ? null : node);
    if (lexpr === null) return this.#own(`${printOperator(node.name)} ${right}`);
    const isRowTest = lexpr.kind === 'RowExpr' && rexpr.kind === 'SubLink';
    const left = isRowTest ? `(${this.#list(lexpr.args)})` : this.part(lexpr, rexpr, isNullIf ? null : node);
    switch (node.exprKind) {
      case 'AEXPR_OP':
        return this.#own(`${left} ${printOperator(node.name)} ${right}`);
      case 'AEXPR_OP_ANY':
        return this.#own(`${left} ${printOperator(node.name)} ANY (${right})`);
      case 'AEXPR_OP_ALL':
        return this.#own(`${left} ${printOperator(node.name)} ALL (${right})`);
      case 'AEXPR_DISTINCT':
        return this.#own(`${left} IS DISTINCT FROM ${right}`);
      case 'AEXPR_NOT_DISTINCT':
        return this.#own(`NOT ${this.#own(`${left} IS DISTINCT FROM ${right}`)}`);
      case 'AEXPR_NULLIF':
        return `NULLIF(${left}, ${right})`;
      default: {
        const symbol = PATTERN_OPERATORS[node.exprKind];
        if (symbol === undefined) return printExpr(node);
        return this.#own(`${left} ${node.name[0]?.startsWith('!') === true ? '!' : ''}${symbol} ${right}`);
      }
    }
  }

  /** IN and BETWEEN. */
  #membership(node: ast.A_Expr, left: ast.Expr, items: readonly ast.Expr[]): string {
    if (node.exprKind === 'AEXPR_IN') {
      const isNot = node.name[0] === '<>';
      if (items.some((item) => item.kind === 'RowExpr')) return `(${printExpr(node)})`;
      // Those that name no column are an array, where there are such of the type; the others are compared one by one.
      const type = this.#notes.typeOf(left);
      const fixed = items.filter((item) => !namesColumns(item));
      const isArray = fixed.length > 1 && (type === undefined || domainBase(type).elementType === null);
      const tests = (isArray ? items.filter(namesColumns) : items).map((item) =>
        this.#own(`${this.part(left, item, node)} ${isNot ? '<>' : '='} ${this.part(item, left, node)}`),
      );
      if (isArray) {
        const list = `${isNot ? '<> ALL' : '= ANY'} (${this.#members(left, fixed)})`;
        tests.unshift(this.#own(`${this.part(left, fixed[0] as ast.Expr, node)} ${list}`));
      }
      return tests.reduce((text, test) => this.#own(`${text} ${isNot ? 'AND' : 'OR'} ${test}`));
    }
    const [low, high] = items as [ast.Expr, ast.Expr];
    const compare = (symbol: string, bound: ast.Expr): string =>
      this.#own(`${this.part(left, bound, node)} ${symbol} ${this.part(bound, left, node)}`);
    switch (node.exprKind) {
      case 'AEXPR_BETWEEN':
        return this.#own(`${compare('>=', low)} AND ${compare('<=', high)}`);
      case 'AEXPR_NOT_BETWEEN':
        return this.#own(`${compare('<', low)} OR ${compare('>', high)}`);
      default:
        return `(${printExpr(node)})`;
    }
  }

  /** A literal is the value it was read as; one with a length is cut to it each time, so its conversion is shown. */
  #cast(node: ast.TypeCast): string {
    const made = this.#notes.boundTo(node);
    const { arg } = node;
    if (made === undefined) return printExpr(node);
    const name = typeName(made.type, made.typmod, this.#settings);
    if (arg.kind === 'A_Const' && arg.constType === 'BitString' && made.type.oid === Oid.bit)
      return `${bitText(arg)}::${name}`;
    if (arg.kind === 'A_Const' && (arg.constType === 'String' || arg.constType === 'Null')) {
      if (made.kind !== 'const' || made.typmod >= 0) return `${printExpr(arg)}::${name}`;
      return constantText(made.value, domainBase(made.type), this.#settings);
    }
    if (arg.kind === 'RowExpr' && domainBase(made.type).fields !== null) return `${this.#bare(arg)}::${name}`;
    // A cast that changes neither type nor length is none.
    const length = this.#notes.boundTo(arg)?.typmod ?? -1;
    if (this.#notes.typeOf(arg)?.oid === made.type.oid && made.typmod === length) return this.#bare(arg);
    return this.#converted(this.#bareOrConstant(arg), arg, [name]);
  }

  /** PostgreSQL brings literals to the type of a varchar first, and the array of them to the operator's. */
  #members(left: ast.Expr, items: readonly ast.Expr[]): string {
    const type = this.#notes.typeOf(left);
    const isVarchar = type !== undefined && domainBase(type).oid === Oid.varchar;
    if (!isVarchar || !items.every((item) => item.kind === 'A_Const' && item.constType === 'String'))
      return `ARRAY[${items.map((item) => this.part(item, left)).join(', ')}]`;
    const list = `ARRAY[${items.map((item) => `${printExpr(item)}::character varying`).join(', ')}]`;
    return `${this.#own(list)}::text[]`;
  }

  #bareOrConstant(node: ast.Expr): string {
    if (node.kind !== 'A_Const') return this.#bare(node);
    return NUMBERS.has(node.constType) ? this.#number(node) : printExpr(node);
  }

  #subquery(node: ast.SubLink): string {
    const query = `(${this.#names.query(node.subselect)})`;
    switch (node.subLinkType) {
      case 'EXISTS_SUBLINK':
        return `(EXISTS ${query})`;
      case 'ARRAY_SUBLINK':
        return `ARRAY${query}`;
      case 'EXPR_SUBLINK':
        return query;
      default: {
        const test = node.testexpr as ast.Expr;
        const isList = test.kind === 'RowExpr' && test.row_format === 'COERCE_IMPLICIT_CAST';
        const left = isList ? `(${this.#list(test.args)})` : this.part(test, null, node);
        const isEqual = node.operName.length === 1 && node.operName[0] === '=';
        if (node.operName.length === 0 || (isEqual && node.subLinkType === 'ANY_SUBLINK'))
          return `(${left} IN ${query})`;
        const all = node.subLinkType === 'ANY_SUBLINK' ? 'ANY' : 'ALL';
        return `(${left} ${printOperator(node.operName)} ${all} ${query})`;
      }
    }
  }

  /** Calls with keywords of their own keep them (EXTRACT, AT TIME ZONE). */
  #call(node: ast.FuncCall): string {
    if (node.funcformat === 'COERCE_SQL_SYNTAX') return this.#specialCall(node);
    const args = node.args.map(
      (arg, i) => (node.func_variadic && i === node.args.length - 1 ? 'VARIADIC ' : '') + this.part(arg),
    );
    const keys = node.agg_order.map((item) => this.#aggregateKey(node, item) + sortDirection(item));
    const order = keys.length === 0 ? '' : `ORDER BY ${keys.join(', ')}`;
    let inner = node.agg_star ? '*' : `${node.agg_distinct ? 'DISTINCT ' : ''}${args.join(', ')}`;
    if (order !== '' && !node.agg_within_group) inner += ` ${order}`;
    let text = `${quoteName(this.#names.routine?.(node.funcname) ?? node.funcname)}(${inner})`;
    if (node.agg_within_group) text += ` WITHIN GROUP (${order})`;
    if (node.agg_filter !== null) text += ` FILTER (WHERE ${this.part(node.agg_filter)})`;
    if (node.over !== null)
      text += ` OVER ${node.over.name !== null ? quoteIdentifier(node.over.name) : this.window(node.over)}`;
    return text;
  }

  /** A key that is an argument too is the argument, as converted. */
  #aggregateKey(call: ast.FuncCall, { node }: ast.SortBy): string {
    const written = printExpr(node);
    const arg = call.agg_within_group ? undefined : call.args.find((one) => printExpr(one) === written);
    return arg === undefined ? this.key(node) : this.part(arg);
  }

  /** `(PARTITION BY ... ORDER BY ...)`. */
  window(node: ast.WindowDef): string {
    const parts: string[] = [];
    if (node.refname !== null) parts.push(quoteIdentifier(node.refname));
    if (node.partitionClause.length > 0)
      parts.push(`PARTITION BY ${node.partitionClause.map((key) => this.key(key)).join(', ')}`);
    if (node.orderClause.length > 0) parts.push(`ORDER BY ${this.sortItems(node.orderClause)}`);
    const frame = printFrameOf(node);
    if (frame !== '') parts.push(frame);
    return `(${parts.join(' ')})`;
  }

  sortItems(items: readonly ast.SortBy[]): string {
    return items.map((item) => this.key(item.node) + sortDirection(item)).join(', ');
  }

  /** A key to sort or group by: calls and conversions stand in parentheses. */
  key(node: ast.Expr): string {
    const text = this.part(node);
    // Without a type a number would be the place of a target.
    if (node.kind === 'A_Const' && !text.includes('::')) return `${text}::${this.#constantType(node)}`;
    const isCall =
      node.kind === 'FuncCall' || (/\)::[^()]*$/.test(text) && !/::(?:text|character varying)$/.test(text));
    const isPlain = node.kind === 'ColumnRef' || node.kind === 'A_Const';
    const isOperation = this.#isPretty && !(isPlain && this.#shownConversions(node, null).length === 0);
    return (isCall || isOperation) && !isEnclosed(text) ? `(${text})` : text;
  }

  /** Their conversions are not shown. */
  #specialCall(node: ast.FuncCall): string {
    const name = node.funcname.at(-1);
    const [first, second] = node.args;
    if (name === 'extract' && first?.kind === 'A_Const' && second !== undefined)
      return `EXTRACT(${first.sval} FROM ${this.root(second)})`;
    const isForm = name === 'normalize' || name === 'is_normalized';
    const print = (arg: ast.Expr): string => (isForm && arg === second ? printExpr(arg) : this.root(arg));
    const operand = (arg: ast.Expr): string =>
      this.#isPretty && !isSimplePart(arg, node) ? `(${print(arg)})` : print(arg);
    const text = printSpecial(node, print, operand);
    return name === 'timezone' || name === 'overlaps' || name === 'is_normalized' ? `(${text})` : text;
  }

  #conditional(node: ast.CaseExpr): string {
    const pad = ' '.repeat(this.#indent);
    const inner = new ShownExpression(
      this.#notes,
      this.#settings,
      this.#indent + 4,
      this.#names,
      this.#isPretty,
    );
    const lines = [`${pad}CASE${node.arg === null ? '' : ` ${this.part(node.arg)}`}`];
    for (const { expr, result } of node.args)
      lines.push(clause(`${pad}    WHEN ${inner.part(expr)} THEN`, inner.part(result)));
    const otherwise = node.defresult === null ? this.#missingElse(node) : inner.part(node.defresult);
    lines.push(clause(`${pad}    ELSE`, otherwise), `${pad}END`);
    return `\n${lines.join('\n')}`;
  }

  #missingElse(node: ast.CaseExpr): string {
    return `NULL::${shownTypeName(this.#notes.typeOf(node), this.#settings)}`;
  }
}

/** A CASE begins on a line of its own. */
export function clause(keyword: string, text: string): string {
  return text.startsWith('\n') ? keyword + text : `${keyword} ${text}`;
}

/** Direction and place of NULLs, where they are not what they would be anyway. */
export function sortDirection({ sortby_dir, sortby_nulls, useOp }: ast.SortBy): string {
  const isDescending = sortby_dir === 'SORTBY_DESC';
  const nulls =
    sortby_nulls === 'SORTBY_NULLS_DEFAULT' || (sortby_nulls === 'SORTBY_NULLS_FIRST') === isDescending
      ? ''
      : sortby_nulls === 'SORTBY_NULLS_FIRST'
        ? ' NULLS FIRST'
        : ' NULLS LAST';
  const direction =
    sortby_dir === 'SORTBY_USING' ? ` USING ${printOperator(useOp)}` : isDescending ? ' DESC' : '';
  return direction + nulls;
}

/** Whether the parenthesis a text begins with is closed by its last character. */
function isEnclosed(text: string): boolean {
  if (!text.startsWith('(')) return false;
  let depth = 0;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === "'" || char === '"') quote = char;
    else if (char === '(') depth++;
    else if (char === ')' && --depth === 0) return i === text.length - 1;
  }
  return false;
}

export function shownTypeName(type: SqlType | undefined, settings: TypeSettings): string {
  if (type === undefined) return 'text';
  return typeName(type, -1, settings);
}

function constantDigits(value: Datum, type: SqlType, settings: TypeSettings): string {
  return domainBase(type).output(value, settings);
}

/** Whether a column stands in the expression, be it in a subquery. */
function namesColumns(node: ast.Expr): boolean {
  return JSON.stringify(node, (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  ).includes('"kind":"ColumnRef"');
}

/** What constants are that nothing was noted of: those in lists. */
const CONSTANT_TYPES: Readonly<Partial<Record<ast.A_Const['constType'], string>>> = {
  Integer: 'integer',
  Float: 'numeric',
  Boolean: 'boolean',
};

/** Constants of the grammar that have a type without being told. */
const NUMBERS: ReadonlySet<ast.A_Const['constType']> = new Set(['Integer', 'Float', 'BitString'] as const);

/** Types of users have no modifiers, and a schema where the search path does not find them. */
function typeName(type: SqlType, typmod: number, { objectNames }: TypeSettings): string {
  const own = typeByOid(type.oid) === undefined ? objectNames?.nameOf('regtype', type.oid) : null;
  return own ?? formattedType(type, typmod);
}

/** A bit string's digits, quoted: hexadecimal ones are four bits each. */
function bitText({ sval }: { readonly sval: string }): string {
  const digits = sval.slice(1);
  if (sval.startsWith('b')) return quoteString(digits);
  const bits = [...digits].map((digit) => Number.parseInt(digit, 16).toString(2).padStart(4, '0'));
  return quoteString(bits.join(''));
}

/** A literal that was read as a value of `type`. */
function constantText(value: Datum, type: SqlType, settings: TypeSettings): string {
  if (value === null) return `NULL::${shownTypeName(type, settings)}`;
  const text = type.output(value, settings);
  switch (type.oid) {
    case Oid.bool:
      return text === 't' || text === 'true' ? 'true' : 'false';
    case Oid.int4:
      return text.startsWith('-') ? `'${text}'::integer` : text;
    case Oid.numeric:
      if (/^\d+$/.test(text)) return `${text}::numeric`;
      return /^\d/.test(text) ? text : `'${text}'::numeric`;
    default:
      return `${quoteString(text)}::${shownTypeName(type, settings)}`;
  }
}
