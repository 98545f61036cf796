/**
 * cash_words: an amount of money as it is written on a cheque.
 */
import { Oid as T } from '../types/oids.ts';
import { fn } from './define.ts';
import type { ScalarFunction } from './function.ts';

const SMALL = (
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen ' +
  'seventeen eighteen nineteen'
).split(' ');
const TENS = 'zero ten twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const SCALES = ['', ' thousand', ' million', ' billion', ' trillion', ' quadrillion'];

function belowThousand(value: number): string {
  const hundreds = Math.floor(value / 100);
  const rest = value % 100;
  const words: string[] = hundreds > 0 ? [`${SMALL[hundreds]} hundred`] : [];
  if (rest > 0 && rest < 20) words.push(SMALL[rest]!);
  else if (rest > 0) {
    words.push(TENS[Math.floor(rest / 10)]!);
    if (rest % 10 > 0) words.push(SMALL[rest % 10]!);
  }
  return words.join(' ');
}

function wholeWords(value: bigint): string {
  if (value === 0n) return 'zero';
  const groups: string[] = [];
  let rest = value;
  for (let scale = 0; rest > 0n; scale++) {
    const group = Number(rest % 1000n);
    rest /= 1000n;
    if (group > 0) groups.unshift(belowThousand(group) + SCALES[scale]);
  }
  return groups.join(' ');
}

function amountInWords(amount: number | bigint): string {
  const cents = BigInt(amount);
  const magnitude = cents < 0n ? -cents : cents;
  const dollars = magnitude / 100n;
  const rest = magnitude % 100n;
  const text =
    `${wholeWords(dollars)} ${dollars === 1n ? 'dollar' : 'dollars'} and ` +
    `${wholeWords(rest)} ${rest === 1n ? 'cent' : 'cents'}`;
  const signed = cents < 0n ? `minus ${text}` : text;
  return signed[0]!.toUpperCase() + signed.slice(1);
}

export const moneyFunctions: readonly ScalarFunction[] = [
  fn('cash_words', [T.money], T.text, (_, a: number | bigint) => amountInWords(a), 'An amount in words.', [
    "cash_words('1.23'::money)",
    'One dollar and twenty three cents',
  ]),
];
