import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { fullScale, MusicLibrary, tracksScale } from './library.ts';

const library = new MusicLibrary(tracksScale(20_000));

function hashOf(batches: Iterable<readonly (readonly unknown[])[]>): string {
  const hash = createHash('sha256');
  for (const batch of batches) for (const row of batch) hash.update(`${JSON.stringify(row)}\n`);
  return hash.digest('hex').slice(0, 16);
}

test('the same rows on every machine: golden hashes of the default seed', () => {
  assert.deepEqual(
    [
      hashOf(library.artistBatches(100)),
      hashOf(library.albumBatches(100)),
      hashOf(library.trackBatches(100)),
    ],
    ['9c772b0ae9426485', 'b45abaafeba7aacf', '8749f2c382ef9b77'],
  );
});

test('the size of a batch does not change the rows', () => {
  assert.equal(hashOf(library.trackBatches(7)), hashOf(library.trackBatches(20_000)));
});

test('another seed gives other rows', () => {
  const other = new MusicLibrary(tracksScale(20_000, 7));
  assert.notEqual(hashOf(other.trackBatches(100)), hashOf(library.trackBatches(100)));
});

test('ids without gaps, positions within albums, foreign keys that exist', () => {
  let expected = 1;
  let album = 0;
  let position = 0;
  for (const batch of library.trackBatches(999))
    for (const [id, albumId, at, , seconds, rating] of batch) {
      assert.equal(id, expected++);
      if (albumId !== album) {
        assert.ok(albumId > album && albumId <= library.albums);
        album = albumId;
        position = 0;
      }
      assert.equal(at, ++position);
      assert.ok(seconds >= 90 && seconds <= 480);
      assert.ok(rating >= 0 && rating <= 5 && Number(rating.toFixed(1)) === rating);
    }
  assert.equal(expected, 20_001);
  for (const batch of library.albumBatches(500))
    for (const [, artistId] of batch) assert.ok(artistId >= 1 && artistId <= library.artists);
});

test('titles look like titles: about 25 characters, some beyond Latin-1', () => {
  let characters = 0;
  let beyond = 0;
  for (const batch of library.trackBatches(1000))
    for (const [, , , title] of batch) {
      characters += title.length;
      if ([...title].some((c) => (c.codePointAt(0) ?? 0) > 255)) beyond++;
    }
  const mean = characters / library.tracks;
  assert.ok(mean > 22 && mean < 28, `mean title length ${mean}`);
  assert.ok(beyond > 100);
});

test('full scale has the reference sizes', () => {
  assert.deepEqual(fullScale(1), { artists: 25_000, albums: 80_000, tracks: 9_500_000 });
});

test('one track, one album, one artist works', () => {
  const tiny = new MusicLibrary({ artists: 1, albums: 1, tracks: 1 });
  assert.equal([...tiny.trackBatches(10)].flat().length, 1);
});
