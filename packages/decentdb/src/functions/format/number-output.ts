/**
 * to_char for numbers (PostgreSQL manual 9.8).
 *
 * The digits are laid into the template's digit places from the right; places before the number stay blank (9) or become
 * zeros (from the first 0 on); the sign goes directly before the first thing printed, unless S, MI, PL, SG or PR say where.
 */
import { DecentDbError } from '../../base/errors.ts';
import { Decimal } from '../../types/decimal.ts';
import { type NumberItem, type NumberTemplate, parseNumberTemplate } from './number-template.ts';
import { ordinalSuffix } from './template.ts';

export function numberToChar(value: Decimal, format: string): string {
  const template = parseNumberTemplate(format);
  if (template.isRoman !== null) return romanText(value, template);
  if (template.isExponential) return exponentialText(value, template);
  const scaled = template.shift > 0 ? value.multiply(Decimal.of(10n ** BigInt(template.shift), 0)) : value;
  const digits = digitsOf(scaled, template);
  return new Layout(template, digits.integer, digits.fraction, digits.isNegative).print();
}

/** Beyond this JavaScript writes numbers with an exponent. */
const FIXED_MAX = 1e21;
/** Digits looked at to tell a tie: an exact one ends within one digit of where it is rounded. */
const TIE_DIGITS = 30;

/**
 * A float, as C's printf rounds it: by its binary value, ties to even, no more than `digitsMax` digits in all as far as a fraction
 * has them; what rounds to zero from below keeps its sign.
 */
export function floatToChar(value: number, format: string, digitsMax: number): string {
  const template = parseNumberTemplate(format);
  const shifted = value * 10 ** template.shift;
  const magnitude = Math.abs(shifted);
  if (!Number.isFinite(shifted)) return numberToChar(Decimal.fromFloat(value, digitsMax), format);
  const isNegative = shifted < 0 || Object.is(shifted, -0);
  const sign = isNegative ? '-' : '';
  const decimal = (text: string): Decimal => Decimal.parse(text) as Decimal;
  if (template.isRoman !== null) return romanText(decimal(sign + roundedText(magnitude, 0)), template);
  if (template.isExponential)
    return exponentialText(decimal(sign + roundedExponent(magnitude, template.fractionDigits)), template);
  const free = digitsMax - roundedText(magnitude, 0).length;
  const places = Math.max(0, Math.min(template.fractionDigits, free));
  const { integer, fraction } = digitsOf(decimal(roundedText(magnitude, places)), template);
  return new Layout(template, integer, fraction.slice(0, places), isNegative).print();
}

/** `toFixed`, which takes ties upwards, with ties to the even digit. */
function roundedText(magnitude: number, places: number): string {
  if (magnitude >= FIXED_MAX) return BigInt(magnitude).toString();
  const exact = magnitude.toFixed(Math.min(100, places + TIE_DIGITS));
  return tieToEven(magnitude.toFixed(places), exact.slice(exact.indexOf('.') + 1 + places));
}

/** The same of `toExponential`. */
function roundedExponent(magnitude: number, places: number): string {
  const [text = '', exponent] = magnitude.toExponential(places).split('e');
  const [exact = ''] = magnitude.toExponential(Math.min(100, places + TIE_DIGITS)).split('e');
  return `${tieToEven(text, exact.slice(exact.indexOf('.') + 1 + places))}e${exponent}`;
}

function tieToEven(text: string, rest: string): string {
  const last = Number(text.at(-1));
  return !/^50*$/.test(rest) || last % 2 === 0 ? text : `${text.slice(0, -1)}${last - 1}`;
}

interface Digits {
  readonly integer: string;
  readonly fraction: string;
  readonly isNegative: boolean;
}

