/** Runs the program as the command line does, and keeps what it wrote. */
import { runProgram } from './program.ts';

export interface ProgramResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** One command, not on a terminal. */
export async function run(...args: string[]): Promise<ProgramResult> {
  let out = '';
  let err = '';
  const code = await runProgram(args, {
    isInteractive: false,
    canDraw: false,
    columns: 80,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    paint: (_, text) => text,
    paintErr: (_, text) => text,
  });
  return { code, out, err };
}
