/**
 * Configurations: which tokens of a text become lexemes, and which dictionary makes them.
 *
 *     simple            words, numbers and addresses in lower case
 *     english, german   the same, but words become their stems, and stop words nothing
 *     russian, hindi    the same; words of ASCII letters are taken for English
 */
import { DecentDbError } from '../../base/errors.ts';
import { searchConfigName, searchConfigOid, searchConfigs } from '../../types/regconfig.ts';
import { byteLength } from '../../types/ts-text.ts';
import type { EvalContext } from '../function.ts';
import { lowerCase as lowerOf } from '../string-kernel.ts';
import { stemEnglish } from './english-stemmer.ts';
import { stemmerOf } from './languages/stemmers.ts';
import { stopWordsOf } from './languages/stop-words.ts';
import { englishStopWords } from './stop-words.ts';
import { besideEnglish, notIndexed, ofAscii, ofLetters } from './token-types.ts';

export interface SearchConfig {
  readonly name: string;
  /** The lexeme of a token; '' for a stop word, null for tokens that are not indexed. */
  lexemeOf(type: number, text: string): string | null;
  /** The dictionary that a type of tokens goes to; null for tokens that are not indexed. */
  dictionaryOf(type: number): Dictionary | null;
}

export interface Dictionary {
  readonly name: string;
  /** '' for a stop word. */
  lexemeOf(word: string): string;
}

/** Letter by letter; the dotted capital İ, which `lower` leaves as it is, as i. */
function lowerCase(text: string): string {
  const lower = lowerOf(text);
  return lower.includes('İ') ? lower.replaceAll('İ', 'i') : lower;
}

/** Stems of words seen lately are kept: most words of a text were in another one before. */
const STEMS_MAX = 20_000;
/** What is longer is no word of any language. */
const WORD_BYTES_MAX = 1000;

class StemDictionary implements Dictionary {
  readonly name: string;
  private readonly stem: (word: string) => string;
  private readonly stopWords: ReadonlySet<string>;
  private readonly known: Map<string, string> = new Map();

  constructor(language: string, stem: (word: string) => string, stopWords: ReadonlySet<string>) {
    this.name = `${language}_stem`;
    this.stem = stem;
    this.stopWords = stopWords;
  }

  lexemeOf(word: string): string {
    let lexeme = this.known.get(word);
    if (lexeme === undefined) {
      lexeme = this.make(lowerCase(word));
      if (this.known.size >= STEMS_MAX) this.known.clear();
      this.known.set(word, lexeme);
    }
    return lexeme;
  }

  private make(lower: string): string {
    if (lower.length > WORD_BYTES_MAX / 4 && byteLength(lower) > WORD_BYTES_MAX) return lower;
    if (this.stopWords.has(lower)) return '';
    const stem = this.stem(lower);
    return stem === '' ? lower : stem;
  }
}

const simpleDictionary: Dictionary = { name: 'simple', lexemeOf: lowerCase };
const englishDictionary: Dictionary = new StemDictionary('english', stemEnglish, englishStopWords);

class WordsConfig implements SearchConfig {
  readonly name: string;
  private readonly ascii: Dictionary;
  private readonly letters: Dictionary;

  constructor(name: string, ascii: Dictionary, letters: Dictionary) {
    this.name = name;
    this.ascii = ascii;
    this.letters = letters;
  }

  lexemeOf(type: number, text: string): string | null {
    if (ofAscii.has(type)) return this.ascii.lexemeOf(text);
    if (ofLetters.has(type)) return this.letters.lexemeOf(text);
    return notIndexed.has(type) ? null : lowerCase(text);
  }

  dictionaryOf(type: number): Dictionary | null {
    if (notIndexed.has(type)) return null;
    return ofAscii.has(type) ? this.ascii : ofLetters.has(type) ? this.letters : simpleDictionary;
  }
}

const configs: Map<string, SearchConfig> = new Map([
  ['simple', new WordsConfig('simple', simpleDictionary, simpleDictionary)],
  ['english', new WordsConfig('english', englishDictionary, englishDictionary)],
]);
const dictionaries: Map<string, Dictionary> = new Map([
  ['simple', simpleDictionary],
  ['english_stem', englishDictionary],
]);
/** Null for names of no dictionary. */
function dictionaryNamed(name: string): Dictionary | null {
  const known = dictionaries.get(name);
  if (known !== undefined) return known;
  const language = name.endsWith('_stem') ? name.slice(0, -5) : '';
  const stem = searchConfigs.has(language) ? stemmerOf(language) : undefined;
  if (stem === undefined) return null;
  const dictionary = new StemDictionary(language, stem, stopWordsOf(language));
  dictionaries.set(name, dictionary);
  return dictionary;
}

/** The dictionary with a name, with or without its schema; throws 42704. */
export function dictionaryOf(name: string): Dictionary {
  const found = dictionaryNamed(name.replace(/^pg_catalog\./, ''));
  if (found === null) throw new DecentDbError('42704', `text search dictionary "${name}" does not exist`);
  return found;
}

/** The configuration with an oid; throws 42704. */
export function configOf(oid: number): SearchConfig {
  const name = searchConfigName(oid) ?? '';
  let config = configs.get(name);
  if (config !== undefined) return config;
  const letters = dictionaryNamed(`${name}_stem`);
  if (letters === null)
    throw new DecentDbError('42704', `cache lookup failed for text search configuration ${oid}`);
  config = new WordsConfig(name, besideEnglish.has(name) ? englishDictionary : letters, letters);
  configs.set(name, config);
  return config;
}

/** The one `default_text_search_config` names. */
export function defaultConfig(context: EvalContext): SearchConfig {
  return configOf(defaultConfigOid(context));
}

export function defaultConfigOid(context: EvalContext): number {
  const name = context.setting('default_text_search_config');
  return searchConfigOid(name === '' ? 'english' : name);
}
