/**
 * Queries of views as PostgreSQL shows them (pg_get_viewdef): one output column a line, every expression as shown-expression.ts has it.
 *
 * I1  What is shown parses, and means what the query means.
 * I2  Columns carry the name of their relation wherever the query has more than one, or stands within another.
 * I3  A query nested in another begins eight columns further right; `base` is where one begins.
 */
import type { TypeSettings } from '../../types/sql-type.ts';
import type * as ast from '../ast/nodes.ts';
import { printExpr } from './expression.ts';
import type { ExpressionNotes } from './expression-notes.ts';
import { quoteIdentifier, quoteName, quoteNames } from './quote.ts';
import { printFromItem, printLockStrength, printRelation } from './select.ts';
import {
  clause,
  ShownExpression,
  type ShownNames,
  shownTypeName,
  sortDirection,
} from './shown-expression.ts';

const NESTING = 8;

/** Range-table entries of a query by the name they were written with, and the name they are shown under. */
interface Scope {
  readonly names: ReadonlyMap<string, string>;
  /** Entries within joins that have an alias, by their names: the alias. */
  readonly hidden: ReadonlyMap<string, string>;
  readonly parent: Scope | null;
}

/** What a column without a name is called. */
const NAMELESS = '?column?';

/** How output columns are called: as given, as they are, or only where they have names, for nobody sees them. */
type OutputNames = readonly string[] | 'own' | 'unseen';

/** What the session knows and a text does not say. */
export interface QueryNames {
  /** Name of the range-table entry a column belongs to, and the column's own. */
  columnOf(node: ast.ColumnRef): { readonly relation: string | null; readonly name: string } | null;
  /** Whether a relation is found without its schema. */
  isVisible(node: ast.RangeVar): boolean;
  /** Whether a function is found without its schema. */
  isVisibleRoutine(name: readonly string[]): boolean;
  /** Name of an output column without AS. */
  nameOf(node: ast.Expr): string;
}

export class ShownQuery {
  readonly #notes: ExpressionNotes;
  readonly #settings: TypeSettings;
  readonly #names: QueryNames;
  readonly #isPretty: boolean;

  constructor(notes: ExpressionNotes, settings: TypeSettings, names: QueryNames, isPretty: boolean) {
    this.#isPretty = isPretty;
    this.#notes = notes;
    this.#settings = settings;
    this.#names = names;
  }

  /** The query of a view whose columns have these names, with its semicolon. */
  view(query: ast.SelectStmt, columns: readonly string[]): string {
    return `${this.#select(query, 0, null, columns)};`;
  }

