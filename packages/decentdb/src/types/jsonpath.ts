/**
 * Parsed jsonpath expressions: the items of a path, and their text form.
 *
 * I1  A path is a chain of items by `next`; operators and predicates hold their operands in `left` and `right`.
 * I2  The text form reads back to the same chain (jsonpath's output function, PostgreSQL manual 8.14.7).
 */
import { Decimal } from './decimal.ts';
import { formatJson, type JsonNode, quoteJson } from './json.ts';

export type PathOperator = '==' | '!=' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/' | '%' | '&&' | '||';

export type PathMethod =
  | 'abs'
  | 'bigint'
  | 'boolean'
  | 'ceiling'
  | 'date'
  | 'datetime'
  | 'decimal'
  | 'double'
  | 'floor'
  | 'integer'
  | 'keyvalue'
  | 'number'
  | 'size'
  | 'string'
  | 'time'
  | 'time_tz'
  | 'timestamp'
  | 'timestamp_tz'
  | 'type';

/**
 * `unary`: + or - before `left`; `key`: member named `value`; `any`: `**` with `bounds`; `startsWith`: `left` with `right`;
 * `likeRegex`: `left` against the pattern `value` with the letters `flags`; `method`: `operator` names it.
 */
export type PathKind =
  | 'literal'
  | 'variable'
  | 'root'
  | 'current'
  | 'last'
  | 'key'
  | 'anyKey'
  | 'anyArray'
  | 'indexArray'
  | 'any'
  | 'filter'
  | 'method'
  | 'unary'
  | 'arithmetic'
  | 'comparison'
  | 'and'
  | 'or'
  | 'not'
  | 'isUnknown'
  | 'exists'
  | 'startsWith'
  | 'likeRegex';

export interface Subscript {
  readonly from: PathItem;
  readonly to: PathItem | null;
}

/** Levels of `**`; Infinity is `last`. */
export interface LevelBounds {
  readonly first: number;
  readonly last: number;
}

export class PathItem {
  readonly kind: PathKind;
  readonly left: PathItem | null;
  readonly right: PathItem | null;
  readonly value: JsonNode;
  readonly operator: PathOperator | PathMethod | null;
  readonly flags: string;
  readonly subscripts: readonly Subscript[];
  readonly bounds: LevelBounds | null;
  next: PathItem | null = null;

  constructor(kind: PathKind, parts: Partial<Omit<PathItem, 'kind' | 'next'>> = {}) {
    this.kind = kind;
    this.left = parts.left ?? null;
    this.right = parts.right ?? null;
    this.value = parts.value ?? null;
    this.operator = parts.operator ?? null;
    this.flags = parts.flags ?? '';
    this.subscripts = parts.subscripts ?? [];
    this.bounds = parts.bounds ?? null;
  }
}

/** The datum of jsonpath. */
export class JsonPath {
  readonly isLax: boolean;
  readonly root: PathItem;

  constructor(isLax: boolean, root: PathItem) {
    this.isLax = isLax;
    this.root = root;
  }

  toString(): string {
    return (this.isLax ? '' : 'strict ') + formatItem(this.root, false, true);
  }
}

const PREDICATES: ReadonlySet<PathKind> = new Set([
  'comparison',
  'and',
  'or',
  'not',
  'isUnknown',
  'exists',
  'startsWith',
  'likeRegex',
]);

/** Whether the item is true, false or unknown rather than a sequence of values. */
export function isPredicate(item: PathItem): boolean {
  return PREDICATES.has(item.kind);
}

function priority(item: PathItem): number {
  switch (item.kind) {
    case 'or':
      return 0;
    case 'and':
      return 1;
    case 'comparison':
    case 'startsWith':
      return 2;
    case 'arithmetic':
      return item.operator === '+' || item.operator === '-' ? 3 : 4;
    case 'unary':
      return 5;
    default:
      return 6;
  }
}

function operand(item: PathItem, parent: PathItem): string {
  return formatItem(item, false, priority(item) <= priority(parent));
}

function bracketed(text: string, isBracketed: boolean): string {
  return isBracketed ? `(${text})` : text;
}

function formatLevels({ first, last }: LevelBounds): string {
  const level = (value: number): string => (value === Number.POSITIVE_INFINITY ? 'last' : String(value));
  if (first === 0 && last === Number.POSITIVE_INFINITY) return '**';
  return first === last ? `**{${level(first)}}` : `**{${level(first)} to ${level(last)}}`;
}

function formatBinary(item: PathItem, symbol: string, isBracketed: boolean): string {
  return bracketed(`${operand(item.left!, item)} ${symbol} ${operand(item.right!, item)}`, isBracketed);
}

function formatOperation(item: PathItem, isBracketed: boolean): string {
  switch (item.kind) {
    case 'unary':
      return bracketed(`${item.operator}${operand(item.left!, item)}`, isBracketed);
    case 'arithmetic':
    case 'comparison':
      return formatBinary(item, item.operator!, isBracketed);
    case 'and':
      return formatBinary(item, '&&', isBracketed);
    case 'or':
      return formatBinary(item, '||', isBracketed);
    case 'startsWith':
      return formatBinary(item, 'starts with', isBracketed);
    case 'likeRegex': {
      const flags = item.flags === '' ? '' : ` flag "${item.flags}"`;
      const pattern = quoteJson(item.value as string);
      return bracketed(`${operand(item.left!, item)} like_regex ${pattern}${flags}`, isBracketed);
    }
    case 'not':
      return `!(${formatItem(item.left!, false, false)})`;
    case 'isUnknown':
      return `(${formatItem(item.left!, false, false)}) is unknown`;
    default:
      return `exists (${formatItem(item.left!, false, false)})`;
  }
}

function formatSubscript({ from, to }: Subscript): string {
  const first = formatItem(from, false, false);
  return to === null ? first : `${first} to ${formatItem(to, false, false)}`;
}

function formatMethod(item: PathItem): string {
  const args = [item.left, item.right].flatMap((arg) => (arg === null ? [] : formatItem(arg, false, false)));
  return `.${item.operator}(${args.join(',')})`;
}

function formatHead(item: PathItem, isAfterDot: boolean, isBracketed: boolean): string {
  const dot = isAfterDot ? '.' : '';
  switch (item.kind) {
    case 'literal':
      return item.value instanceof Decimal && item.next !== null ? `(${item.value})` : formatJson(item.value);
    case 'variable':
      return `$${quoteJson(item.value as string)}`;
    case 'root':
      return '$';
    case 'current':
      return '@';
    case 'last':
      return 'last';
    case 'key':
      return dot + quoteJson(item.value as string);
    case 'anyKey':
      return `${dot}*`;
    case 'anyArray':
      return '[*]';
    case 'indexArray':
      return `[${item.subscripts.map(formatSubscript).join(',')}]`;
    case 'any':
      return dot + formatLevels(item.bounds!);
    case 'filter':
      return `?(${formatItem(item.left!, false, false)})`;
    case 'method':
      return formatMethod(item);
    default:
      return formatOperation(item, isBracketed);
  }
}

function formatItem(item: PathItem, isAfterDot: boolean, isBracketed: boolean): string {
  let text = formatHead(item, isAfterDot, isBracketed);
  for (let next = item.next; next !== null; next = next.next) text += formatHead(next, true, true);
  return text;
}
