/**
 * to_number: reading a number by a template, character by character as PostgreSQL does.
 *
 * I1  A place for a digit takes a digit, a sign that may stand there, or nothing; what it does not take is skipped.
 * I2  The result has as many decimals as were read; more digits before the point than places is 22003.
 */
import { DecentDbError } from '../../base/errors.ts';
import { Decimal } from '../../types/decimal.ts';
import { Oid as T } from '../../types/oids.ts';
import { builtinType } from '../../types/registry.ts';
import { defaultTypeSettings } from '../../types/sql-type.ts';
import { type NumberItem, type NumberTemplate, parseNumberTemplate } from './number-template.ts';

/** Characters that skipping stops at. */
const DATA = '0123456789.,+-';

class NumberReader {
  private readonly text: string;
  private readonly template: NumberTemplate;
  private readonly hasPoint: boolean;
  private readonly signPlace: 'none' | 'first' | 'last';
  private readonly hasMinus: boolean;
  private readonly hasPlus: boolean;
  private at = 0;
  private sign = ' ';
  private digits = '';
  private before = 0;
  decimals = 0;
  private isPointRead = false;

  constructor(text: string, template: NumberTemplate) {
    this.text = text;
    this.template = template;
    const kinds = template.items.map(({ kind }) => kind);
    const sign = kinds.indexOf('sign');
    const digit = kinds.indexOf('digit');
    this.hasPoint = kinds.includes('point');
    this.signPlace = sign < 0 ? 'none' : digit < 0 || sign < digit ? 'first' : 'last';
    this.hasMinus = kinds.includes('minus') || kinds.includes('signGeneral');
    this.hasPlus = kinds.includes('plus') || kinds.includes('signGeneral');
  }

  read(): string {
    for (const item of this.template.items) {
      if (this.at >= this.text.length) break;
      if (this.takes(item)) this.at++;
    }
    return this.sign + this.digits.replace(/\.$/, '');
  }

  private get next(): string {
    return this.text[this.at] ?? '';
  }

  /** Whether the character at hand is done with. */
  private takes(item: NumberItem): boolean {
    switch (item.kind) {
      case 'digit':
      case 'point':
        this.number(item.kind === 'digit');
        return true;
      case 'group':
        if (this.digits === '' && this.template.fill) return false;
        return this.next === ',';
      case 'currency':
        return this.skip(1);
      case 'ordinalUpper':
      case 'ordinalLower':
        return this.skip(2);
      case 'minus':
        return this.takesSign('-');
      case 'plus':
        return this.takesSign('+');
      case 'signGeneral':
        return this.takesSign('+-');
      case 'text':
        this.at += item.text.length;
        return false;
      default:
        return false;
    }
  }

  private takesSign(signs: string): boolean {
    if (!signs.includes(this.next)) return this.skip(1);
    this.sign = this.next;
    return true;
  }

  /** Passes over up to `count` characters that are no part of a number. */
  private skip(count: number): false {
    for (let n = 0; n < count && this.at < this.text.length && !DATA.includes(this.next); n++) this.at++;
    return false;
  }

  private number(isDigit: boolean): void {
    if (this.next === ' ') this.at++;
    if (this.at >= this.text.length) return;
    if (this.sign === ' ' && isDigit && this.before + this.decimals === 0) this.leadingSign();
    if (this.at >= this.text.length) return;
    const isRead = this.digitOrPoint();
    if (isRead === null || this.at >= this.text.length) return;
    if (this.sign === ' ' && this.before + this.decimals > 0) this.trailingSign(isRead);
  }

  private leadingSign(): void {
    if (this.signPlace === 'first') {
      if (this.next === '-' || this.next === '+') this.sign = this.text[this.at++]!;
      return;
    }
    if (this.next === '-' || (this.template.isBracketed && this.next === '<')) {
      this.sign = '-';
      this.at++;
    } else if (this.next === '+') {
      this.sign = '+';
      this.at++;
    }
  }

  /** Null when a digit stands where no more fit. */
  private digitOrPoint(): boolean | null {
    if (/\d/.test(this.next)) {
      if (this.isPointRead && this.decimals === this.template.fractionDigits) return null;
      this.digits += this.next;
      if (this.isPointRead) this.decimals++;
      else this.before++;
      return true;
    }
    if (!this.hasPoint || this.isPointRead || this.next !== '.') return false;
    this.digits += '.';
    this.isPointRead = true;
    return true;
  }

  private trailingSign(isRead: boolean): void {
    if (this.signPlace !== 'none') {
      const behind = this.text[this.at + 1];
      if (isRead && (behind === '-' || behind === '+')) {
        this.sign = behind;
        this.at++;
      }
      return;
    }
    if (!isRead && (this.hasPlus || this.hasMinus) && (this.next === '-' || this.next === '+'))
      this.sign = this.next;
  }
}

/** NULL for an empty template. Throws 22P02, 22003, 0A000. */
export function toNumber(text: string, format: string): Decimal | null {
  if (format === '') return null;
  const template = parseNumberTemplate(format);
  if (template.isExponential) throw new DecentDbError('0A000', '"EEEE" not supported for input');
  if (template.isRoman !== null) throw new DecentDbError('0A000', '"RN" not supported for input');
  const reader = new NumberReader(text, template);
  const digits = reader.read();
  const type = builtinType(T.numeric);
  const precision = template.integerDigits + reader.decimals;
  const typmod = precision === 0 ? -1 : type.typmodIn([precision, reader.decimals]);
  const value = type.input(digits, typmod, defaultTypeSettings) as Decimal;
  return template.shift === 0 ? value : value.divide(Decimal.of(10n ** BigInt(template.shift), 0));
}
