/**
 * money: cents in an int8, printed as dollars.
 */
import { DecentDbError } from '../base/errors.ts';
import { narrow } from './decimal.ts';
import { INT8_MAX, INT8_MIN } from './integer-types.ts';
import { Oid } from './oids.ts';
import { defineType, hashNumber, invalidInput, Physical, type SqlType } from './sql-type.ts';

const FORM = /^\s*(\()?\s*([-+])?\s*\$?\s*([-+])?\s*(\d[\d,]*)?(?:\.(\d*))?\s*(-)?\s*(\))?\s*$/;

export function parseMoney(text: string): number | bigint {
  if (text.trim() === '') return 0;
  const match = FORM.exec(text);
  if (match === null || (match[4] === undefined && (match[5] ?? '') === ''))
    throw invalidInput('money', text);
  const fraction = match[5] ?? '';
  let cents =
    BigInt((match[4] ?? '0').replaceAll(',', '')) * 100n + BigInt(fraction.slice(0, 2).padEnd(2, '0'));
  if (fraction.length > 2 && fraction[2]! >= '5') cents += 1n;
  if (match[1] !== undefined || match[2] === '-' || match[3] === '-' || match[6] !== undefined)
    cents = -cents;
  if (cents > INT8_MAX || cents < INT8_MIN)
    throw new DecentDbError('22003', `value "${text}" is out of range for type money`);
  return narrow(cents);
}

export function formatMoney(value: number | bigint): string {
  const isNegative = value < 0;
  const digits = String(isNegative ? -BigInt(value) : value).padStart(3, '0');
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${isNegative ? '-' : ''}$${whole}.${digits.slice(-2)}`;
}

export const moneyType: SqlType = defineType({
  oid: Oid.money,
  name: 'money',
  sqlName: 'money',
  category: 'N',
  physical: Physical.int64,
  input: parseMoney,
  output: formatMoney,
  hash: hashNumber,
  toJs: formatMoney,
});