function digitsOf(value: Decimal, template: NumberTemplate): Digits {
  const { integerDigits, fractionDigits } = template;
  if (!value.isFinite) {
    const isNegative = !value.isNaN && value.compare(Decimal.zero) < 0;
    const word = value.isNaN ? 'NaN' : 'Infinity';
    if (word.length <= integerDigits) return { integer: word, fraction: '', isNegative };
    return { integer: '#'.repeat(integerDigits), fraction: '#'.repeat(fractionDigits), isNegative };
  }
  const rounded = value.round(fractionDigits);
  const text = rounded.abs().toString();
  const [integer = '0', fraction = ''] = text.split('.');
  const isNegative =
    value.compare(Decimal.zero) < 0 &&
    (rounded.compare(Decimal.zero) < 0 ||
      (template.isBlank === false && rounded.compare(Decimal.zero) !== 0));
  if (integer.length > integerDigits) {
    return { integer: '#'.repeat(integerDigits), fraction: '#'.repeat(fractionDigits), isNegative };
  }
  return { integer, fraction: fraction.padEnd(fractionDigits, '0'), isNegative };
}

/** Lays digits into a template, left to right. */
class Layout {
  private readonly template: NumberTemplate;
  private readonly integer: string;
  private readonly fraction: string;
  private readonly isNegative: boolean;
  private readonly hasOwnSign: boolean;
  private readonly signFirst: boolean;
  private readonly zeroStart: number;
  private readonly isBareZero: boolean;
  /** NaN or Infinity, which no fraction follows. */
  private readonly isWord: boolean;
  /** A point behind integer places stands only where a fraction has places too, or no digit is shown. */
  private readonly hasPoint: boolean;
  /** Fraction digits that FM keeps. */
  private readonly fractionShown: number;
  private out = '';
  private isSignWritten = false;
  private place = 0;
  private fractionPlace = 0;

  constructor(template: NumberTemplate, integer: string, fraction: string, isNegative: boolean) {
    this.template = template;
    this.integer = integer;
    this.fraction = fraction;
    this.isNegative = isNegative;
    this.isWord = /^[NI]/.test(integer);
    const isFull = template.integerDigits === 0 || integer.startsWith('#');
    this.hasPoint = fraction !== '' || isFull;
    const kinds = template.items.map(({ kind }) => kind);
    this.hasOwnSign = template.isBracketed || kinds.some((kind) => /^(sign|minus|signGeneral)$/.test(kind));
    const sign = kinds.indexOf('sign');
    this.signFirst = sign >= 0 && sign < kinds.findIndex((kind) => kind === 'digit' || kind === 'point');
    const places = template.items.filter((item) => item.kind === 'digit');
    const zero = places.findIndex((item) => item.kind === 'digit' && item.isZero);
    this.zeroStart = zero < 0 || zero >= template.integerDigits ? template.integerDigits : zero;
    this.isBareZero =
      integer === '0' && template.fractionDigits > 0 && this.zeroStart === template.integerDigits;
    this.fractionShown = template.fill ? this.keptFraction() : template.fractionDigits;
  }

  print(): string {
    for (const item of this.template.items) this.item(item);
    // A template without places for digits shows no sign either.
    const hasPlaces = this.template.integerDigits + this.template.fractionDigits > 0;
    if (hasPlaces && !this.isSignWritten && !this.hasOwnSign) this.writeSign();
    if (this.template.isBracketed) this.out = this.bracketed();
    return this.out;
  }

  private keptFraction(): number {
    const zeros = this.template.items
      .filter((item) => item.kind === 'digit')
      .slice(this.template.integerDigits);
    const lastZero = zeros.findLastIndex((item) => item.kind === 'digit' && item.isZero);
    const significant = this.fraction.replace(/0+$/, '').length;
    return Math.max(lastZero + 1, significant);
  }

  private item(item: NumberItem): void {
    switch (item.kind) {
      case 'digit':
        this.digit();
        return;
      case 'point':
        this.writeSign();
        if (this.isBareZero && this.template.fill && this.fractionShown === 0) this.out += '0';
        if (!this.isWord && this.hasPoint) this.out += '.';
        return;
      case 'group': {
        const isBlank = this.place <= this.blankPlaces();
        if (!isBlank) this.out += ',';
        else if (!this.template.fill) this.out += ' ';
        return;
      }
      case 'text':
        this.out += item.text;
        return;
      case 'currency':
        if (!this.template.fill) this.out += ' ';
        return;
      default:
        this.mark(item.kind);
    }
  }

