/**
 * Where the command writes, and whether somebody is looking.
 *
 * I1  stdout carries results and nothing else; notices, progress and errors go to stderr.
 * I2  Colours only on a terminal, never with NO_COLOR or --no-color; FORCE_COLOR turns them on.
 * I3  A reader that goes away (`| head`) ends the command quietly.
 * I4  Output that cannot be written ends it with the exit code for that; a database that is open is as after a crash, whole.
 */
import { writeSync } from 'node:fs';
import { styleText } from 'node:util';
import { EXIT } from './exit-code.ts';
import { reasonOf } from './script/input-error.ts';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

export interface Terminal {
  readonly isInteractive: boolean;
  /** Whether progress may be drawn, that is, stderr is a terminal. */
  readonly canDraw: boolean;
  /** Width of the terminal in columns. */
  readonly columns: number;
  out(text: string): void;
  err(text: string): void;
  /** The text in a style where stdout shows colours, else unchanged. */
  paint(style: Style, text: string): string;
  /** The same for text that goes to stderr. */
  paintErr(style: Style, text: string): string;
}

function colorsOn(stream: NodeJS.WriteStream): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (process.argv.includes('--no-color') || (NO_COLOR !== undefined && NO_COLOR !== '')) return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '' && FORCE_COLOR !== '0') return true;
  return stream.isTTY === true && TERM !== 'dumb';
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(EXIT.ok);
      // The terminal has gone: SIGHUP says so too, and is answered by what has something to finish.
      if (error.code === 'EIO' && stream.isTTY) return;
      // Where results go cannot be written, the disk is full for one (I4).
      if (stream === process.stdout) writeSync(2, `error: cannot write the output: ${reasonOf(error)}\n`);
      process.exit(EXIT.io);
    });
  const outColors = colorsOn(process.stdout);
  const errColors = colorsOn(process.stderr);
  return {
    isInteractive: process.stdout.isTTY === true,
    canDraw: process.stderr.isTTY === true,
    columns: process.stdout.columns ?? 80,
    out: (text) => {
      process.stdout.write(text);
    },
    err: (text) => {
      process.stderr.write(text);
    },
    paint: (style, text) => (outColors ? styleText(style, text) : text),
    paintErr: (style, text) => (errColors ? styleText(style, text) : text),
  };
}
