/** Entry of the `decentdb` command. */
import { runProgram } from './program.ts';
import { processTerminal } from './terminal.ts';

// Ctrl-C is left to the system: a handler would run only after the statement that holds the thread. A database closed by
// the kernel is a crash like any other, so nothing has to run here to keep it whole; shells report 130.
process.exitCode = await runProgram(process.argv.slice(2), processTerminal());
