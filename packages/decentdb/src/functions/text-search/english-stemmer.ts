/**
 * Stems of English words: the Porter2 algorithm as its author describes it (https://snowballstem.org/algorithms/english/stemmer.html),
 * which is the English stemmer of Snowball and so of PostgreSQL.
 *
 *     R1   the region after the first non-vowel that follows a vowel       R2   the same within R1
 *     Y    a y that is a consonant: at the start of the word, or after a vowel
 *
 * I1  The word is in lower case. What comes out is in lower case, and never empty for a word that is not.
 */

const VOWEL = /[aeiouy]/;
const DOUBLE = /(?:bb|dd|ff|gg|mm|nn|pp|rr|tt)$/;
const LI_ENDING = /[cdeghkmnrt]li$/;

/** Words that the rules would get wrong. */
const exceptions: ReadonlyMap<string, string> = new Map([
  ['skis', 'ski'],
  ['skies', 'sky'],
  ['dying', 'die'],
  ['lying', 'lie'],
  ['tying', 'tie'],
  ['idly', 'idl'],
  ['gently', 'gentl'],
  ['ugly', 'ugli'],
  ['early', 'earli'],
  ['only', 'onli'],
  ['singly', 'singl'],
  ...['sky', 'news', 'howe', 'atlas', 'cosmos', 'bias', 'andes'].map((word) => [word, word] as const),
]);

const finishedAfterPlural: ReadonlySet<string> = new Set([
  'inning',
  'outing',
  'canning',
  'herring',
  'earring',
  'proceed',
  'exceed',
  'succeed',
]);

