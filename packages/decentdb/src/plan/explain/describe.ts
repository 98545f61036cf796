/**
 * A physical plan as a tree of names and properties, from which both forms of EXPLAIN are written.
 */
import type { TableDef } from '../../catalog/schema.ts';
import type { Expr, SortKey } from '../../exec/expr.ts';
import type {
  KeyRange,
  PhysicalNode,
  PhysicalPlan,
  ScanNode,
  Subplan,
  TrigramCondition,
} from '../../exec/physical.ts';
import { inputsOf } from '../../exec/physical.ts';
import { isItemMatch, itemMatches } from '../../exec/storage/item-search.ts';
import { holdsRange } from '../emit/bitmap-condition.ts';
import { bitmapPart, type DescribedPart, keyNames } from './bitmap.ts';
import { exprText, type Names } from './expr-text.ts';
import { subplansOf } from './node-exprs.ts';
import { SlotNames } from './slot-names.ts';

export interface Described {
  readonly node: PhysicalNode;
  /** PostgreSQL's name of the node: 'Index Scan', 'Hash Join', ... */
  readonly title: string;
  /** What follows the name in text form: ' using i on t'. */
  readonly suffix: string;
  readonly properties: readonly Property[];
  /** Its output columns; null: not asked for. */
  readonly output: readonly string[] | null;
  readonly children: readonly Described[];
  /** What the node combines, where it is more than a property says. */
  readonly parts?: readonly DescribedPart[];
  /** 'SubPlan 1', 'InitPlan 1', 'CTE x': what this tree is to its parent; empty for plain inputs. */
  readonly role: string;
}

/** `isVerbose`: schemas of tables, tables of columns, and what every node outputs. */
export function describePlan(plan: PhysicalPlan, isVerbose: boolean): Described {
  return new Describer(plan.root, isVerbose).describe(plan.root, '', []);
}

class Describer {
  readonly #names: SlotNames;
  readonly #subplans = new Map<unknown, number>();
  readonly #isVerbose: boolean;

