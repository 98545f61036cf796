/** Deterministic rows for the workloads: integer hashing only, so every run and machine sees the same. */

export function hash32(value) {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** `count` whole numbers from 1 to `max`, the same for the same `salt`. */
export function randomIds(count, max, salt = 0) {
  return Array.from({ length: count }, (_, i) => 1 + (hash32(i * 2654435761 + salt) % max));
}

const SYLLABLES = 'ba ke li mo nu ra se ti vo zu da fe gi ho ju ka le mi no pu sta tre kri blo dru'.split(
  ' ',
);

/** A title of about 25 characters: four words of two or three syllables. */
export function titleOf(id) {
  let h = hash32(id ^ 0x5bd1e995);
  let title = '';
  for (let word = 0; word < 4; word++) {
    h = hash32(h + word);
    let text = SYLLABLES[h % 25] + SYLLABLES[(h >>> 8) % 25];
    if (h & 0x10000) text += SYLLABLES[(h >>> 20) % 25];
    title += `${word === 0 ? '' : ' '}${text[0].toUpperCase()}${text.slice(1)}`;
  }
  return title;
}

/** Row of the track table: id, artist_id, title, duration, rating. */
export function trackRow(id, artists) {
  const h = hash32(id);
  return [id, 1 + (h % artists), titleOf(id), 60 + (hash32(id + 7) % 540), (hash32(id + 13) % 51) / 10];
}

export function* trackRows(count, artists) {
  for (let id = 1; id <= count; id++) yield trackRow(id, artists);
}

/** 1 to `count` in random order, each once. */
export function shuffled(count) {
  const order = Uint32Array.from({ length: count }, (_, i) => i + 1);
  for (let left = count; left > 1; left--) {
    const at = hash32(left * 2654435761) % left;
    const one = order[at];
    order[at] = order[left - 1];
    order[left - 1] = one;
  }
  return order;
}
