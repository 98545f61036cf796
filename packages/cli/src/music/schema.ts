/** Tables and indexes of the music library, and the queries people ask of one. PostgreSQL's SQL throughout. */

export const MUSIC_TABLES = `
CREATE TABLE artists (
  id      integer PRIMARY KEY,
  name    text NOT NULL,
  country text NOT NULL,
  formed  integer NOT NULL
);
CREATE TABLE albums (
  id        integer PRIMARY KEY,
  artist_id integer NOT NULL,
  title     text NOT NULL,
  released  integer NOT NULL,
  genre     text NOT NULL
);
CREATE TABLE tracks (
  id       integer PRIMARY KEY,
  album_id integer NOT NULL,
  position integer NOT NULL,
  title    text NOT NULL,
  seconds  integer NOT NULL,
  rating   double precision NOT NULL
);
`;

export const MUSIC_INDEXES = `
CREATE INDEX albums_artist_id ON albums (artist_id);
CREATE INDEX tracks_album_id ON tracks (album_id);
`;

export interface MusicQuery {
  readonly name: string;
  readonly sql: string;
  readonly params: readonly (string | number)[];
}

/** The representative queries: two-sided substring search, ordered expansion, title search, and two reports. */
export const MUSIC_QUERIES: readonly MusicQuery[] = [
  {
    name: 'Bands "and the ..." with a track about a lantern (LIKE on two of three joined tables)',
    sql: `SELECT ar.name AS artist, al.title AS album, t.title AS track, t.rating
FROM artists ar
JOIN albums al ON al.artist_id = ar.id
JOIN tracks t ON t.album_id = al.id
WHERE ar.name LIKE '%and the%' AND t.title LIKE '%Lantern%'
ORDER BY t.rating DESC, t.id
LIMIT 5`,
    params: [],
  },
  {
    name: 'Everything by one artist, in order (artist -> albums -> tracks)',
    sql: `SELECT al.released, al.title AS album, t.position AS no, t.title AS track, t.seconds
FROM artists ar
JOIN albums al ON al.artist_id = ar.id
JOIN tracks t ON t.album_id = al.id
WHERE ar.id = $1
ORDER BY al.released, al.id, t.position
LIMIT 8`,
    params: [7],
  },
  {
    name: 'Best tracks with "Midnight" in the title',
    sql: `SELECT t.title AS track, ar.name AS artist, al.genre, t.rating
FROM tracks t
JOIN albums al ON al.id = t.album_id
JOIN artists ar ON ar.id = al.artist_id
WHERE t.title LIKE '%Midnight%'
ORDER BY t.rating DESC, t.id
LIMIT 5`,
    params: [],
  },
  {
    name: 'Ratings and playing time by genre',
    sql: `SELECT al.genre, count(*) AS tracks, round(avg(t.rating)::numeric, 2) AS rating, sum(t.seconds) / 3600 AS hours
FROM tracks t
JOIN albums al ON al.id = t.album_id
GROUP BY al.genre
ORDER BY tracks DESC, al.genre
LIMIT 5`,
    params: [],
  },
  {
    name: 'Artists with the most hours of music',
    sql: `SELECT ar.name AS artist, ar.country, count(*) AS tracks, sum(t.seconds) / 3600 AS hours
FROM artists ar
JOIN albums al ON al.artist_id = ar.id
JOIN tracks t ON t.album_id = al.id
GROUP BY ar.id, ar.name, ar.country
HAVING count(*) > 100
ORDER BY hours DESC, ar.id
LIMIT 5`,
    params: [],
  },
];
