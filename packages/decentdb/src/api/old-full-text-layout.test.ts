/** A database whose full text index was made before indexes kept places: it answers, is kept, and REINDEX brings it up to date. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { type Database, openSync } from './database.ts';

/** d (id, a) of forty rows, 'running song N' and four times 'blue moons', with the index d_a on a; packed. */
const FILE =
  'H4sIAAAAAAACA+3a22scVRwH8N9vN0lTTWKaVIkXZD0Ek+qou7NJG4cqsVkvJbX0EqulDXUyc7I5dObMZuZMkjUseEFa0IgUaRtpg60YvLSFgrX6IL7ogzcQxQcrClWLf4CCUl9kN9lmT5Q+eim/Dws7v9mZM99z5uzC2d0cd7hUuQ3hve+2IQBAK1QkF57gSPvk9szHuV8Gbv1kx+QN4Rlc3J9YfG6oObZ2f6IfCCGEEEIIIYQQ8h+Ro/U/IYQQQgghhBByxXt0sOXt8pq9dl0/lljY6oYmaAOeQEQEaAS4Kgn9B7xv3/GrjxEv5ik/CGR0+a0wllLIfCoKZD7Vq1VrtWqdVvVp1d1alUnrZUYvTb3M6mWPXuqJMnqkjJ4po4fK6KlMPZWppzL1VKaeytRTmXoqU09l6qlMPZWpp8rqqbJ6qqyeKqunyuqpsnqqrJ4qq6fK6qmyeqqeNL39CCGEEEIIIeQfc3R25pnksvX/V5Uf9BugAVbDjXA7ZOA+2A1fJBEw2bEziXCYtQCcm5l49buxdeeaESDxYrmBawA2fVifSrbCakg0AmDy/i1YiEc84bjCtd09hb286O6xGwFaV8Jch/XrfNc0cwLf51IxS8aeV5pmYRAoZpkGC4PJje5A4MW+ZFbaYCIa4n4hCO2wyKxR24u4wQI5EPi+UMxihZBHPJzgzNCbNNgEDyMRSGaZpWmmigU/cJl1R8ZgMlCbY89jlgpjbjCXj9qxp7aPe9Uz81zy0Fbcre4QLpdKqGK1jvh4zKXDNy4dEeXCoFAon7KY0RdRJGR+h+3FvHrU8k7/barF8//FWHuFdCtDK3w7LA7yIqvE4WFoj3j8UlNCCiVszyvmKq/VXGTC9oS7kHRhjJfdGqdyeyNm7UoPl9tx+VQ1c2ma+VyNlUeFjcaep/iUYsbi9OgxWCzFeLyUoXxKtDlQOREpIR1VE87xYpcza9ewUZ4krnBsxWtG0wlkpEJbSLU0XEFBiaCca5qNBl45Qk+6z0z39qb7+u7MsNJfOlLg0hUyv62Srtdge3mx3KvpxR4u3Fk+VZ6k5blYuTxTwR4VTXBHBWF3F5d5T0RjXZYV8rwTyFGRN1L2msqIR85C83pvHxBhtNTPoOB4dhRVA6lioXL7s2szPaXhEn3SEUIIIYQQQr5+4rZkXe3/9gHgj8pWEhS0QBschd8r3w4gPv/lqVkE6Kp744fPPqqvOz178dNE5+tPPd3Teeb8/vNJbMc3v6nDY1144hF8f9/FXnzJxecS+N5deDCF1+HLDTh/Nb62BudacaYL52/GfYivbMDTzfjWejzUiWeb8FQztuPJa/FAOx5ejSdW4JP9+Oz1eHYrzt+CJxvw4Co8dQwRsKE/1dSfasrZNz103Nj04/otnQ8P8eHH5v3dP5ce737BFXOXeWnF1o79Px0Z/Y0fT+z8vnHbYMc9Kx8c+XxIXJjI0IwghBBCCCGEEHIlctSFD+qXrf9XXdpqgmZooUEihBBCCCGEEEL+5/4ECWCWRABgAAA=';

function count(db: Database): unknown {
  return db.query(`SELECT count(*)::int AS n FROM d WHERE to_tsvector('english', a) @@ 'run'`).rows[0]?.['n'];
}

const plan = (db: Database): string =>
  db.explain(`SELECT * FROM d WHERE to_tsvector('english', a) @@ 'moon'`);

test('a full text index of the old layout', () => {
  const folder = mkdtempSync(join(tmpdir(), 'decentdb-'));
  const path = join(folder, 'old.ddb');
  writeFileSync(path, gunzipSync(Buffer.from(FILE, 'base64')));
  let db = openSync(path);
  const isOld = (): void => {
    assert.doesNotMatch(plan(db), /Full Text/);
    assert.match(JSON.stringify(db.check().findings), /another version and is not used/);
  };
  try {
    assert.equal(count(db), 36);
    isOld();
    db.exec(`INSERT INTO d VALUES (100, 'he runs'); DELETE FROM d WHERE id = 7; CHECKPOINT`);
    assert.equal(count(db), 36);
    db.exec('ALTER TABLE d ADD COLUMN z int DEFAULT 4; ALTER TABLE d ALTER COLUMN z TYPE bigint');
    db.exec('VACUUM');
    isOld();
    db.exec('BEGIN; REINDEX INDEX d_a; ROLLBACK');
    isOld();
    db.exec('REINDEX INDEX d_a');
    db.exec(`INSERT INTO d SELECT i, 'runs on ' || i FROM generate_series(200, 2200) i; CHECKPOINT`);
    assert.match(plan(db), /Full Text Index Scan using d_a/);
    assert.equal(count(db), 2037);
    db.close();
    db = openSync(path);
    assert.equal(count(db), 2037);
    assert.deepEqual(db.check().findings, []);
    db.exec('DROP TABLE d');
  } finally {
    db.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