const step2: readonly (readonly [suffix: string, to: string])[] = [
  ['ization', 'ize'],
  ['ational', 'ate'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['iveness', 'ive'],
  ['tional', 'tion'],
  ['biliti', 'ble'],
  ['lessli', 'less'],
  ['entli', 'ent'],
  ['ation', 'ate'],
  ['alism', 'al'],
  ['aliti', 'al'],
  ['ousli', 'ous'],
  ['iviti', 'ive'],
  ['fulli', 'ful'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['abli', 'able'],
  ['izer', 'ize'],
  ['ator', 'ate'],
  ['alli', 'al'],
  ['bli', 'ble'],
  ['ogi', 'og'],
  ['li', ''],
];

const step3: readonly (readonly [suffix: string, to: string])[] = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['alize', 'al'],
  ['icate', 'ic'],
  ['iciti', 'ic'],
  ['ative', ''],
  ['ical', 'ic'],
  ['ness', ''],
  ['ful', ''],
];

const step4: readonly string[] = [
  'ement',
  'ance',
  'ence',
  'able',
  'ible',
  'ment',
  'ant',
  'ent',
  'ism',
  'ate',
  'iti',
  'ous',
  'ive',
  'ize',
  'ion',
  'al',
  'er',
  'ic',
];

export function stemEnglish(word: string): string {
  if (word.length <= 2) return word;
  const known = exceptions.get(word);
  if (known !== undefined) return known;
  const stem = new Stem(word);
  stem.dropPossessive();
  stem.dropPlural();
  if (!finishedAfterPlural.has(stem.word)) {
    stem.dropPast();
    stem.softenY();
    stem.replaceSuffix2();
    stem.replaceSuffix3();
    stem.dropSuffix4();
    stem.dropLast();
  }
  return stem.word === '' ? word : stem.word.replaceAll('Y', 'y');
}

class Stem {
  word: string;
  private readonly r1: number;
  private readonly r2: number;

  constructor(word: string) {
    const plain = word.startsWith("'") ? word.slice(1) : word;
    this.word = markConsonantY(plain);
    const special = /^(?:gener|commun|arsen)/.exec(this.word);
    this.r1 = special === null ? regionAfter(this.word, 0) : special[0].length;
    this.r2 = regionAfter(this.word, this.r1);
  }

  private endsWith(suffix: string): boolean {
    return this.word.endsWith(suffix);
  }

  private isIn(region: number, suffix: string): boolean {
    return this.word.length - suffix.length >= region;
  }

  private cut(length: number, to: string = ''): void {
    this.word = this.word.slice(0, this.word.length - length) + to;
  }

  /** Step 0. */
  dropPossessive(): void {
    for (const suffix of ["'s'", "'s", "'"])
      if (this.endsWith(suffix)) {
        this.cut(suffix.length);
        return;
      }
  }

  /** Step 1a. */
  dropPlural(): void {
    if (this.endsWith('sses')) this.cut(2);
    else if (this.endsWith('ied') || this.endsWith('ies')) this.cut(this.word.length > 4 ? 2 : 1);
    else if (this.endsWith('us') || this.endsWith('ss')) return;
    else if (this.endsWith('s') && VOWEL.test(this.word.slice(0, -2))) this.cut(1);
  }

  /** Step 1b. */
  dropPast(): void {
    for (const suffix of ['eedly', 'eed'])
      if (this.endsWith(suffix)) {
        if (this.isIn(this.r1, suffix)) this.cut(suffix.length, 'ee');
        return;
      }
    const suffix = ['ingly', 'edly', 'ing', 'ed'].find((one) => this.endsWith(one));
    if (suffix === undefined || !VOWEL.test(this.word.slice(0, -suffix.length))) return;
    this.cut(suffix.length);
    if (/(?:at|bl|iz)$/.test(this.word)) this.word += 'e';
    else if (DOUBLE.test(this.word)) {
      // add, egg, off: nothing to undo.
      if (!/^[aeo]..$/.test(this.word)) this.cut(1);
    } else if (this.isShort()) this.word += 'e';
  }

  /** Ends in a short syllable, and R1 is empty. */
  private isShort(): boolean {
    return this.r1 >= this.word.length && endsShort(this.word);
  }

  /** Step 1c. */
  softenY(): void {
    if (/[^aeiouy][yY]$/.test(this.word) && this.word.length > 2) this.cut(1, 'i');
  }

  replaceSuffix2(): void {
    const found = step2.find(([suffix]) => this.endsWith(suffix));
    if (found === undefined || !this.isIn(this.r1, found[0])) return;
    const [suffix, to] = found;
    if (suffix === 'ogi' && !this.endsWith('logi')) return;
    if (suffix === 'li' && !LI_ENDING.test(this.word)) return;
    this.cut(suffix.length, to);
  }

  replaceSuffix3(): void {
    const found = step3.find(([suffix]) => this.endsWith(suffix));
    if (found === undefined || !this.isIn(this.r1, found[0])) return;
    const [suffix, to] = found;
    if (suffix === 'ative' && !this.isIn(this.r2, suffix)) return;
    this.cut(suffix.length, to);
  }

  dropSuffix4(): void {
    const suffix = step4.find((one) => this.endsWith(one));
    if (suffix === undefined || !this.isIn(this.r2, suffix)) return;
    if (suffix === 'ion' && !/[st]ion$/.test(this.word)) return;
    this.cut(suffix.length);
  }

  /** Step 5. */
  dropLast(): void {
    if (this.endsWith('e')) {
      if (this.isIn(this.r2, 'e') || (this.isIn(this.r1, 'e') && !endsShort(this.word.slice(0, -1))))
        this.cut(1);
    } else if (this.endsWith('ll') && this.isIn(this.r2, 'l')) this.cut(1);
  }
}

function markConsonantY(word: string): string {
  if (!word.includes('y')) return word;
  let marked = '';
  for (let i = 0; i < word.length; i++) {
    const isConsonant = word[i] === 'y' && (i === 0 || VOWEL.test(marked[i - 1]!));
    marked += isConsonant ? 'Y' : word[i];
  }
  return marked;
}

/** Where the region after the first non-vowel behind a vowel starts, from `from` on. */
function regionAfter(word: string, from: number): number {
  for (let i = from + 1; i < word.length; i++)
    if (!VOWEL.test(word[i]!) && VOWEL.test(word[i - 1]!)) return i + 1;
  return word.length;
}

/** Vowel and one consonant (not w, x, Y) after a consonant; or vowel and consonant as the whole word. */
function endsShort(word: string): boolean {
  return /[^aeiouy][aeiouy][^aeiouywxY]$/.test(word) || /^[aeiouy][^aeiouy]$/.test(word);
}
