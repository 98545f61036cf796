/**
 * The fuzzer: random trees against their model and damaged pages against the decoder, seed after seed.
 *
 *     SEED=1 SECONDS=30 DECENTDB_VERIFY=1 node --import tsx packages/decentdb/src/tree/tree.fuzz.ts
 *
 * Stops at the first failure and names its seed.
 */
import { attackPages } from './hostile-page.fuzz.ts';
import { runSeed, SCHEMAS } from './tree-model.fuzz.ts';

const first = Number(process.env['SEED'] ?? 1);
const seconds = Number(process.env['SECONDS'] ?? 10);
const end = performance.now() + 1000 * seconds;
const schemas = Object.values(SCHEMAS);
let seed = first;
for (; performance.now() < end; seed++) {
  runSeed(seed, 300);
  attackPages(schemas[seed % schemas.length]!, seed, 200);
}
console.log(`seeds ${first} to ${seed - 1}: no failure`);