  /** Begins with a space at column `base`. */
  #select(query: ast.SelectStmt, base: number, outer: Scope | null, columns: OutputNames): string {
    const pad = ' '.repeat(base);
    const { fromClause } = query;
    const scope: Scope = {
      names: shownNames(fromClause, outer),
      hidden: hiddenNames(fromClause),
      parent: outer,
    };
    let text = query.withClause === null ? '' : this.#with(query.withClause, base, scope);
    const isSet = query.op !== 'SETOP_NONE';
    const printer = this.#printer(query, base, scope);
    text += isSet
      ? this.#setOperation(query, base, scope, columns)
      : this.#core(query, base, scope, columns, printer);
    if (query.sortClause.length > 0)
      text += `\n${pad}  ORDER BY ${query.sortClause.map((item) => this.#sortItem(query, item, printer)).join(', ')}`;
    if (query.limitOffset !== null) text += `\n${pad} OFFSET ${this.#count(query.limitOffset, printer)}`;
    if (query.limitCount !== null) text += `\n${pad} ${this.#limit(query, printer)}`;
    for (const lock of query.lockingClause) text += `\n${pad} ${this.#lock(query, lock)}`;
    return text;
  }

  #limit(query: ast.SelectStmt, printer: ShownExpression): string {
    const count = query.limitCount as ast.Expr;
    if (count.kind === 'A_Const' && count.constType === 'Null') return 'LIMIT ALL';
    const text = this.#count(count, printer);
    return query.limitOption === 'LIMIT_OPTION_WITH_TIES'
      ? `FETCH FIRST (${text}) ROWS WITH TIES`
      : `LIMIT ${text}`;
  }

  /** It is converted to bigint out of sight. */
  #count(node: ast.Expr, printer: ShownExpression): string {
    const text = printer.root(node);
    return this.#isPretty && node.kind === 'A_Expr' ? `(${text})` : text;
  }

  #lock(query: ast.SelectStmt, lock: ast.LockingClause): string {
    const named = lock.lockedRels.map(({ relname }) => quoteIdentifier(relname));
    const all = query.fromClause.flatMap((item) =>
      item.kind === 'RangeVar' ? [quoteIdentifier(item.alias?.aliasname ?? item.relname)] : [],
    );
    return (named.length > 0 ? named : all).map((name) => `${printLockStrength(lock)} OF ${name}`).join(' ');
  }

  #printer(query: ast.SelectStmt, base: number, scope: Scope): ShownExpression {
    return this.#printerIn(scope, base, scope.parent !== null || countRelations(query.fromClause) !== 1);
  }

  #printerIn(scope: Scope, base: number, isQualified: boolean): ShownExpression {
    const names: ShownNames = {
      column: (node) => {
        if (node.star) return shownStar(scope, node);
        const column = this.#names.columnOf(node);
        const [only] = node.fields;
        // A row as a whole goes by the name of its entry.
        if (column === null && node.fields.length === 1 && this.#notes.boundTo(node)?.kind === 'row')
          return quoteIdentifier(shownName(scope, only as string));
        if (column === null) return quoteName(node.fields);
        const { relation, name } = column;
        return isQualified && relation !== null
          ? quoteName([shownName(scope, relation), name])
          : quoteIdentifier(name);
      },
      routine: (name) => (this.#names.isVisibleRoutine(name) ? name.slice(-1) : name),
      query: (node) => this.#select(node, base + NESTING, scope, 'unseen'),
    };
    return new ShownExpression(this.#notes, this.#settings, base + NESTING, names, this.#isPretty);
  }

  #with(clause: ast.WithClause, base: number, scope: Scope): string {
    const pad = ' '.repeat(base);
    const items = clause.ctes.map((cte) => {
      const names = cte.aliascolnames.length === 0 ? '' : `(${quoteNames(cte.aliascolnames)})`;
      const hint =
        cte.ctematerialized === 'CTEMaterializeAlways'
          ? 'MATERIALIZED '
          : cte.ctematerialized === 'CTEMaterializeNever'
            ? 'NOT MATERIALIZED '
            : '';
      const query = this.#select(cte.ctequery as ast.SelectStmt, base + NESTING, scope, 'own');
      return `${quoteIdentifier(cte.ctename)}${names} AS ${hint}(\n${pad}        ${query}\n${pad}        )${searchAndCycle(cte)}`;
    });
    return ` WITH ${clause.recursive ? 'RECURSIVE ' : ''}${items.join(', ')}\n${pad}`;
  }

  #setOperation(query: ast.SelectStmt, base: number, scope: Scope, columns: OutputNames): string {
    const pad = ' '.repeat(base);
    const arm = (side: ast.SelectStmt, isLeft: boolean): string => {
      const isSame = side.op === query.op && side.all === query.all && isLeft;
      // A set operation with an order or a limit of its own is a query like any other.
      const isLeaf = side.op === 'SETOP_NONE' || hasTail(side);
      const isNested = isLeaf ? hasTail(side) : !isSame;
      const names = isLeft || columns !== 'own' ? columns : 'unseen';
      if (!isNested) return this.#select(side, base, scope, names);
      if (isLeaf) return `(${this.#select(side, base, scope, names)})`;
      return `(\n${pad}        ${this.#select(side, base + NESTING, scope, names)}\n${pad})`;
    };
    const left = arm(query.larg as ast.SelectStmt, true);
    const keyword = `${query.op.slice('SETOP_'.length)}${query.all ? ' ALL' : ''}`;
    const right = arm(query.rarg as ast.SelectStmt, false);
    const isBlock = (text: string): boolean => text.startsWith('(\n');
    return `${left}${isBlock(left) ? ' ' : `\n${pad}`}${keyword}${isBlock(right) ? ' ' : `\n${pad}`}${right}`;
  }

  #core(
    query: ast.SelectStmt,
    base: number,
    scope: Scope,
    columns: OutputNames,
    printer: ShownExpression,
  ): string {
    const pad = ' '.repeat(base);
    if (query.valuesLists.length > 0) {
      const rows = query.valuesLists.map((row) => `(${row.map((value) => printer.part(value)).join(',')})`);
      return ` VALUES ${rows.join(', ')}`;
    }
    let text = ' SELECT';
    if (query.distinctClause !== null) {
      const keys = query.distinctClause.map((key) => printer.key(this.#targetNamed(query, key)));
      text += keys.length === 0 ? ' DISTINCT' : ` DISTINCT ON (${keys.join(', ')})`;
    }
    for (const [i, target] of query.targetList.entries()) {
      const shown = this.#target(
        target,
        typeof columns === 'string' ? columns : (columns[i] ?? 'own'),
        printer,
      );
      if (shown.startsWith('\n')) text += `${i === 0 ? '' : ','}${shown}`;
      else text += `${i === 0 ? ' ' : `,\n${pad}    `}${shown}`;
    }
    if (query.fromClause.length > 0) {
      const items = query.fromClause.map((item) => this.#fromItem(item, base, scope, printer));
      text += `\n${pad}   FROM ${items.join(`,\n${pad}    `)}`;
    }
    if (query.whereClause !== null) text += clause(`\n${pad}  WHERE`, printer.part(query.whereClause));
    if (query.groupClause.length > 0) {
      const items = query.groupClause.map((item) => this.#groupItem(query, item, printer));
      text += `\n${pad}  GROUP BY ${query.groupDistinct ? 'DISTINCT ' : ''}${items.join(', ')}`;
    }
    if (query.havingClause !== null) text += clause(`\n${pad} HAVING`, printer.part(query.havingClause));
    if (query.windowClause.length > 0) {
      const windows = query.windowClause.map(
        (window) => `${quoteIdentifier(window.name ?? '')} AS ${printer.window(window)}`,
      );
      text += `\n${pad}  WINDOW ${windows.join(', ')}`;
    }
    return text;
  }

  /** A plain column needs no AS under its own name; everything else has one. */
  #target(target: ast.ResTarget, given: string, printer: ShownExpression): string {
    const node = target.val as ast.Expr;
    const shown = printer.part(node);
    if (node.kind === 'ColumnRef' && node.star) return shown;
    const isGiven = given !== 'own' && given !== 'unseen';
    const name = isGiven ? given : (target.name ?? this.#names.nameOf(node));
    if (given === 'unseen' && name === NAMELESS) return shown;
    // A cast that changes nothing is not shown, and what it stands on is the column.
    const isIdle =
      node.kind === 'TypeCast' && node.arg.kind === 'ColumnRef' && printer.part(node.arg) === shown;
    const seen = isIdle ? node.arg : node;
    const bound = this.#notes.boundTo(seen);
    // A star alone would be all columns.
    const isWhole = seen.kind === 'ColumnRef' && bound?.kind === 'row';
    if (isWhole) return `${shown}::${shownTypeName(bound.type, this.#settings)} AS ${quoteIdentifier(name)}`;
    const own = seen.kind === 'ColumnRef' ? (this.#names.columnOf(seen)?.name ?? seen.fields.at(-1)) : null;
    return own === name ? shown : `${shown} AS ${quoteIdentifier(name)}`;
  }

  #sortItem(query: ast.SelectStmt, item: ast.SortBy, printer: ShownExpression): string {
    if (query.op === 'SETOP_NONE')
      return printer.key(this.#targetNamed(query, item.node)) + sortDirection(item);
    let first = query;
    while (first.larg !== null) first = first.larg;
    const at = first.targetList.findIndex(
      (target) => item.node.kind === 'ColumnRef' && this.#outputName(target) === item.node.fields[0],
    );
    return (at < 0 ? printer.part(item.node) : String(at + 1)) + sortDirection(item);
  }

  #outputName(target: ast.ResTarget): string {
    return target.name ?? this.#names.nameOf(target.val as ast.Expr);
  }

  /** What a number or an output name in DISTINCT ON or ORDER BY stands for, or a number in GROUP BY. */
  #targetNamed(query: ast.SelectStmt, node: ast.Expr): ast.Expr {
    if (node.kind === 'A_Const' && node.constType === 'Integer')
      return query.targetList[node.ival - 1]?.val ?? node;
    if (node.kind !== 'ColumnRef' || node.fields.length !== 1) return node;
    return query.targetList.find((target) => this.#outputName(target) === node.fields[0])?.val ?? node;
  }

  #groupItem(query: ast.SelectStmt, item: ast.Expr | ast.GroupingSet, printer: ShownExpression): string {
    if (item.kind === 'RowExpr' && item.row_format === 'COERCE_IMPLICIT_CAST')
      return `(${item.args.map((part) => this.#groupItem(query, part, printer)).join(', ')})`;
    if (item.kind !== 'GroupingSet')
      return printer.key(item.kind === 'A_Const' ? this.#targetNamed(query, item) : item);
    const isSets = item.setKind === 'GROUPING_SET_SETS';
    const content = item.content
      .map((part) => {
        const text = this.#groupItem(query, part, printer);
        const isBare = part.kind !== 'GroupingSet' && part.kind !== 'RowExpr';
        return isSets && isBare ? `(${text})` : text;
      })
      .join(', ');
    switch (item.setKind) {
      case 'GROUPING_SET_EMPTY':
        return '()';
      case 'GROUPING_SET_ROLLUP':
        return `ROLLUP(${content})`;
      case 'GROUPING_SET_CUBE':
        return `CUBE(${content})`;
      default:
        return `GROUPING SETS (${content})`;
    }
  }

  #fromItem(item: ast.FromItem, base: number, scope: Scope, printer: ShownExpression): string {
    switch (item.kind) {
      case 'RangeVar': {
        const name = this.#names.isVisible(item) ? quoteIdentifier(item.relname) : printRelation(item);
        const shown = shownName(scope, item.alias?.aliasname ?? item.relname);
        const alias = item.alias === null && shown === item.relname ? '' : aliasOf(item.alias, shown);
        return `${item.inh ? '' : 'ONLY '}${name}${alias}`;
      }
      case 'RangeSubselect':
        return `${item.lateral ? 'LATERAL ' : ''}(${this.#select(item.subquery, base + NESTING, scope, 'own')})${this.#alias(item.alias, scope)}`;
      case 'RangeFunction':
        return this.#function(item, scope, printer);
      case 'JoinExpr':
        return this.#join(item, base, scope, printer);
      default:
        return printFromItem(item);
    }
  }

  #alias(alias: ast.Alias | null, scope: Scope): string {
    return alias === null ? '' : aliasOf(alias, shownName(scope, alias.aliasname));
  }

  #function(item: ast.RangeFunction, scope: Scope, printer: ShownExpression): string {
    const [only] = item.functions;
    const hasTypes = item.functions.some(({ coldeflist }) => coldeflist.length > 0);
    if (only === undefined || item.coldeflist.length > 0 || hasTypes) return printFromItem(item);
    const calls = item.functions.map(({ func }) => printer.part(func)).join(', ');
    const ordinality = item.ordinality ? ' WITH ORDINALITY' : '';
    return `${item.lateral ? 'LATERAL ' : ''}${item.is_rowsfrom ? `ROWS FROM(${calls})` : calls}${ordinality}${this.#alias(item.alias, scope)}`;
  }

  /** An aliased join hides the names within it from all but its own conditions. */
  #join(join: ast.JoinExpr, base: number, outer: Scope, printer: ShownExpression): string {
    if (join.alias !== null && outer.hidden.size > 0) {
      const names = shownNames([join.larg, join.rarg], outer.parent);
      const scope: Scope = { names, hidden: hiddenNames([join.larg, join.rarg]), parent: outer.parent };
      const inside = this.#printerIn(scope, base, true);
      return `(${this.#joinText(join, base, scope, inside)})${this.#alias(join.alias, outer)}`;
    }
    const text = this.#joinText(join, base, outer, printer);
    if (join.alias !== null) return `(${text})${this.#alias(join.alias, outer)}`;
    return this.#isPretty ? text : `(${text})`;
  }

  #joinText(join: ast.JoinExpr, base: number, scope: Scope, printer: ShownExpression): string {
    const left = this.#fromItem(join.larg, base, scope, printer);
    const right = this.#fromItem(join.rarg, base, scope, printer);
    const isNested = this.#isPretty && join.rarg.kind === 'JoinExpr' && join.rarg.alias === null;
    const type = join.jointype.slice('JOIN_'.length);
    const isCross = !join.isNatural && join.quals === null && join.usingClause.length === 0;
    const word = isCross ? 'CROSS JOIN' : type === 'INNER' ? 'JOIN' : `${type} JOIN`;
    const using =
      join.join_using_alias === null ? '' : ` AS ${quoteIdentifier(join.join_using_alias.aliasname)}`;
    const quals = join.quals === null ? '' : printer.part(join.quals);
    const on =
      join.quals !== null
        ? ` ON ${this.#isPretty ? quals : `(${quals})`}`
        : join.usingClause.length > 0
          ? ` USING (${quoteNames(join.usingClause)})${using}`
          : '';
    const side = isNested ? `(${right})` : right;
    return `${left}\n${' '.repeat(base)}     ${join.isNatural ? 'NATURAL ' : ''}${word} ${side}${on}`;
  }
}

