/** Names of artists, titles of albums and tracks, drawn from the word tables. Track titles average about 25 characters. */
import type { Draw } from './draw.ts';
import {
  ADJECTIVES,
  FIRST_NAMES,
  LAST_NAMES,
  LITTLE_WORDS,
  NOUNS,
  UNICODE_NAMES,
  UNICODE_TITLES,
  VERBS,
  VERSIONS,
} from './words.ts';

/** Cities, Glasses, Ashes, Rivers. */
function plural(noun: string): string {
  if (noun.endsWith('shes')) return noun;
  if (/(s|sh|ch|x)$/.test(noun)) return `${noun}es`;
  return /[^aeiou]y$/.test(noun) ? `${noun.slice(0, -1)}ies` : `${noun}s`;
}

/** Name of a person or a band; one in forty is written in another script. */
export function artistName(draw: Draw): string {
  if (draw.chance(2.5)) return `${draw.pick(UNICODE_NAMES)} ${draw.between(1, 999)}`;
  switch (draw.below(5)) {
    case 0:
    case 1:
      return `${draw.pick(FIRST_NAMES)} ${draw.pick(LAST_NAMES)}`;
    case 2:
      return `The ${draw.pick(ADJECTIVES)} ${plural(draw.pick(NOUNS))}`;
    case 3:
      return `${draw.pick(NOUNS)} & ${draw.pick(NOUNS)}`;
    default:
      return `${draw.pick(FIRST_NAMES)} ${draw.pick(LAST_NAMES)} and the ${plural(draw.pick(NOUNS))}`;
  }
}

export function albumTitle(draw: Draw): string {
  if (draw.chance(2)) return draw.pick(UNICODE_TITLES);
  switch (draw.below(4)) {
    case 0:
      return `${draw.pick(ADJECTIVES)} ${draw.pick(NOUNS)}`;
    case 1:
      return `${draw.pick(NOUNS)} of ${plural(draw.pick(NOUNS))}`;
    case 2:
      return `${draw.pick(LITTLE_WORDS)} ${draw.pick(ADJECTIVES)} ${draw.pick(NOUNS)}`;
    default:
      return `Songs for the ${draw.pick(NOUNS)}`;
  }
}

function plainTrackTitle(draw: Draw): string {
  switch (draw.below(6)) {
    case 0:
      return `${draw.pick(VERBS)} the ${draw.pick(ADJECTIVES)} ${draw.pick(NOUNS)}`;
    case 1:
      return `${draw.pick(ADJECTIVES)} ${draw.pick(NOUNS)} ${draw.pick(LITTLE_WORDS)} ${draw.pick(NOUNS)}`;
    case 2:
      return `${draw.pick(VERBS)} Me ${draw.pick(LITTLE_WORDS)} ${draw.pick(NOUNS)}`;
    case 3:
      return `${draw.pick(FIRST_NAMES)}'s ${draw.pick(ADJECTIVES)} ${draw.pick(NOUNS)}`;
    case 4:
      return `${draw.pick(NOUNS)} ${draw.pick(LITTLE_WORDS)} ${draw.pick(NOUNS)}`;
    default:
      return `Don't ${draw.pick(VERBS)} My ${draw.pick(ADJECTIVES)} ${draw.pick(NOUNS)}`;
  }
}

export function trackTitle(draw: Draw): string {
  if (draw.chance(1.5)) return draw.pick(UNICODE_TITLES);
  const title = plainTrackTitle(draw);
  return draw.chance(12) ? `${title} ${draw.pick(VERSIONS)}` : title;
}
