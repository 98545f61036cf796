/** Bytes of cache every engine gets: 256 MiB, or what `--cache` says. */
export const cacheBytes = Number(process.env.BENCH_CACHE_MIB ?? 256) * 1024 * 1024;

/** The same for SQLite, which takes kilobytes with a minus. */
export const sqliteCacheSize = -Math.round(cacheBytes / 1024);
