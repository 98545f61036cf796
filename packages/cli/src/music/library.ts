/**
 * The music library: artists, albums and tracks at any size, the same rows on every machine.
 *
 * I1  Ids run from 1 without gaps, in row order; every foreign key names a row that exists.
 * I2  Row n is made from (seed, table, n) alone: nothing is kept, so 9.5 million tracks stream in constant memory.
 * I3  The rows of one seed and size never change: a change to the generator changes the golden hash of its test.
 *
 * Full scale is 25,000 artists, 80,000 albums and 9.5 million tracks ({@link fullScale}); {@link tracksScale} keeps
 * real albums of about eleven tracks, which reads better in examples.
 */
import { Draw } from './draw.ts';
import { albumTitle, artistName, trackTitle } from './names.ts';
import { COUNTRIES, GENRES } from './words.ts';

export interface LibrarySize {
  readonly artists: number;
  readonly albums: number;
  readonly tracks: number;
  readonly seed?: number;
}

/** id, name, country, formed (year) */
export type ArtistRow = readonly [id: number, name: string, country: string, formed: number];
/** id, artist_id, title, released (year), genre */
export type AlbumRow = readonly [
  id: number,
  artistId: number,
  title: string,
  released: number,
  genre: string,
];
/** id, album_id, position, title, seconds, rating (0.0 to 5.0, one decimal) */
export type TrackRow = readonly [
  id: number,
  albumId: number,
  position: number,
  title: string,
  seconds: number,
  rating: number,
];

const STREAM_ARTIST = 1;
const STREAM_ALBUM = 2;
const STREAM_TRACK = 3;
const STREAM_CUT = 4;

/** The reference data set multiplied by `factor`: 1 is 25 thousand artists, 80 thousand albums, 9.5 million tracks. */
export function fullScale(factor: number, seed?: number): LibrarySize {
  const size = {
    artists: Math.max(1, Math.round(25_000 * factor)),
    albums: Math.max(1, Math.round(80_000 * factor)),
    tracks: Math.max(1, Math.round(9_500_000 * factor)),
  };
  return seed === undefined ? size : { ...size, seed };
}

/** A library of `tracks` tracks on albums of about eleven, with four albums an artist. */
export function tracksScale(tracks: number, seed?: number): LibrarySize {
  const albums = Math.max(1, Math.round(tracks / 11));
  const size = { artists: Math.max(1, Math.round(albums / 4)), albums, tracks };
  return seed === undefined ? size : { ...size, seed };
}

export class MusicLibrary {
  readonly artists: number;
  readonly albums: number;
  readonly tracks: number;
  readonly seed: number;
  private readonly draw = new Draw();

  constructor(size: LibrarySize) {
    this.artists = size.artists;
    this.albums = size.albums;
    this.tracks = size.tracks;
    this.seed = size.seed ?? 20_240_229;
  }

  artist(id: number): ArtistRow {
    const draw = this.draw.start(this.seed, STREAM_ARTIST, id);
    const name = artistName(draw);
    return [id, name, draw.pick(COUNTRIES), draw.between(1950, 2020)];
  }

  album(id: number): AlbumRow {
    const draw = this.draw.start(this.seed, STREAM_ALBUM, id);
    // The product of two draws leans to the left: few artists have many albums, most have few.
    const artistId = 1 + Math.floor(draw.unit() * draw.unit() * this.artists);
    const title = albumTitle(draw);
    return [id, artistId, title, draw.between(1955, 2024), draw.pick(GENRES)];
  }

  /** Track `id`, which is number `position` of album `albumId`. */
  private track(id: number, albumId: number, position: number): TrackRow {
    const draw = this.draw.start(this.seed, STREAM_TRACK, id);
    const title = trackTitle(draw);
    // Three draws added up give the bell that song lengths have, from 1:30 to 8:00.
    const seconds = 90 + Math.floor(((draw.unit() + draw.unit() + draw.unit()) / 3) * 390);
    const rating = draw.below(51) / 10;
    return [id, albumId, position, title, seconds, rating];
  }

  /** Id of the first track of an album; that of `albums + 1` is one past the last track. */
  firstTrackOf(albumId: number): number {
    if (albumId <= 1) return 1;
    if (albumId > this.albums) return this.tracks + 1;
    const even = ((albumId - 1) * this.tracks) / this.albums;
    const jitter = this.draw.start(this.seed, STREAM_CUT, albumId).unit() - 0.5;
    return 1 + Math.floor(even + (jitter * 0.6 * this.tracks) / this.albums);
  }

  *artistBatches(batchRows: number): Generator<readonly ArtistRow[]> {
    for (let from = 1; from <= this.artists; from += batchRows) {
      const count = Math.min(batchRows, this.artists - from + 1);
      yield Array.from({ length: count }, (_, at) => this.artist(from + at));
    }
  }

  *albumBatches(batchRows: number): Generator<readonly AlbumRow[]> {
    for (let from = 1; from <= this.albums; from += batchRows) {
      const count = Math.min(batchRows, this.albums - from + 1);
      yield Array.from({ length: count }, (_, at) => this.album(from + at));
    }
  }

  *trackBatches(batchRows: number): Generator<readonly TrackRow[]> {
    let batch: TrackRow[] = [];
    let albumId = 1;
    let first = 1;
    let next = this.firstTrackOf(2);
    for (let id = 1; id <= this.tracks; id++) {
      while (id >= next) {
        albumId++;
        first = next;
        next = this.firstTrackOf(albumId + 1);
      }
      batch.push(this.track(id, albumId, id - first + 1));
      if (batch.length === batchRows) {
        yield batch;
        batch = [];
      }
    }
    if (batch.length > 0) yield batch;
  }
}
