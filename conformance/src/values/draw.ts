/** What the generators of values have in common: calls, lists and picks drawn from a Prng. */
import type { Prng } from 'decentdb/testing';

/** A kind of value whose operators and functions are drawn together. */
export interface Family {
  readonly name: string;
  /** An expression that PostgreSQL accepts or refuses for its values, not for its types. */
  make(prng: Prng): string;
}

export type Draw = (prng: Prng) => string;

/** One of the drawers. */
export const oneOf =
  (...draws: readonly Draw[]): Draw =>
  (prng) =>
    prng.pick(draws)(prng);

/** One of the texts. */
export const among =
  (...texts: readonly string[]): Draw =>
  (prng) =>
    prng.pick(texts);

/** The template with each `$` followed by a letter replaced by what that letter draws. */
export function filled(template: string, draws: Readonly<Record<string, Draw>>): Draw {
  return (prng) =>
    template.replaceAll(/\$([a-zA-Z])/g, (whole, letter: string) => draws[letter]?.(prng) ?? whole);
}

/** `least` to `most` of them, joined. */
export function several(prng: Prng, least: number, most: number, draw: Draw, separator: string): string {
  const count = least + prng.below(most - least + 1);
  return Array.from({ length: count }, () => draw(prng)).join(separator);
}

export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
