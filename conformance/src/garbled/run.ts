/**
 *     node conformance/dist/garbled/run.js --statements 20000 --seed 7
 *
 * Prints the failures; exit status 1 when there are any. A round is replayed by its seed and the statements of one script.
 */
import { parseArgs } from 'node:util';
import { runGarbled } from './garble.ts';

const { values } = parseArgs({
  options: { statements: { type: 'string', default: '20000' }, seed: { type: 'string', default: '1' } },
});
const { statements, failures } = runGarbled(Number(values.statements), Number(values.seed));
for (const failure of failures) process.stdout.write(`${failure}\n`);
process.stdout.write(`garbled: seed ${values.seed}, ${statements} statements, ${failures.length} failures\n`);
process.exit(failures.length === 0 ? 0 : 1);