  private mark(kind: NumberItem['kind']): void {
    switch (kind) {
      case 'sign':
        if (!this.signFirst) this.out += this.isNegative ? '-' : '+';
        return;
      case 'signGeneral':
        this.out += this.isNegative ? '-' : '+';
        return;
      case 'minus':
        this.out += this.isNegative ? '-' : this.template.fill ? '' : ' ';
        return;
      case 'plus':
        this.out += this.isNegative ? (this.template.fill ? '' : ' ') : '+';
        return;
      case 'ordinalUpper':
      case 'ordinalLower':
        if (!this.isNegative && this.template.fractionDigits === 0 && /\d$/.test(this.integer)) {
          this.out += ordinalSuffix(this.integer, kind === 'ordinalUpper' ? 'TH' : 'th');
        }
    }
  }

  /** Digit places left of the number that show nothing but blanks. */
  private blankPlaces(): number {
    const free = this.template.integerDigits - this.integer.length;
    return Math.min(Math.max(0, free), this.zeroStart);
  }

  private digit(): void {
    const { template } = this;
    if (this.place < template.integerDigits) {
      const place = this.place++;
      const fromNumber = place - (template.integerDigits - this.integer.length);
      if (fromNumber >= 0 && !this.isBareZero) {
        this.writeSign();
        this.out += this.integer[fromNumber];
      } else if (place >= this.zeroStart) {
        this.writeSign();
        this.out += '0';
      } else if (!template.fill) {
        this.out += ' ';
      }
      return;
    }
    const at = this.fractionPlace++;
    if (at < this.fractionShown) this.out += this.fraction[at] ?? '';
  }

  private writeSign(): void {
    if (this.isSignWritten) return;
    this.isSignWritten = true;
    if (this.template.isBracketed) this.out += this.isNegative ? '<' : this.template.fill ? '' : ' ';
    else if (this.signFirst) this.out += this.isNegative ? '-' : '+';
    else if (!this.hasOwnSign) this.out += this.isNegative ? '-' : this.template.fill ? '' : ' ';
  }

  private bracketed(): string {
    // The closing bracket belongs to the last digit place, which a word with a fraction behind it never comes to.
    if (this.isWord && this.template.fractionDigits > 0) return this.out;
    return this.out + (this.isNegative ? '>' : this.template.fill ? '' : ' ');
  }
}

const ROMAN: readonly (readonly [number, string])[] = [
  [1000, 'M'],
  [900, 'CM'],
  [500, 'D'],
  [400, 'CD'],
  [100, 'C'],
  [90, 'XC'],
  [50, 'L'],
  [40, 'XL'],
  [10, 'X'],
  [9, 'IX'],
  [5, 'V'],
  [4, 'IV'],
  [1, 'I'],
];

function romanText(value: Decimal, template: NumberTemplate): string {
  const number = value.isFinite ? value.round(0).toNumber() : 0;
  if (number < 1 || number > 3999) return '#'.repeat(15);
  let rest = number;
  let text = '';
  for (const [worth, letters] of ROMAN) {
    while (rest >= worth) {
      text += letters;
      rest -= worth;
    }
  }
  const spelled = template.isRoman === 'rn' ? text.toLowerCase() : text;
  return template.fill ? spelled : spelled.padStart(15);
}

function exponentialText(value: Decimal, template: NumberTemplate): string {
  const { fractionDigits } = template;
  if (!value.isFinite) {
    return ` ${'#'.repeat(template.integerDigits)}${fractionDigits > 0 ? `.${'#'.repeat(fractionDigits)}` : ''}####`;
  }
  const unscaled = BigInt(value.abs().coefficient);
  const digits = unscaled.toString();
  if (unscaled === 0n) {
    return `${' '}0${fractionDigits > 0 ? `.${'0'.repeat(fractionDigits)}` : ''}e+00`;
  }
  const exponent = digits.length - 1 - value.scale;
  const mantissa = Decimal.of(unscaled, digits.length - 1).round(fractionDigits);
  // As PostgreSQL's numeric does: a mantissa that rounds up to ten stays 10.00, the exponent as it was.
  if (Math.abs(exponent) > 9999) throw new DecentDbError('22003', 'exponent is out of range');
  const sign = value.compare(Decimal.zero) < 0 ? '-' : template.fill ? '' : ' ';
  return `${sign}${mantissa.toString()}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}
