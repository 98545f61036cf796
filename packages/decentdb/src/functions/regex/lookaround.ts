/**
 * Where the constraints of lookaround hold in a text.
 *
 * I1  Each is found for all places in one pass: forwards where a match of what is behind ends, backwards where one of what is ahead
 *     begins. So lookaround leaves matching linear.
 * I2  What was found is kept for the text read last: searching on in it asks nothing anew.
 */
import { holds, includes } from './places.ts';
import { ASSERTIONS, type Look, type Program, Step } from './program.ts';

export class LookTables {
  private readonly looks: readonly Look[];
  private text: string | null = null;
  private tables: readonly Uint8Array[] = [];

  constructor(looks: readonly Look[]) {
    this.looks = looks;
  }

  /** Makes `holds` speak of this text. */
  read(text: string): void {
    if (this.looks.length === 0 || this.text === text) return;
    this.tables = this.looks.map(({ program, isBehind }) => new Pass(program, text).run(isBehind));
    this.text = text;
  }

  holds(index: number, at: number): boolean {
    return (this.tables[index]![at] === 1) !== this.looks[index]!.isNegated;
  }
}

/** All instructions that are alive at a place, through the text in one direction. */
class Pass {
  private readonly program: Program;
  private readonly text: string;
  private readonly looks: LookTables;
  /** The place an instruction was last reached at, and one. */
  private readonly marks: Int32Array;
  private alive: number[] = [];
  private isMatch = false;

  constructor(program: Program, text: string) {
    this.program = program;
    this.text = text;
    this.looks = new LookTables(program.looks);
    this.looks.read(text);
    this.marks = new Int32Array(program.code.length);
  }

  run(isForward: boolean): Uint8Array {
    const { text, program } = this;
    const found = new Uint8Array(text.length + 1);
    let before: readonly number[] = [];
    let point = -1;
    for (let at = isForward ? 0 : text.length; ; ) {
      this.alive = [];
      this.isMatch = false;
      this.reach(0, at);
      for (const pc of before)
        if (includes(program.sets[program.code[pc]!.arg]!, point)) this.reach(pc + 1, at);
      if (this.isMatch) found[at] = 1;
      if (at === (isForward ? text.length : 0)) return found;
      before = this.alive;
      if (isForward) {
        point = text.codePointAt(at)!;
        at += point > 0xffff ? 2 : 1;
      } else {
        const isPair = at > 1 && text.codePointAt(at - 2)! > 0xffff;
        at -= isPair ? 2 : 1;
        point = text.codePointAt(at)!;
      }
    }
  }

  private reach(start: number, at: number): void {
    const { code } = this.program;
    const stack = [start];
    while (stack.length > 0) {
      const pc = stack.pop()!;
      if (this.marks[pc] === at + 1) continue;
      this.marks[pc] = at + 1;
      const { step, arg, first, second } = code[pc]!;
      if (step === Step.set) this.alive.push(pc);
      else if (step === Step.match) this.isMatch = true;
      else if (step === Step.jump) stack.push(first);
      else if (step === Step.split) stack.push(second, first);
      else if (step === Step.assert && !holds(ASSERTIONS[arg]!, this.text, at)) continue;
      else if (step === Step.look && !this.looks.holds(arg, at)) continue;
      else stack.push(pc + 1);
    }
  }
}
