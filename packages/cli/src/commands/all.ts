/** Every command, in the order of the help page. A new command is a file beside this one and a line here. */
import type { CommandModule } from '../command.ts';
import { backupCommand, vacuumCommand } from './backup.ts';
import { benchCommand } from './bench.ts';
import { checkCommand } from './check.ts';
import { checkpointCommand } from './checkpoint.ts';
import { completionCommand } from './completion.ts';
import { demoCommand } from './demo.ts';
import { describeCommand } from './describe.ts';
import { diffCommand } from './diff.ts';
import { doctorCommand } from './doctor.ts';
import { dumpCommand } from './dump.ts';
import { execCommand } from './exec.ts';
import { explainCommand } from './explain.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';
import { infoCommand } from './info.ts';
import { migrateCommand } from './migrate.ts';
import { precompileCommand } from './precompile.ts';
import { recoverCommand } from './recover.ts';
import { replCommand } from './repl.ts';
import { restoreCommand } from './restore.ts';
import { schemaCommand } from './schema.ts';
import { simCommand } from './sim.ts';
import { tablesCommand } from './tables.ts';
import { typesCommand } from './types.ts';

export const COMMANDS: readonly CommandModule[] = [
  replCommand,
  execCommand,
  importCommand,
  exportCommand,
  migrateCommand,
  dumpCommand,
  restoreCommand,
  backupCommand,
  tablesCommand,
  describeCommand,
  schemaCommand,
  diffCommand,
  typesCommand,
  explainCommand,
  infoCommand,
  checkCommand,
  recoverCommand,
  simCommand,
  doctorCommand,
  vacuumCommand,
  checkpointCommand,
  precompileCommand,
  benchCommand,
  demoCommand,
  completionCommand,
];
