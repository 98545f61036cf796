/**
 * Ctrl-C while a statement runs. The statement holds the thread, so the key is looked for by the statement itself, now and then.
 *
 * I1  Keys other than Ctrl-C typed meanwhile are not lost: they are given back to the input when the statement is over.
 * I2  Where the terminal cannot be asked (no /dev/tty), nothing changes: Ctrl-C then takes effect after the statement.
 */
import { closeSync, constants, openSync, readSync } from 'node:fs';
import type { Database } from 'decentdb';

const CTRL_C = 3;

export class TerminalInterrupt {
  readonly #db: Database;
  readonly #give: (bytes: Uint8Array) => void;
  #file = -1;
  #typed: number[] = [];

  constructor(db: Database, give: (bytes: Uint8Array) => void) {
    this.#db = db;
    this.#give = give;
    try {
      this.#file = openSync('/dev/tty', constants.O_RDONLY | constants.O_NONBLOCK);
    } catch {
      return; // I2
    }
    db.setInterruptCheck(() => this.#look());
  }

  /** Gives back what was typed while a statement ran. */
  giveBack(): void {
    if (this.#typed.length === 0) return;
    const bytes = Uint8Array.from(this.#typed);
    this.#typed = [];
    this.#give(bytes);
  }

  close(): void {
    if (this.#file < 0) return;
    if (this.#db.open) this.#db.setInterruptCheck(null);
    closeSync(this.#file);
    this.#file = -1;
  }

  #look(): boolean {
    const bytes = new Uint8Array(256);
    let count = 0;
    try {
      count = readSync(this.#file, bytes, 0, bytes.length, null);
    } catch {
      return false; // EAGAIN: nothing has been typed.
    }
    const at = bytes.subarray(0, count).indexOf(CTRL_C);
    if (at < 0) {
      this.#typed.push(...bytes.subarray(0, count));
      return false;
    }
    // What was typed before the key goes with it, as at the prompt.
    this.#typed = [...bytes.subarray(at + 1, count)];
    return true;
  }
}