function aliasOf(alias: ast.Alias | null, shown: string): string {
  const names = alias?.colnames ?? [];
  return ` ${quoteIdentifier(shown)}${names.length === 0 ? '' : `(${quoteNames(names)})`}`;
}

/** The name an entry is shown under, looked up from the query outwards as the name itself is. */
function shownName(scope: Scope | null, written: string): string {
  for (let at = scope; at !== null; at = at.parent) {
    const alias = at.hidden.get(written);
    const shown = at.names.get(alias ?? written) ?? alias;
    if (shown !== undefined) return shown;
  }
  return written;
}

/** All columns of an entry go by the name it is shown under. */
function shownStar(scope: Scope, node: ast.ColumnRef): string {
  const written = node.fields.at(-1);
  const shown = written === undefined ? written : shownName(scope, written);
  return shown === undefined || shown === written ? printExpr(node) : `${quoteIdentifier(shown)}.*`;
}

function hiddenNames(items: readonly ast.FromItem[]): ReadonlyMap<string, string> {
  const hidden = new Map<string, string>();
  for (const item of items) {
    if (item.kind !== 'JoinExpr') continue;
    const sides = [item.larg, item.rarg];
    if (item.alias === null) for (const [name, alias] of hiddenNames(sides)) hidden.set(name, alias);
    else for (const name of sides.flatMap(allNames)) hidden.set(name, item.alias.aliasname);
  }
  return hidden;
}

