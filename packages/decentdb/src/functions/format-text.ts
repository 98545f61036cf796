/**
 * format(): %s, %I and %L with positions, width and left alignment.
 */
import { DecentDbError } from '../base/errors.ts';
import { codePointLength } from '../types/text-order.ts';
import { quoteIdentifier, quoteLiteral } from './string-kernel.ts';

const SPECIFIER = /%(?:(%)|(?:(\d+)\$)?(-)?(?:(\d+)|\*(?:(\d+)\$)?)?(.)?)/gsu;

/** `argument(i)` gives the text of the i-th value (0-based), null for NULL. */
export function formatText(
  template: string,
  count: number,
  argument: (index: number) => string | null,
): string {
  let next = 0;
  const take = (position: string | undefined): string | null => {
    if (position === '0')
      throw new DecentDbError('22023', 'format specifies argument 0, but arguments are numbered from 1');
    const index = position === undefined ? next : Number(position) - 1;
    if (index >= count) throw new DecentDbError('22023', 'too few arguments for format()');
    next = index + 1;
    return argument(index);
  };
  return template.replace(SPECIFIER, (whole, percent, position, minus, width, widthPosition, kind) => {
    if (percent !== undefined) return '%';
    if (kind === undefined)
      throw new DecentDbError('22023', 'unterminated format() type specifier', {
        hint: 'For a single "%" use "%%".',
      });
    if (kind !== 's' && kind !== 'I' && kind !== 'L') {
      throw new DecentDbError('22023', `unrecognized format() type specifier "${kind}"`, {
        hint: 'For a single "%" use "%%".',
      });
    }
    let isLeft = minus !== undefined;
    let target = Number(width ?? 0);
    if (whole.includes('*')) {
      target = Number(take(widthPosition) ?? 0);
      if (target < 0) {
        isLeft = true;
        target = -target;
      }
    }
    const text = convert(take(position), kind);
    const missing = target - codePointLength(text);
    if (missing <= 0) return text;
    return isLeft ? text + ' '.repeat(missing) : ' '.repeat(missing) + text;
  });
}

function convert(value: string | null, kind: string): string {
  if (kind === 'L') return value === null ? 'NULL' : quoteLiteral(value);
  if (kind === 's') return value ?? '';
  if (value === null)
    throw new DecentDbError('22004', 'null values cannot be formatted as an SQL identifier');
  return quoteIdentifier(value);
}
