/**
 * real and double precision, and their text form.
 *
 * I1  A float4 datum is always Math.fround of itself.
 * I2  NaN equals NaN and sorts above Infinity; -0 equals 0 but prints as -0.
 */
import { DecentDbError } from '../base/errors.ts';
import { hashDouble } from './decimal.ts';
import { Oid } from './oids.ts';
import { cannotBind, defineType, invalidInput, Physical, type SqlType, textFromJs } from './sql-type.ts';

const FLOAT = /^[ \t-\r]*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[ \t-\r]*$/;
const SPECIAL = /^[ \t-\r]*(?:([+-])?(inf(?:inity)?)|[+-]?(nan))[ \t-\r]*$/i;
const HEX = /^[ \t-\r]*([+-]?)0x([0-9a-f]*)(?:\.([0-9a-f]*))?(?:p([+-]?\d+))?[ \t-\r]*$/i;

/** Reads a float; `isSingle` rounds to float4 and checks its range. Null when the text is no number. */
export function parseFloatText(text: string, isSingle: boolean, sqlName: string): number | null {
  const plain = FLOAT.exec(text);
  if (plain === null) {
    const special = SPECIAL.exec(text);
    if (special === null) return parseHexFloat(text);
    if (special[3] !== undefined) return Number.NaN;
    return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  const exact = Number(plain[1]);
  const value = isSingle ? singleOf(plain[1]!, exact) : exact;
  const isUnderflow = value === 0 && /[1-9]/.test(plain[1]!.replace(/[eE].*/, ''));
  if (!Number.isFinite(value) || isUnderflow) {
    throw new DecentDbError('22003', `"${text.trim()}" is out of range for type ${sqlName}`);
  }
  return value;
}

const SINGLE_BITS = new Float32Array(1);
const SINGLE_WORD = new Uint32Array(SINGLE_BITS.buffer);

/**
 * The single nearest to a decimal whose nearest double is `exact`. Rounding twice goes wrong where the double stands halfway between
 * two singles and the decimal does not: then the decimal's own side decides.
 */
function singleOf(text: string, exact: number): number {
  const nearest = Math.fround(exact);
  if (nearest === exact || !Number.isFinite(nearest)) return nearest;
  const magnitude = Math.abs(exact);
  SINGLE_BITS[0] = Math.abs(nearest);
  SINGLE_WORD[0] = SINGLE_WORD[0]! + (Math.abs(nearest) < magnitude ? 1 : -1);
  const other = SINGLE_BITS[0];
  if (Math.abs(nearest) + other !== magnitude * 2) return nearest;
  const side = compareToDouble(text, magnitude);
  if (side === 0) return nearest;
  const rounded = side > 0 ? Math.max(Math.abs(nearest), other) : Math.min(Math.abs(nearest), other);
  return exact < 0 ? -rounded : rounded;
}

/** How a decimal without its sign stands to a positive double, both exactly. */
function compareToDouble(text: string, value: number): number {
  const [, whole = '', fraction = '', power = '0'] = /^[+-]?(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  let decimal = BigInt(whole + fraction);
  let double = 1n;
  const exponent = Number(power) - fraction.length;
  if (exponent >= 0) decimal *= 10n ** BigInt(exponent);
  else double *= 10n ** BigInt(-exponent);
  const binary = Math.floor(Math.log2(value)) - 60;
  double *= BigInt(value / 2 ** binary);
  if (binary >= 0) double <<= BigInt(binary);
  else decimal <<= BigInt(-binary);
  return decimal < double ? -1 : decimal > double ? 1 : 0;
}

function parseHexFloat(text: string): number | null {
  const match = HEX.exec(text);
  if (match === null || (match[2] === '' && (match[3] ?? '') === '')) return null;
  const digits = `${match[2]}${match[3] ?? ''}`;
  const exponent = Number(match[4] ?? 0) - 4 * (match[3] ?? '').length;
  const value = Number(BigInt(`0x${digits}`)) * 2 ** exponent;
  return match[1] === '-' ? -value : value;
}

/** Digits and decimal exponent (of the first digit) in PostgreSQL's layout: exponent form below 1e-4 and from 10^`limit`. */
function layout(negative: boolean, digits: string, exponent: number, limit: number): string {
  const sign = negative ? '-' : '';
  if (exponent < -4 || exponent >= limit) {
    const mantissa = digits.length === 1 ? digits : `${digits[0]}.${digits.slice(1)}`;
    const magnitude = String(Math.abs(exponent)).padStart(2, '0');
    return `${sign}${mantissa}e${exponent < 0 ? '-' : '+'}${magnitude}`;
  }
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  if (digits.length <= exponent + 1) return sign + digits + '0'.repeat(exponent + 1 - digits.length);
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`;
}

function specialText(value: number): string | null {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return value === 0 ? (Object.is(value, -0) ? '-0' : '0') : null;
}

/** Shortest digits of |value| and the exponent of the first, out of JavaScript's own text. */
function splitExponential(text: string): [digits: string, exponent: number] {
  const e = text.indexOf('e');
  const digits = (text[1] === '.' ? text[0] + text.slice(2, e) : text.slice(0, e)).replace(/0+$/, '');
  return [digits === '' ? '0' : digits, Number(text.slice(e + 1))];
}

/**
 * Text of a double. With `extraDigits` above 0 the shortest that reads back exactly, else 15 + extraDigits significant
 * digits, both laid out as PostgreSQL does (1e+15, 1e-05).
 */
export function formatFloat8(value: number, extraDigits: number): string {
  const special = specialText(value);
  if (special !== null) return special;
  if (extraDigits <= 0) return formatPrecision(value, Math.max(15 + extraDigits, 1));
  const magnitude = Math.abs(value);
  if (magnitude < 1e15 && magnitude >= 1e-4) return String(value);
  let text = magnitude.toExponential();
  if (magnitude >= 2 ** 53 && magnitude < 1e24) text = insideRounding(magnitude, text);
  const [digits, exponent] = splitExponential(text);
  return layout(value < 0, digits, exponent, 15);
}

/**
 * PostgreSQL's shortest form must lie strictly inside the rounding interval; JavaScript's may lie on its edge (1e23).
 * Only integers of this size can have such an edge.
 */
function insideRounding(magnitude: number, shortest: string): string {
  const exact = BigInt(magnitude);
  const ulp = BigInt(2 ** (Math.floor(Math.log2(magnitude)) - 52));
  let text = shortest;
  for (let precision = splitExponential(shortest)[0].length; precision <= 17; precision++) {
    const [digits, exponent] = splitExponential(text);
    const shown = BigInt(digits) * 10n ** BigInt(Math.max(exponent - digits.length + 1, 0));
    const distance = shown > exact ? shown - exact : exact - shown;
    if (distance * 2n < ulp) return text;
    text = magnitude.toExponential(precision);
  }
  return text;
}

/** C's %.{precision}g. */
function formatPrecision(value: number, precision: number): string {
  const [digits, exponent] = splitExponential(Math.abs(value).toExponential(precision - 1));
  return layout(value < 0, digits, exponent, precision);
}

/** Smallest single with all of its bits. */
const FLOAT4_NORMAL_MIN = 2 ** -126;
/** Digits beyond which a single that is halfway between two decimals has none. */
const TIE_DIGITS = 60;

/** `toExponential`, which rounds halves up, with halves to the even digit as PostgreSQL's shortest form has them. */
function tieToEven(magnitude: number, precision: number): string {
  const up = magnitude.toExponential(precision);
  const [exact] = magnitude.toExponential(TIE_DIGITS).split('e') as [string, string];
  const rest = exact.replace('.', '').slice(precision + 1);
  const [mantissa, exponent] = up.split('e') as [string, string];
  const last = mantissa.at(-1)!;
  if (!/^50*$/.test(rest) || Number(last) % 2 === 0) return up;
  return `${mantissa.slice(0, -1)}${Number(last) - 1}e${exponent}`;
}

/** Whether what rounds to a single lies halfway to the next one: other readers may round it there, so PostgreSQL does not show it. */
function isHalfway(shown: number, single: number): boolean {
  const mirrored = 2 * shown - single;
  return shown !== single && Math.fround(mirrored) === mirrored;
}

/** Text of a float4: the shortest that reads back as the same single. */
export function formatFloat4(value: number, extraDigits: number): string {
  const special = specialText(value);
  if (special !== null) return special;
  if (extraDigits <= 0) return formatPrecision(value, Math.max(6 + extraDigits, 1));
  const magnitude = Math.abs(value);
  // Below the normal range fewer digits may be enough; a normal single needs six to look at.
  for (let precision = magnitude < FLOAT4_NORMAL_MIN ? 0 : 5; precision < 9; precision++) {
    const text = tieToEven(magnitude, precision);
    const shown = Number(text);
    if (Math.fround(shown) === magnitude && !isHalfway(shown, magnitude)) {
      const [digits, exponent] = splitExponential(text);
      return layout(value < 0, digits, exponent, 6);
    }
  }
  const [digits, exponent] = splitExponential(magnitude.toExponential(8));
  return layout(value < 0, digits, exponent, 6);
}

/** PostgreSQL's order of floats: NaN is the greatest. */
export function compareFloat(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  return Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : -1;
}

function defineFloat(oid: number, name: string, sqlName: string, isSingle: boolean): SqlType {
  const format = isSingle ? formatFloat4 : formatFloat8;
  const input = (text: string): number => {
    const value = parseFloatText(text, isSingle, sqlName);
    if (value === null) throw invalidInput(sqlName, text);
    return value;
  };
  const type: SqlType = defineType({
    oid,
    name,
    sqlName,
    category: 'N',
    isPreferred: !isSingle,
    physical: Physical.float64,
    input,
    output: (value: number, settings) => format(value, settings.extraFloatDigits),
    compare: compareFloat,
    equals: (a: number, b: number) => a === b || (Number.isNaN(a) && Number.isNaN(b)),
    hash: hashDouble,
    fromJs: (value) => {
      if (typeof value === 'number') {
        if (!isSingle) return value;
        const single = Math.fround(value);
        if (!Number.isFinite(single) && Number.isFinite(value)) {
          throw new DecentDbError('22003', `"${value}" is out of range for type real`);
        }
        return single;
      }
      if (typeof value === 'boolean') throw cannotBind(value, type);
      return input(textFromJs(value, type));
    },
  });
  return type;
}

export const float4Type: SqlType = defineFloat(Oid.float4, 'float4', 'real', true);
export const float8Type: SqlType = defineFloat(Oid.float8, 'float8', 'double precision', false);