/** Names of entries, those within aliased joins too. */
function allNames(item: ast.FromItem): readonly string[] {
  if (item.kind !== 'JoinExpr') return entryNames(item);
  return [...entryNames(item), ...allNames(item.larg), ...allNames(item.rarg)];
}

/** Entries that go by a name of an outer query, or of one before them, get a number. */
function shownNames(items: readonly ast.FromItem[], outer: Scope | null): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  for (let at = outer; at !== null; at = at.parent) for (const name of at.names.values()) taken.add(name);
  const names = new Map<string, string>();
  for (const written of items.flatMap(entryNames)) {
    let shown = written;
    for (let i = 1; taken.has(shown); i++) shown = `${written}_${i}`;
    taken.add(shown);
    names.set(written, shown);
  }
  return names;
}

function entryNames(item: ast.FromItem): readonly string[] {
  if (item.kind === 'JoinExpr') {
    const inside = [...entryNames(item.larg), ...entryNames(item.rarg)];
    return item.alias === null ? inside : [item.alias.aliasname];
  }
  if (item.kind === 'RangeVar') return [item.alias?.aliasname ?? item.relname];
  return 'alias' in item && item.alias !== null ? [item.alias.aliasname] : [];
}

function hasTail(query: ast.SelectStmt): boolean {
  return (
    query.sortClause.length > 0 ||
    query.limitCount !== null ||
    query.limitOffset !== null ||
    query.withClause !== null ||
    query.lockingClause.length > 0
  );
}

