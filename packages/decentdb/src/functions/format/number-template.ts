/**
 * Templates of to_char and to_number for numbers, taken apart (PostgreSQL manual, table 9.28).
 *
 * I1  At most one decimal point, one S, no S together with PL / MI / SG / PR, EEEE alone: else 42601.
 */
import { DecentDbError } from '../../base/errors.ts';
import { literalAt } from './template.ts';

export type NumberItem =
  | { readonly kind: 'digit'; readonly isZero: boolean }
  | {
      readonly kind:
        | 'point'
        | 'group'
        | 'plus'
        | 'minus'
        | 'sign'
        | 'signGeneral'
        | 'currency'
        | 'ordinalUpper'
        | 'ordinalLower';
    }
  | { readonly kind: 'text'; readonly text: string };

export interface NumberTemplate {
  readonly items: readonly NumberItem[];
  readonly integerDigits: number;
  readonly fractionDigits: number;
  /** V: the value is multiplied by ten to this power. */
  readonly shift: number;
  readonly fill: boolean;
  readonly isBracketed: boolean;
  readonly isRoman: 'RN' | 'rn' | null;
  readonly isExponential: boolean;
  /** Blank when zero. */
  readonly isBlank: boolean;
}

interface Draft {
  items: NumberItem[];
  integerDigits: number;
  fractionDigits: number;
  shift: number;
  fill: boolean;
  isBracketed: boolean;
  isRoman: 'RN' | 'rn' | null;
  isExponential: boolean;
  isBlank: boolean;
  hasPoint: boolean;
  hasShift: boolean;
}

export function parseNumberTemplate(text: string): NumberTemplate {
  const draft: Draft = {
    items: [],
    integerDigits: 0,
    fractionDigits: 0,
    shift: 0,
    fill: false,
    isBracketed: false,
    isRoman: null,
    isExponential: false,
    isBlank: false,
    hasPoint: false,
    hasShift: false,
  };
  let at = 0;
  while (at < text.length) {
    const two = text.slice(at, at + 2);
    if (/^eeee/i.test(text.slice(at))) {
      takeExponent(draft);
      at += 4;
    } else if (takeTwo(draft, two)) {
      at += 2;
    } else if (takeOne(draft, text[at]!)) {
      at += 1;
    } else {
      const literal = literalAt(text, at);
      draft.items.push({ kind: 'text', text: literal.text });
      at = literal.end;
    }
  }
  return draft;
}

function takeTwo(draft: Draft, two: string): boolean {
  switch (two.toUpperCase()) {
    case 'FM':
      draft.fill = true;
      return true;
    case 'MI':
      demandNoSign(draft, 'MI');
      draft.items.push({ kind: 'minus' });
      return true;
    case 'PL':
      demandNoSign(draft, 'PL');
      draft.items.push({ kind: 'plus' });
      return true;
    case 'SG':
      demandNoSign(draft, 'SG');
      draft.items.push({ kind: 'signGeneral' });
      return true;
    case 'PR':
      if (draft.items.some(({ kind }) => /^(sign|plus|minus|signGeneral)$/.test(kind))) throw conflict('PR');
      draft.isBracketed = true;
      return true;
    case 'RN':
      draft.isRoman = two === 'rn' ? 'rn' : 'RN';
      return true;
    case 'TH':
      draft.items.push({ kind: two === 'th' ? 'ordinalLower' : 'ordinalUpper' });
      return true;
    default:
      return false;
  }
}

function takeOne(draft: Draft, one: string): boolean {
  switch (one.toUpperCase()) {
    case '9':
    case '0':
      demandLast(draft);
      if (draft.isBracketed) throw new DecentDbError('42601', `"${one}" must be ahead of "PR"`);
      if (draft.hasShift) draft.shift++;
      if (draft.hasPoint) draft.fractionDigits++;
      else draft.integerDigits++;
      draft.items.push({ kind: 'digit', isZero: one === '0' });
      return true;
    case '.':
    case 'D':
      if (draft.hasPoint) throw new DecentDbError('42601', 'multiple decimal points');
      if (draft.hasShift) throw new DecentDbError('42601', 'cannot use "V" and decimal point together');
      draft.hasPoint = true;
      draft.items.push({ kind: 'point' });
      return true;
    case ',':
    case 'G':
      draft.items.push({ kind: 'group' });
      return true;
    case 'S':
      if (draft.items.some(({ kind }) => kind === 'sign'))
        throw new DecentDbError('42601', 'cannot use "S" twice');
      if (draft.isBracketed || draft.items.some(({ kind }) => /^(plus|minus|signGeneral)$/.test(kind)))
        throw conflict('S');
      draft.items.push({ kind: 'sign' });
      return true;
    case 'L':
      draft.items.push({ kind: 'currency' });
      return true;
    case 'B':
      draft.isBlank = true;
      return true;
    case 'C':
      // The ISO currency, which PostgreSQL reserves and leaves out.
      return true;
    case 'V':
      if (draft.hasPoint) throw new DecentDbError('42601', 'cannot use "V" and decimal point together');
      draft.hasShift = true;
      return true;
    default:
      return false;
  }
}

/** EEEE stands last, and alone with digits and a point. */
function takeExponent(draft: Draft): void {
  if (draft.isExponential) throw new DecentDbError('42601', 'cannot use "EEEE" twice');
  const others =
    draft.isBlank ||
    draft.fill ||
    draft.isBracketed ||
    draft.isRoman !== null ||
    draft.hasShift ||
    draft.items.some(({ kind }) => /^(sign|plus|minus|signGeneral)$/.test(kind));
  if (others) {
    throw new DecentDbError('42601', '"EEEE" is incompatible with other formats', {
      detail: '"EEEE" may only be used together with digit and decimal point patterns.',
    });
  }
  draft.isExponential = true;
}

function demandLast(draft: Draft): void {
  if (draft.isExponential) throw new DecentDbError('42601', '"EEEE" must be the last pattern used');
}

function demandNoSign(draft: Draft, word: string): void {
  if (draft.items.some(({ kind }) => kind === 'sign'))
    throw new DecentDbError('42601', `cannot use "S" and "${word}" together`);
}

function conflict(what: string): DecentDbError {
  const text =
    what === 'S'
      ? 'cannot use "S" and "PL"/"MI"/"SG"/"PR" together'
      : 'cannot use "PR" and "S"/"PL"/"MI"/"SG" together';
  return new DecentDbError('42601', text);
}
