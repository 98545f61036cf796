/**
 * What node:readline lacks: colours while typing, and Ctrl-R through the history.
 *
 * I1  Colours change nothing but the look: the cursor is placed by readline, which counts characters without them.
 * I2  Without colours on the terminal (NO_COLOR, dumb) the line is left as readline writes it.
 */
import type { Interface } from 'node:readline';
import type { CommandContext } from '../command.ts';
import { highlight } from './highlight.ts';

/** The parts of readline's interface that are used here; Node keeps them for this purpose. */
export type EditedReader = Omit<Interface, 'line' | 'cursor'> & {
  line: string;
  cursor: number;
  _writeToOutput?: (text: string) => void;
  _refreshLine?: () => void;
};

export function editWithColors(
  reader: EditedReader,
  history: () => readonly string[],
  context: CommandContext,
): void {
  if (context.terminal.paint('bold', 'x') !== 'x') addColors(reader);
  process.stdin.on(
    'keypress',
    (_: string | undefined, key: { ctrl?: boolean; name?: string } | undefined) => {
      if (key?.ctrl === true && key.name === 'r') searchBack(reader, history());
      else searching = null;
    },
  );
}

function addColors(reader: EditedReader): void {
  const { _writeToOutput: write, _refreshLine: refresh } = reader;
  if (write === undefined || refresh === undefined) return;
  reader._writeToOutput = (text) => {
    const prompt = reader.getPrompt();
    const isLine = text.startsWith(prompt) && text.length > prompt.length;
    write.call(reader, isLine ? prompt + highlight(text.slice(prompt.length)) : text);
  };
  process.stdin.on('keypress', (character: string | undefined) => {
    // A character typed at the end is written alone: the word it ends may have become a keyword.
    if (character !== undefined && character >= ' ' && reader.line !== '') refresh.call(reader);
  });
}

/** What Ctrl-R looks for, and how far back it has come. */
let searching: { readonly text: string; at: number } | null = null;

/** The next older line of the history that contains what was typed before the first Ctrl-R. */
function searchBack(reader: EditedReader, history: readonly string[]): void {
  searching ??= { text: reader.line, at: -1 };
  const { text, at } = searching;
  const next = history.findIndex((line, i) => i > at && line.includes(text) && line !== reader.line);
  if (next < 0) return;
  searching.at = next;
  reader.line = history[next] as string;
  reader.cursor = reader.line.length;
  reader._refreshLine?.();
}
