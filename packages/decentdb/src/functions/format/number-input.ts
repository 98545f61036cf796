/**
 * to_number: reading a number by a template (PostgreSQL manual 9.8).
 *
 * I1  Digits, the point and the sign are taken where the template has places for them; other text is skipped.
 */
import { DecentDbError } from '../../base/errors.ts';
import { Decimal } from '../../types/decimal.ts';
import { type NumberTemplate, parseNumberTemplate } from './number-template.ts';

export function toNumber(text: string, format: string): Decimal | null {
  if (format === '') return null;
  const template = parseNumberTemplate(format);
  if (template.isExponential) throw new DecentDbError('0A000', '"EEEE" not supported for input');
  if (template.isRoman !== null) throw new DecentDbError('0A000', '"RN" not supported for input');
  const { digits, isNegative } = scan(text, template);
  const parsed = Decimal.parse(digits);
  if (parsed === null) throw new DecentDbError('22P02', `invalid input syntax for type numeric: "${text}"`);
  const value = parsed.round(template.fractionDigits);
  const shifted = template.shift === 0 ? value : value.divide(Decimal.of(10n ** BigInt(template.shift), 0));
  return isNegative ? shifted.negate() : shifted;
}

function scan(text: string, template: NumberTemplate): { digits: string; isNegative: boolean } {
  let at = 0;
  let digits = '';
  let isNegative = false;
  let hasPoint = false;
  const sign = (): void => {
    while (text[at] === ' ') at++;
    if (text[at] === '-' || text[at] === '<' || text[at] === '+') {
      if (text[at] !== '+') isNegative = true;
      at++;
    }
  };
  for (const item of template.items) {
    if (at >= text.length) break;
    switch (item.kind) {
      case 'digit':
        sign();
        if (text[at] === '.' && !hasPoint && template.fractionDigits > 0) break;
        if (/\d/.test(text[at] ?? '')) digits += text[at++];
        break;
      case 'point':
        while (at < text.length && text[at] !== '.' && /\d/.test(text[at]!) === false) at++;
        if (text[at] === '.') {
          digits += '.';
          hasPoint = true;
          at++;
        }
        break;
      case 'group':
        if (text[at] === ',') at++;
        break;
      case 'text':
        at += item.text.length;
        break;
      case 'currency':
        if (text[at] === '$' || text[at] === ' ') at++;
        break;
      default:
        sign();
    }
  }
  if (/^\s*[->]/.test(text.slice(at)) && /-/.test(text.slice(at))) isNegative = true;
  return { digits: digits === '' || digits === '.' ? ' ' : digits, isNegative };
}
