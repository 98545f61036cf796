/**
 * Reading the JSON of a stored definition, field by field, trusting nothing.
 *
 * I1  Every accessor checks the shape it promises; a wrong one throws XX001 naming the object and the field.
 * I2  A word where a word is expected, and none that is known, is no damage (the page has a checksum): a later version wrote it (0A000).
 */
import { DecentDbError } from '../base/errors.ts';
import type { SqlType } from '../types/sql-type.ts';
import { defaultTypeSettings } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';

type Json = { readonly [field: string]: unknown };

export class DefinitionFields {
  readonly #fields: Json;
  readonly #what: string;

  constructor(fields: unknown, what: string) {
    if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
      throw damaged(what, 'definition');
    this.#fields = fields as Json;
    this.#what = what;
  }

  static parse(text: string, what: string): DefinitionFields {
    try {
      return new DefinitionFields(JSON.parse(text), what);
    } catch (cause) {
      if (cause instanceof DecentDbError) throw cause;
      throw new DecentDbError('XX001', `definition of ${what} in the catalogue is damaged`, { cause });
    }
  }

  /** Fields added after the first release may be missing. */
  has(field: string): boolean {
    return this.#fields[field] !== undefined;
  }
  number(field: string): number {
    const value = this.#fields[field];
    if (typeof value !== 'number') throw damaged(this.#what, field);
    return value;
  }
  numberOrNull(field: string): number | null {
    return this.#fields[field] === null ? null : this.number(field);
  }
  text(field: string): string {
    const value = this.#fields[field];
    if (typeof value !== 'string') throw damaged(this.#what, field);
    return value;
  }
  textOrNull(field: string): string | null {
    return this.#fields[field] === null ? null : this.text(field);
  }
  flag(field: string): boolean {
    const value = this.#fields[field];
    if (typeof value !== 'boolean') throw damaged(this.#what, field);
    return value;
  }
  /** One of a closed set of words (or null where null is in the set). */
  oneOf<const T extends string | null>(field: string, words: readonly T[]): T {
    const value = this.#fields[field] as T;
    if (words.includes(value)) return value;
    if (typeof value !== 'string' || value === '') throw damaged(this.#what, field);
    throw unknownToThisVersion(this.#what, `${field} "${value.slice(0, SHOWN_MAX)}"`);
  }
  numbers(field: string): number[] {
    const value = this.#fields[field];
    if (!Array.isArray(value) || value.some((item) => typeof item !== 'number'))
      throw damaged(this.#what, field);
    return value as number[];
  }
  numbersOrNull(field: string): number[] | null {
    return this.#fields[field] === null ? null : this.numbers(field);
  }
  texts(field: string): string[] {
    const value = this.#fields[field];
    if (!Array.isArray(value) || value.some((item) => typeof item !== 'string'))
      throw damaged(this.#what, field);
    return value as string[];
  }
  textsOrNulls(field: string): (string | null)[] {
    const value = this.#fields[field];
    if (!Array.isArray(value) || value.some((item) => item !== null && typeof item !== 'string'))
      throw damaged(this.#what, field);
    return value as (string | null)[];
  }
  textMap(field: string): Record<string, string> {
    const value = this.#fields[field];
    if (typeof value !== 'object' || value === null) throw damaged(this.#what, field);
    if (Object.values(value).some((item) => typeof item !== 'string')) throw damaged(this.#what, field);
    return value as Record<string, string>;
  }
  list<T>(field: string, read: (item: DefinitionFields) => T): T[] {
    const value = this.#fields[field];
    if (!Array.isArray(value)) throw damaged(this.#what, field);
    return value.map((item) => read(new DefinitionFields(item, this.#what)));
  }
  object(field: string): DefinitionFields {
    return new DefinitionFields(this.#fields[field], this.#what);
  }
  objectOrNull<T>(field: string, read: (item: DefinitionFields) => T): T | null {
    const value = this.#fields[field];
    return value === null ? null : read(new DefinitionFields(value, this.#what));
  }
  /** A datum written by {@link encodeDatum}. */
  datum(field: string, type: SqlType): Datum {
    const text = this.textOrNull(field);
    return text === null ? null : type.input(text, -1, defaultTypeSettings);
  }
}

/** A value in its type's text form under default settings, or null. */
export function encodeDatum(value: Datum, type: SqlType): string | null {
  return value === null ? null : type.output(value, defaultTypeSettings);
}

/** Characters of an unknown word that are shown. */
const SHOWN_MAX = 40;

/** The error of a catalogue that holds what only a later version of DecentDB knows. */
export function unknownToThisVersion(what: string, thing: string): DecentDbError {
  return new DecentDbError(
    '0A000',
    `${what} in the catalogue has ${thing}, which this version does not know`,
    {
      detail: 'The database was written by a newer version of DecentDB. Nothing was changed.',
      hint: 'Upgrade DecentDB to open it.',
    },
  );
}

function damaged(what: string, field: string): DecentDbError {
  return new DecentDbError('XX001', `definition of ${what} in the catalogue is damaged: field "${field}"`);
}
