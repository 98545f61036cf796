/**
 * Which SQL type a column of text values wants.
 *
 * I1  The type chosen accepts every value seen, without loss: a leading zero (a postal code), a number past bigint or a
 *     float with more digits than a double holds stays what it is.
 */

export type ColumnType =
  | 'boolean'
  | 'integer'
  | 'bigint'
  | 'numeric'
  | 'double precision'
  | 'date'
  | 'timestamp'
  | 'timestamptz'
  | 'uuid'
  | 'text';

const INTEGER = /^[+-]?(0|[1-9]\d*)$/;
const DECIMAL = /^[+-]?(0|[1-9]\d*)?(\.\d+)?([eE][+-]?\d+)?$/;
const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?$/;
const TIMESTAMPTZ = /^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?\s?(Z|[+-]\d{2}(:?\d{2})?)$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const BOOLEAN = /^(true|false|t|f|yes|no)$/i;

function isDate(text: string): boolean {
  const parts = DATE.exec(text);
  if (parts === null) return false;
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])];
  const at = new Date(Date.UTC(year, month - 1, day));
  return year > 0 && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
}

function integerType(text: string): ColumnType {
  const value = BigInt(text.replace(/^\+/, ''));
  if (value >= -2147483648n && value <= 2147483647n) return 'integer';
  return value >= -(2n ** 63n) && value < 2n ** 63n ? 'bigint' : 'numeric';
}

/** The narrowest type of one value. */
function typeOf(text: string): ColumnType {
  if (INTEGER.test(text)) return integerType(text);
  if (DECIMAL.test(text) && /\d/.test(text)) {
    const digits = text
      .replace(/[eE].*$/, '')
      .replace(/\D/g, '')
      .replace(/^0+/, '').length;
    return digits <= 15 ? 'double precision' : 'numeric';
  }
  if (isDate(text)) return 'date';
  if (TIMESTAMP.test(text) && isDate(text.slice(0, 10))) return 'timestamp';
  if (TIMESTAMPTZ.test(text) && isDate(text.slice(0, 10))) return 'timestamptz';
  if (UUID.test(text)) return 'uuid';
  return BOOLEAN.test(text) ? 'boolean' : 'text';
}

/** Types that widen into one another, narrowest first. */
const LADDERS: readonly (readonly ColumnType[])[] = [
  ['integer', 'bigint', 'numeric'],
  ['integer', 'double precision', 'numeric'],
  ['date', 'timestamp'],
];

/** The narrowest type that holds both. A bigint and a double meet in numeric, which loses neither. */
export function widerType(one: ColumnType, other: ColumnType): ColumnType {
  if (one === other) return one;
  for (const ladder of LADDERS) {
    const a = ladder.indexOf(one);
    const b = ladder.indexOf(other);
    if (a !== -1 && b !== -1) return ladder[Math.max(a, b)] as ColumnType;
  }
  const numbers: readonly ColumnType[] = ['integer', 'bigint', 'double precision', 'numeric'];
  return numbers.includes(one) && numbers.includes(other) ? 'numeric' : 'text';
}

/** Watches the values of one column and knows the type that holds them all. */
export class TypeSniffer {
  private seen: ColumnType | undefined;

  see(value: string | null): void {
    if (value === null || this.seen === 'text') return;
    const type = typeOf(value);
    this.seen = this.seen === undefined ? type : widerType(this.seen, type);
  }

  /** The type so far; text when every value was NULL. */
  get type(): ColumnType {
    return this.seen ?? 'text';
  }
}
