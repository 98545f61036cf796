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
  const search = new HistorySearch(reader, history);
  process.stdin.prependListener('keypress', (character: string | undefined, key: Key | undefined) => {
    search.before(character, key ?? {});
  });
  process.stdin.on('keypress', (character: string | undefined, key: Key | undefined) => {
    search.after(character, key ?? {});
  });
}

interface Key {
  readonly ctrl?: boolean;
  readonly meta?: boolean;
  readonly name?: string;
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

/** Whether a key goes on with a search: text, backspace, Ctrl-R. */
function searches(character: string | undefined, { ctrl, meta, name }: Key): boolean {
  if (ctrl === true) return name === 'r' || name === 'h';
  if (name === 'backspace') return true;
  return meta !== true && character !== undefined && character >= ' ' && character !== '\x7f';
}

/**
 * Ctrl-R as readline has it elsewhere: what is typed is looked for in the history, Ctrl-R again goes further back, any other key
 * takes the line that was found and does its work. Ctrl-G brings back what was typed before.
 */
class HistorySearch {
  readonly #reader: EditedReader;
  readonly #history: () => readonly string[];
  #prompt: string | null = null;
  #typed = '';
  #text = '';
  #found = '';
  #at = -1;

  constructor(reader: EditedReader, history: () => readonly string[]) {
    this.#reader = reader;
    this.#history = history;
  }

  /** Before readline sees the key: one that is not of the search ends it. */
  before(character: string | undefined, key: Key): void {
    if (this.#prompt === null || searches(character, key)) return;
    this.#reader.setPrompt(this.#prompt);
    this.#prompt = null;
    this.#show(key.ctrl === true && key.name === 'g' ? this.#typed : this.#found);
  }

  /** After readline has put the key into the line, which is the search's now. */
  after(character: string | undefined, key: Key): void {
    const isAgain = key.ctrl === true && key.name === 'r';
    if (this.#prompt === null) {
      if (isAgain) this.#begin();
      return;
    }
    if (isAgain) this.#look(this.#at + 1);
    else if (key.name === 'backspace' || key.ctrl === true) {
      this.#text = this.#text.slice(0, -1);
      this.#look(0);
    } else {
      this.#text += character ?? '';
      this.#look(Math.max(this.#at, 0));
    }
    this.#draw();
  }

  #begin(): void {
    this.#prompt = this.#reader.getPrompt();
    this.#typed = this.#reader.line;
    this.#text = this.#typed;
    this.#found = this.#typed;
    this.#at = -1;
    // What stands in the line already is the text to look for.
    if (this.#text !== '') this.#look(0);
    this.#draw();
  }

  /** The first line from place `from` of the history that contains the text; without one the last found stays. */
  #look(from: number): void {
    if (this.#text === '') return;
    const next = this.#history().findIndex(
      (line, i) => i >= from && line.includes(this.#text) && (i === this.#at || line !== this.#found),
    );
    if (next < 0) return;
    this.#at = next;
    this.#found = this.#history()[next] as string;
  }

  #draw(): void {
    this.#reader.setPrompt(`(reverse-i-search)\`${this.#text}': `);
    this.#show(this.#found);
  }

  #show(line: string): void {
    this.#reader.line = line;
    this.#reader.cursor = line.length;
    this.#reader._refreshLine?.();
  }
}
