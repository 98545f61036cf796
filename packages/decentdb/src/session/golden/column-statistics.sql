-- What samples say of values is in pg_stats, as PostgreSQL shows it after ANALYZE; tables of few rows have none.
CREATE TABLE st (id int PRIMARY KEY, kind text, n int, gone int);
INSERT INTO st SELECT i, CASE WHEN i % 10 = 0 THEN 'rare' ELSE 'often' END, CASE WHEN i % 2 = 0 THEN i END, 1 FROM generate_series(1, 100) i;
ALTER TABLE st DROP COLUMN gone;
CREATE TABLE few (a int);
INSERT INTO few VALUES (1);
SELECT attname, null_frac, n_distinct, most_common_vals, most_common_freqs FROM pg_stats WHERE tablename IN ('st', 'few') ORDER BY attname;
--> id | 0 | -1 | NULL | NULL
--> kind | 0 | 2 | {often} | {0.9}
--> n | 0.5 | -0.5 | NULL | NULL
SELECT avg_width, array_length(histogram_bounds::text::int[], 1) > 2 FROM pg_stats WHERE tablename = 'st' AND attname = 'id';
--> 4 | t
SELECT relname, n_live_tup, n_tup_ins FROM pg_stat_user_tables WHERE relname = 'st';
--> st | 100 | NULL
SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid();
--> f
SELECT datname, numbackends, xact_commit FROM pg_stat_database;
--> decentdb | 1 | NULL
SELECT count(*) FROM pg_stat_progress_vacuum;
--> 0
SELECT name, vartype, reset_val, pending_restart FROM pg_settings WHERE name = 'TimeZone';
--> TimeZone | string | UTC | f
