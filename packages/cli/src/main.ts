/** Entry of the `decentdb` command. */
import { EXIT } from './exit-code.ts';
import { runProgram } from './program.ts';
import { processTerminal } from './terminal.ts';

// A database closed by the kernel is a crash like any other: nothing has to run here to keep it whole.
process.on('SIGINT', () => process.exit(EXIT.interrupted));
process.exitCode = await runProgram(process.argv.slice(2), processTerminal());