/** Range-table entries: relations, and every join is one of its own. */
function countRelations(items: readonly ast.FromItem[]): number {
  let count = 0;
  for (const item of items) count += item.kind === 'JoinExpr' ? 3 : 1;
  return count;
}

/** A recursion's SEARCH and CYCLE; the marks of a cycle where they are not true and false. */
function searchAndCycle({ search_clause: search, cycle_clause: cycle }: ast.CommonTableExpr): string {
  let text = '';
  if (search !== null) {
    const order = search.search_breadth_first ? 'BREADTH' : 'DEPTH';
    text += ` SEARCH ${order} FIRST BY ${quoteNames(search.search_col_list)} SET ${quoteIdentifier(search.search_seq_column)}`;
  }
  if (cycle !== null) {
    const [mark, other] = [cycle.cycle_mark_value, cycle.cycle_mark_default].map(markText);
    const marks = mark === 'true' && other === 'false' ? '' : ` TO ${mark} DEFAULT ${other}`;
    text += ` CYCLE ${quoteNames(cycle.cycle_col_list)} SET ${quoteIdentifier(cycle.cycle_mark_column)}${marks} USING ${quoteIdentifier(cycle.cycle_path_column)}`;
  }
  return text;
}

function markText(node: ast.Expr | null): string {
  if (node === null) return '';
  return node.kind === 'A_Const' && node.constType === 'String'
    ? `${printExpr(node)}::text`
    : printExpr(node);
}