  constructor(root: PhysicalNode, isVerbose: boolean) {
    this.#isVerbose = isVerbose;
    this.#names = new SlotNames(isVerbose || countTables(root) > 1, (plan) =>
      this.#subplanName(plan as Subplan),
    );
  }

  #subplanName(plan: Subplan): string {
    let number = this.#subplans.get(plan);
    if (number === undefined) {
      number = this.#subplans.size + 1;
      this.#subplans.set(plan, number);
    }
    return `${plan.outer.length === 0 ? 'InitPlan' : 'SubPlan'} ${number}`;
  }

  describe(node: PhysicalNode, role: string, outer: readonly string[]): Described {
    const names = this.#names.overInputs(node, outer);
    const own = this.#names.over(this.#names.of(node, outer), outer);
    const children: Described[] = [];
    if (node.kind === 'with') {
      for (const d of node.definitions) {
        children.push(this.describe(d.plan, `CTE ${d.name}`, outer));
        if (d.recursive !== null)
          children.push(this.describe(d.recursive.term, `Recursive term of ${d.name}`, outer));
      }
      children.push(this.describe(node.body, '', outer));
    } else if (node.kind === 'apply') {
      const inner = node.outer.map((e) =>
        exprText(e, this.#names.over(this.#names.of(node.left, outer), outer)),
      );
      children.push(this.describe(node.left, '', outer), this.describe(node.right, '', inner));
    } else {
      for (const input of inputsOf(node)) children.push(this.describe(input, '', outer));
    }
    const properties = describeProperties(node, names, own, this.#names);
    for (const { plan, values } of subplansOf(node)) {
      const over = node.kind === 'scan' ? own : names;
      children.push(
        this.describe(
          plan.root,
          this.#subplanName(plan),
          values.map((e) => exprText(e, over)),
        ),
      );
    }
    const { title, suffix } = titleOf(node, this.#isVerbose);
    const parts = node.kind === 'scan' ? bitmapParts(node, own) : [];
    const output = this.#isVerbose ? this.#names.of(node, outer) : null;
    return {
      node,
      title,
      suffix,
      properties,
      output,
      children,
      role,
      ...(parts.length > 0 ? { parts } : {}),
    };
  }
}

function countTables(node: PhysicalNode): number {
  const own = node.kind === 'scan' || node.kind === 'indexJoin' ? 1 : 0;
  let below = 0;
  for (const { plan } of subplansOf(node)) below += countTables(plan.root);
  return inputsOf(node).reduce((sum, input) => sum + countTables(input), own + below);
}

const joinWords: Readonly<Record<string, string>> = {
  inner: '',
  left: ' Left',
  right: ' Right',
  full: ' Full',
  semi: ' Semi',
  anti: ' Anti',
  mark: ' Mark',
  single: ' Single',
};

function titleOf(
  node: PhysicalNode,
  isVerbose: boolean,
): { readonly title: string; readonly suffix: string } {
  switch (node.kind) {
    case 'scan':
      return scanTitle(node, isVerbose);
    case 'hashJoin':
      return { title: `Hash${joinWords[node.join]} Join`, suffix: '' };
    case 'mergeJoin':
      return { title: `Merge${joinWords[node.join]} Join`, suffix: '' };
    case 'nestedLoop':
      return {
        title: node.join === 'inner' ? 'Nested Loop' : `Nested Loop${joinWords[node.join]} Join`,
        suffix: '',
      };
    case 'apply':
      return {
        title: node.join === 'inner' ? 'Lateral Loop' : `Lateral Loop${joinWords[node.join]} Join`,
        suffix: '',
      };
    case 'indexJoin': {
      const through = node.index === null ? '' : ` using ${node.index.name}`;
      return {
        title: `Index${joinWords[node.join]} Join`,
        suffix: `${through} on ${tableName(node.table, node.alias, isVerbose)}`,
      };
    }
    case 'aggregate':
      return { title: aggregateTitle(node), suffix: '' };
    case 'distinct':
      return { title: node.strategy === 'sorted' ? 'Unique' : 'HashAggregate', suffix: '' };
    case 'setOp':
      return { title: setOpTitle(node), suffix: '' };
    case 'cteScan':
      return { title: node.isWorkTable ? 'WorkTable Scan' : 'CTE Scan', suffix: '' };
    case 'tableFunction':
      return { title: 'Function Scan', suffix: ` on ${node.functions.map((f) => f.fn.name).join(', ')}` };
    case 'virtualScan':
      return { title: 'Virtual Scan', suffix: ` on ${node.view.name}` };
    case 'values':
      return { title: node.rows.length === 1 ? 'Result' : 'Values Scan', suffix: '' };
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
      return {
        title: capitalized(node.kind),
        suffix: ` on ${tableName(node.target.table, undefined, isVerbose)}`,
      };
    default:
      return { title: plainTitles[node.kind] ?? node.kind, suffix: '' };
  }
}

const plainTitles: Readonly<Record<string, string>> = {
  filter: 'Filter',
  gather: 'Gather',
  project: 'Result',
  projectSet: 'ProjectSet',
  sort: 'Sort',
  topN: 'Top-N Sort',
  limit: 'Limit',
  window: 'WindowAgg',
  with: 'With',
};

function scanTitle(node: ScanNode, isVerbose: boolean): { readonly title: string; readonly suffix: string } {
  const on = ` on ${tableName(node.table, node.alias, isVerbose)}`;
  if (node.nearest) return { title: 'Trigram Index Scan', suffix: ` using ${node.nearest.index.name}${on}` };
  if (node.trigram && holdsRange(node.trigram)) return { title: 'Bitmap Heap Scan', suffix: on };
  if (node.trigram) {
    const names = [...trigramIndexes(node.trigram)].join(', ');
    return { title: `${searchKind(node.trigram)} Index Scan`, suffix: ` using ${names}${on}` };
  }
  const backward = node.direction === 'backward' ? ' Backward' : '';
  if (node.path === 'table') {
    const parallel = node.isParallel === true ? 'Parallel ' : '';
    if (node.ranges === null) return { title: `${parallel}Seq Scan`, suffix: `${backward}${on}` };
    return { title: `${parallel}Row Id Scan`, suffix: `${backward}${on}` };
  }
  if (node.skip !== undefined)
    return { title: 'Index Skip Scan', suffix: ` using ${node.index?.name ?? '?'}${on}` };
  const parallel = node.isParallel === true ? 'Parallel ' : '';
  const title = node.path === 'indexOnly' ? `${parallel}Index Only Scan` : 'Index Scan';
  return { title, suffix: `${backward} using ${node.index?.name ?? '?'}${on}` };
}

function tableName(table: TableDef, alias: string | undefined, isVerbose: boolean): string {
  const name = isVerbose ? `${table.schema}.${table.name}` : table.name;
  return alias === undefined || alias === table.name ? name : `${name} ${alias}`;
}

function aggregateTitle(node: Extract<PhysicalNode, { kind: 'aggregate' }>): string {
  const stage = node.stage === undefined ? '' : node.stage === 'partial' ? 'Partial ' : 'Finalize ';
  if (node.groups.length === 0) return `${stage}Aggregate`;
  if (node.sets.length > 1) return 'MixedAggregate';
  return `${stage}${node.strategy === 'sorted' ? 'GroupAggregate' : 'HashAggregate'}`;
}

function setOpTitle(node: Extract<PhysicalNode, { kind: 'setOp' }>): string {
  if (node.op === 'union') return node.all ? 'Append' : 'Unique Append';
  return `SetOp ${capitalized(node.op)}${node.all ? ' All' : ''}`;
}

function capitalized(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

/** A list is one in JSON, and joined by commas in text. */
type Property = readonly [name: string, value: string | readonly string[]];

function describeProperties(
  node: PhysicalNode,
  inputs: Names,
  own: Names,
  slotNames: SlotNames,
): readonly Property[] {
  const keys = (list: readonly SortKey[]): string[] => list.map((k) => keyText(k, inputs));
  const condition = (name: string, expr: Expr | null, over: Names): readonly Property[] =>
    expr === null ? [] : [[name, exprText(expr, over)]];
  switch (node.kind) {
    case 'scan': {
      const columns = keyNames(node.table, node.index);
      const ranges: Property[] =
        node.ranges === null
          ? []
          : [['Index Cond', node.ranges.map((r) => rangeText(r, columns, own)).join(' OR ')]];
      if (node.trigram && !holdsRange(node.trigram))
        ranges.push(['Index Cond', trigramText(node.trigram, node.table, own)]);
      if (node.nearest) ranges.push(['Order By', exprText(node.nearest.distance, own)]);
      if (node.searchRefused) ranges.push(['Search Index', node.searchRefused]);
      return [...ranges, ...condition('Filter', node.filter, own)];
    }
    case 'filter':
      return condition('Filter', node.predicate, inputs);
    case 'gather':
      return [['Workers Planned', String(node.workers)]];
    case 'hashJoin':
    case 'mergeJoin': {
      const left = node.leftKeys.map((e) =>
        exprText(e, slotNames.over(slotNames.of(node.left, inputs.outer), inputs.outer)),
      );
      const right = node.rightKeys.map((e) =>
        exprText(e, slotNames.over(slotNames.of(node.right, inputs.outer), inputs.outer)),
      );
      const cond = left.map((l, i) => `(${l} = ${right[i]})`).join(' AND ');
      const name = node.kind === 'hashJoin' ? 'Hash Cond' : 'Merge Cond';
      const build: readonly Property[] = node.kind === 'hashJoin' ? [['Build Side', node.build]] : [];
      return [
        [name, left.length > 1 ? `(${cond})` : cond],
        ...condition('Join Filter', node.residual, inputs),
        ...build,
      ];
    }
    case 'nestedLoop':
    case 'apply':
      return condition('Join Filter', node.condition, inputs);
    case 'indexJoin': {
      const keyColumns =
        node.index === null
          ? [node.table.columns[node.table.rowIdColumn]?.name ?? 'ctid']
          : node.index.keys.map((k) => node.table.columns[k.column]?.name ?? '?');
      const cond = node.keys.map((e, i) => `(${keyColumns[i]} = ${exprText(e, inputs)})`).join(' AND ');
      const both = slotNames.over(
        [...inputs.slots, ...slotNames.tableColumns(node.table, node.alias, node.columns)],
        inputs.outer,
      );
      return [['Index Cond', cond], ...condition('Join Filter', node.residual, both)];
    }
    case 'aggregate':
      return node.groups.length === 0 ? [] : [['Group Key', node.groups.map((e) => exprText(e, inputs))]];
    case 'distinct':
      return node.on === null ? [] : [['Distinct On', node.on.map((e) => exprText(e, inputs))]];
    case 'sort':
    case 'topN':
      return [['Sort Key', keys(node.keys)]];
    case 'window': {
      const parts: Property[] = [];
      if (node.partitionBy.length > 0)
        parts.push(['Partition By', node.partitionBy.map((e) => exprText(e, inputs))]);
      if (node.orderBy.length > 0) parts.push(['Order By', keys(node.orderBy)]);
      return parts;
    }
    case 'insert':
      return node.onConflict === null ? [] : [['Conflict Resolution', node.onConflict.action.toUpperCase()]];
    default:
      return [];
  }
}

function keyText(key: SortKey, names: Names): string {
  const nulls = key.nullsFirst === key.descending ? '' : key.nullsFirst ? ' NULLS FIRST' : ' NULLS LAST';
  return `${exprText(key.expr, names)}${key.descending ? ' DESC' : ''}${nulls}`;
}

function bitmapParts(node: ScanNode, names: Names): readonly DescribedPart[] {
  if (!node.trigram || !holdsRange(node.trigram)) return [];
  return [bitmapPart(node.trigram, node.table, names, { search: trigramText, range: rangeText })];
}

/** What the indexes of a condition hold. */
function searchKind(condition: TrigramCondition): 'Trigram' | 'Full Text' | 'GIN' | 'Search' {
  if (condition.kind === 'match') {
    if (isItemMatch(condition.match)) return 'GIN';
    return condition.match === 'query' ? 'Full Text' : 'Trigram';
  }
  if (condition.kind === 'range') return 'Search';
  const kinds = new Set(condition.parts.map(searchKind));
  const [first = 'Search'] = kinds;
  return kinds.size === 1 ? first : 'Search';
}

function trigramIndexes(condition: TrigramCondition): ReadonlySet<string> {
  if (condition.kind === 'match') return new Set([condition.index.name]);
  if (condition.kind === 'range') return new Set();
  return new Set(condition.parts.flatMap((part) => [...trigramIndexes(part)]));
}

const matchSymbols = {
  like: '~~*',
  equal: '~~*',
  regex: '~',
  regexIgnoringCase: '~*',
  contains: '~~*',
  query: '@@',
  similar: '%',
  wordSimilar: '%>',
  strictWordSimilar: '%>>',
} as const;

function trigramText(condition: TrigramCondition, table: TableDef, names: Names): string {
  if (condition.kind === 'match') {
    const key = condition.index.keys[condition.key];
    const subject =
      key === undefined || key.column < 0 ? `(${key?.expressionSql})` : table.columns[key.column]?.name;
    const pattern = exprText(condition.pattern, names);
    if (condition.match === 'arrayHolds') return `(${pattern} = ANY (${subject}))`;
    const { match } = condition;
    return `(${subject} ${isItemMatch(match) ? itemMatches[match] : matchSymbols[match]} ${pattern})`;
  }
  if (condition.kind === 'range') return '';
  const word = condition.kind === 'all' ? ' AND ' : ' OR ';
  return `(${condition.parts.map((part) => trigramText(part, table, names)).join(word)})`;
}

function rangeText(range: KeyRange, columns: readonly string[], names: Names): string {
  const parts: string[] = [];
  range.prefix.forEach((part, i) => {
    const column = columns[i] ?? '?';
    if (part.kind === 'equal') parts.push(`(${column} = ${exprText(part.expr, names)})`);
    else if (part.kind === 'isNull') parts.push(`(${column} IS NULL)`);
    else if (part.kind === 'in')
      parts.push(`(${column} = ANY ({${part.list.map((e) => exprText(e, names)).join(',')}}))`);
    else parts.push(`(${column} = ANY (${exprText(part.array, names)}))`);
  });
  if (range.range !== null) {
    const at = range.prefix.length;
    const name = (count: number): string =>
      count === 1 ? (columns[at] ?? '?') : `ROW(${columns.slice(at, at + count).join(', ')})`;
    const { lower, upper } = range.range;
    const bound = (exprs: readonly Expr[]): string =>
      exprs.length === 1
        ? exprText(exprs[0] as Expr, names)
        : `ROW(${exprs.map((e) => exprText(e, names)).join(', ')})`;
    if (lower !== null)
      parts.push(`(${name(lower.exprs.length)} ${lower.inclusive ? '>=' : '>'} ${bound(lower.exprs)})`);
    if (upper !== null)
      parts.push(`(${name(upper.exprs.length)} ${upper.inclusive ? '<=' : '<'} ${bound(upper.exprs)})`);
    if (lower === null && upper === null) parts.push(`(${columns[at] ?? '?'} IS NOT NULL)`);
  }
  return parts.length === 1 ? (parts[0] as string) : `(${parts.join(' AND ')})`;
}
