/**
 * Runs a program over a text in linear time: Pike's machine for positions and groups, a lazily built automaton for yes or no.
 * Programs that refer back are not for it (backtracking.ts).
 *
 * I1  Every thread list holds an instruction at most once, so a step costs at most the program's length.
 * I2  The automaton keeps at most STATES_MAX states and starts over when it would need more.
 */
import { LookTables } from './lookaround.ts';
import { holds, includes } from './places.ts';
import { ASSERTIONS, type Program, Step } from './program.ts';
import { POINT_MAX } from './syntax.ts';

/** UTF-16 offsets: start and end of the match, then of each group; -1 where a group took no part. */
export type Match = Int32Array;

class ThreadList {
  readonly pcs: Int32Array;
  readonly captures: Int32Array[] = [];
  readonly marks: Int32Array;
  generation = 0;
  length = 0;

  constructor(size: number) {
    this.pcs = new Int32Array(size);
    this.marks = new Int32Array(size);
  }

  clear(): void {
    this.length = 0;
    this.generation++;
  }
}

export class Machine {
  private readonly program: Program;
  private current: ThreadList;
  private following: ThreadList;
  private readonly looks: LookTables;

  constructor(program: Program) {
    this.program = program;
    this.looks = new LookTables(program.looks);
    this.current = new ThreadList(program.code.length);
    this.following = new ThreadList(program.code.length);
  }

  /** The leftmost match at or after `from`: the longest or shortest there, as the pattern prefers. */
  find(text: string, from: number): Match | null {
    const { code, sets, slots, isLongest } = this.program;
    let best: Int32Array | null = null;
    this.looks.read(text);
    this.current.clear();
    for (let at = from; ; ) {
      if (best === null) this.add(this.current, 0, new Int32Array(slots).fill(-1), text, at);
      if (this.current.length === 0 && best !== null) return best;
      const point = at < text.length ? text.codePointAt(at)! : -1;
      const next = at + (point > 0xffff ? 2 : 1);
      this.following.clear();
      for (let i = 0; i < this.current.length; i++) {
        const pc = this.current.pcs[i]!;
        const instruction = code[pc]!;
        const capture = this.current.captures[i]!;
        if (instruction.step === Step.match) {
          if (best === null || isBetter(capture, best, isLongest)) best = capture;
          continue;
        }
        // What begins later is worse; of what begins where the best does, only something longer is better.
        if (best !== null && (isLongest ? capture[0]! > best[0]! : capture[0]! >= best[0]!)) continue;
        if (point >= 0 && includes(sets[instruction.arg]!, point))
          this.add(this.following, pc + 1, capture, text, next);
      }
      [this.current, this.following] = [this.following, this.current];
      if (point < 0) return best;
      at = next;
    }
  }

  /** Follows jumps, splits, saves and assertions from `pc`, in order of preference, without recursion. */
  private add(list: ThreadList, start: number, given: Int32Array, text: string, at: number): void {
    const { code } = this.program;
    const stack: (number | Int32Array)[] = [start, given];
    while (stack.length > 0) {
      const capture = stack.pop() as Int32Array;
      const pc = stack.pop() as number;
      if (list.marks[pc] === list.generation && list.generation !== 0) continue;
      list.marks[pc] = list.generation;
      const { step, arg, first, second } = code[pc]!;
      switch (step) {
        case Step.jump:
          stack.push(first, capture);
          break;
        case Step.split:
          stack.push(second, capture, first, capture);
          break;
        case Step.save: {
          const changed = capture.slice();
          changed[arg] = at;
          stack.push(pc + 1, changed);
          break;
        }
        case Step.assert:
          if (holds(ASSERTIONS[arg]!, text, at)) stack.push(pc + 1, capture);
          break;
        case Step.look:
          if (this.looks.holds(arg, at)) stack.push(pc + 1, capture);
          break;
        default:
          list.pcs[list.length] = pc;
          list.captures[list.length++] = capture;
      }
    }
  }
}

function isBetter(found: Int32Array, best: Int32Array, isLongest: boolean): boolean {
  if (found[0] !== best[0]) return found[0]! < best[0]!;
  return isLongest ? found[1]! > best[1]! : false;
}

const STATES_MAX = 1000;

interface State {
  readonly pcs: Int32Array;
  readonly isMatch: boolean;
  /** By character class; null not yet known. */
  readonly next: (State | null)[];
}

/** Answers whether a program without assertions matches anywhere in a text. */
export class Automaton {
  private readonly program: Program;
  private readonly boundaries: Int32Array;
  private readonly asciiClass = new Int32Array(128);
  private states = new Map<string, State>();
  private start: State | null = null;

  constructor(program: Program) {
    this.program = program;
    const cuts = new Set<number>([0]);
    for (const ranges of program.sets) {
      for (const [from, to] of ranges) {
        cuts.add(from);
        if (to < POINT_MAX) cuts.add(to + 1);
      }
    }
    this.boundaries = Int32Array.from(cuts).sort();
    for (let point = 0; point < 128; point++) this.asciiClass[point] = this.search(point);
  }

  private search(point: number): number {
    let low = 0;
    let high = this.boundaries.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.boundaries[middle]! <= point) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  test(text: string): boolean {
    this.start ??= this.state([0]);
    let state = this.start;
    if (state.isMatch) return true;
    for (let at = 0; at < text.length; at++) {
      let point = text.charCodeAt(at);
      if ((point & 0xfc00) === 0xd800) point = text.codePointAt(at++)!;
      const kind = point < 128 ? this.asciiClass[point]! : this.search(point);
      state = state.next[kind] ?? this.step(state, kind);
      if (state.isMatch) return true;
    }
    return false;
  }

  /** Unanchored: every step also starts anew. */
  private step(state: State, kind: number): State {
    const { sets, code } = this.program;
    const point = this.boundaries[kind]!;
    const pcs: number[] = [];
    for (const pc of state.pcs) if (includes(sets[code[pc]!.arg]!, point)) pcs.push(pc + 1);
    pcs.push(0);
    if (this.states.size >= STATES_MAX) {
      this.states = new Map();
      this.start = null;
    }
    const next = this.state(pcs);
    state.next[kind] = next;
    return next;
  }

  private state(starts: readonly number[]): State {
    const { code } = this.program;
    const seen = new Set<number>();
    const stack = [...starts];
    const kept: number[] = [];
    let isMatch = false;
    while (stack.length > 0) {
      const pc = stack.pop()!;
      if (seen.has(pc)) continue;
      seen.add(pc);
      const { step, first, second } = code[pc]!;
      if (step === Step.set) kept.push(pc);
      else if (step === Step.match) isMatch = true;
      else if (step === Step.jump) stack.push(first);
      else if (step === Step.split) stack.push(first, second);
      else stack.push(pc + 1);
    }
    const pcs = Int32Array.from(kept).sort();
    const key = `${isMatch}${pcs}`;
    let known = this.states.get(key);
    if (known === undefined) {
      known = { pcs, isMatch, next: new Array<State | null>(this.boundaries.length).fill(null) };
      this.states.set(key, known);
    }
    return known;
  }
}
