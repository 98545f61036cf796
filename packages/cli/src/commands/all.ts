/** Every command, in the order of the help page. A new command is a file beside this one and a line here. */
import type { CommandModule } from '../command.ts';
import { checkCommand } from './check.ts';
import { checkpointCommand } from './checkpoint.ts';
import { completionCommand } from './completion.ts';
import { demoCommand } from './demo.ts';
import { describeCommand } from './describe.ts';
import { execCommand } from './exec.ts';
import { explainCommand } from './explain.ts';
import { importCommand } from './import.ts';
import { infoCommand } from './info.ts';
import { tablesCommand } from './tables.ts';

export const COMMANDS: readonly CommandModule[] = [
  execCommand,
  importCommand,
  tablesCommand,
  describeCommand,
  explainCommand,
  infoCommand,
  checkCommand,
  checkpointCommand,
  demoCommand,
  completionCommand,
];
