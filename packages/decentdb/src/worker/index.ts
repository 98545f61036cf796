/** `decentdb/worker`: databases read by several threads. */
export { ReaderPool } from './reader-pool.ts';
export { openShared, SharedDatabase, shareWith } from './share.ts';
