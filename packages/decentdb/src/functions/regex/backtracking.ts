/**
 * Runs programs that refer back to groups, which no automaton can: depth first, preferred ways first.
 *
 * I1  The future of a thread is told by its instruction, its place and the groups that are referred to: a second one in the same
 *     state ends where the first did, which was preferred, and is dropped. So the time is polynomial in the text.
 * I2  One search passes at most STATES_MAX states; 54000 beyond.
 */
import { DecentDbError } from '../../base/errors.ts';
import { LookTables } from './lookaround.ts';
import type { Match } from './machine.ts';
import { holds, includes } from './places.ts';
import { ASSERTIONS, type Program, Step } from './program.ts';

const STATES_MAX = 1_000_000;

interface Thread {
  pc: number;
  at: number;
  capture: Int32Array;
}

export class Backtracker {
  private readonly program: Program;
  private readonly looks: LookTables;
  private text = '';
  private states = 0;

  constructor(program: Program) {
    this.program = program;
    this.looks = new LookTables(program.looks);
  }

  /** The leftmost match at or after `from`: the longest or shortest there, as the pattern prefers. */
  find(text: string, from: number): Match | null {
    this.text = text;
    this.states = 0;
    this.looks.read(text);
    for (let at = from; at <= text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) {
      const match = this.matchAt(at);
      if (match !== null) return match;
    }
    return null;
  }

  private matchAt(start: number): Match | null {
    const { slots, isLongest } = this.program;
    const end = isLongest ? this.text.length : start;
    const seen = new Set<string>();
    const stack: Thread[] = [{ pc: 0, at: start, capture: new Int32Array(slots).fill(-1) }];
    let best: Match | null = null;
    while (stack.length > 0) {
      const found = this.run(stack.pop() as Thread, stack, seen);
      if (found === null) continue;
      if (best === null || (isLongest ? found[1]! > best[1]! : found[1]! < best[1]!)) best = found;
      if (best[1] === end) break;
    }
    return best;
  }

  /** Follows a thread to a match or its end; ways not taken go on the stack. */
  private run(thread: Thread, stack: Thread[], seen: Set<string>): Match | null {
    const { code } = this.program;
    for (;;) {
      const { step, arg, first, second } = code[thread.pc]!;
      switch (step) {
        case Step.match:
          return thread.capture;
        case Step.split:
          if (this.isKnown(thread, seen)) return null;
          stack.push({ ...thread, pc: second });
          thread.pc = first;
          continue;
        case Step.jump:
          thread.pc = first;
          continue;
        case Step.save:
          thread.capture = thread.capture.slice();
          thread.capture[arg] = thread.at;
          break;
        case Step.assert:
          if (!holds(ASSERTIONS[arg]!, this.text, thread.at)) return null;
          break;
        case Step.look:
          if (!this.looks.holds(arg, thread.at)) return null;
          break;
        case Step.reference:
          if (!this.repeats(thread, arg, first)) return null;
          break;
        default:
          if (!this.takes(thread, arg)) return null;
      }
      thread.pc++;
    }
  }

  private isKnown({ pc, at, capture }: Thread, seen: Set<string>): boolean {
    let key = `${pc},${at}`;
    for (const group of this.program.references) key += `,${capture[group * 2]},${capture[group * 2 + 1]}`;
    if (seen.has(key)) return true;
    seen.add(key);
    if (++this.states > STATES_MAX)
      throw new DecentDbError('54000', 'a regular expression with back references takes too many steps', {
        hint: 'Make what the back reference repeats shorter, or the text.',
      });
    return false;
  }

  private takes(thread: Thread, set: number): boolean {
    const point = this.text.codePointAt(thread.at);
    if (point === undefined || !includes(this.program.sets[set]!, point)) return false;
    thread.at += point > 0xffff ? 2 : 1;
    return true;
  }

  /** Whether what the group matched stands here again; a group that took no part is never repeated. */
  private repeats(thread: Thread, group: number, how: number): boolean {
    const from = thread.capture[group * 2]!;
    const to = thread.capture[group * 2 + 1]!;
    if (from < 0 || to < 0) return false;
    if (how === 2) return true;
    const wanted = this.text.slice(from, to);
    const found = this.text.slice(thread.at, thread.at + wanted.length);
    const isSame = how === 1 ? wanted.toLowerCase() === found.toLowerCase() : wanted === found;
    if (isSame) thread.at += wanted.length;
    return isSame;
  }
}
