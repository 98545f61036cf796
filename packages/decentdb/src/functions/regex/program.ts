/**
 * Regular expressions as programs for a virtual machine: one instruction for each state of Thompson's automaton.
 *
 * I1  The program is at most PROGRAM_LENGTH_MAX long, so matching is linear in the text with a bounded factor.
 */
import { type Assertion, type Ranges, type RegexNode, regexError } from './syntax.ts';

/** What an instruction does; targets are indexes of instructions. */
export const Step = { set: 0, split: 1, jump: 2, save: 3, assert: 4, match: 5 } as const;

export interface Instruction {
  readonly step: (typeof Step)[keyof typeof Step];
  /** set: index into `sets`. save: slot. assert: index into ASSERTIONS. */
  readonly arg: number;
  /** split: preferred and other target; jump: target in `first`. */
  readonly first: number;
  readonly second: number;
}

export interface Program {
  readonly code: readonly Instruction[];
  readonly sets: readonly Ranges[];
  readonly slots: number;
  readonly hasAssertions: boolean;
  /** Whether the match as a whole should be the longest or the shortest (PostgreSQL decides by the first quantifier). */
  readonly isLongest: boolean;
}

export const ASSERTIONS: readonly Assertion[] = [
  'lineStart',
  'lineEnd',
  'textStart',
  'textEnd',
  'wordStart',
  'wordEnd',
  'wordEdge',
  'notWordEdge',
];
const PROGRAM_LENGTH_MAX = 50_000;

export function compileProgram(node: RegexNode, groups: number): Program {
  const compiler = new Compiler();
  compiler.emit(Step.save, 0);
  compiler.node(node);
  compiler.emit(Step.save, 1);
  compiler.emit(Step.match, 0);
  return {
    code: compiler.code,
    sets: compiler.sets,
    slots: (groups + 1) * 2,
    hasAssertions: compiler.hasAssertions,
    isLongest: preference(node) !== 'short',
  };
}

/** Of a branch the first quantified atom decides; a choice is always long. */
function preference(node: RegexNode): 'long' | 'short' | null {
  switch (node.kind) {
    case 'repeat': {
      return node.isExact ? preference(node.item) : node.isLazy ? 'short' : 'long';
    }
    case 'choice':
      return 'long';
    case 'group':
      return preference(node.item);
    case 'sequence':
      for (const item of node.items) {
        const found = preference(item);
        if (found !== null) return found;
      }
      return null;
    default:
      return null;
  }
}

class Compiler {
  readonly code: { step: Instruction['step']; arg: number; first: number; second: number }[] = [];
  readonly sets: Ranges[] = [];
  hasAssertions = false;
  private readonly known = new Map<string, number>();

  emit(step: Instruction['step'], arg: number, first = 0, second = 0): number {
    if (this.code.length >= PROGRAM_LENGTH_MAX) throw regexError('regular expression is too complex');
    this.code.push({ step, arg, first, second });
    return this.code.length - 1;
  }

  private set(ranges: Ranges): number {
    const key = String(ranges);
    let index = this.known.get(key);
    if (index === undefined) {
      index = this.sets.push(ranges) - 1;
      this.known.set(key, index);
    }
    return index;
  }

  node(node: RegexNode): void {
    switch (node.kind) {
      case 'empty':
        return;
      case 'set':
        this.emit(Step.set, this.set(node.ranges));
        return;
      case 'sequence':
        for (const item of node.items) this.node(item);
        return;
      case 'choice':
        this.choice(node.items);
        return;
      case 'group':
        this.emit(Step.save, node.index * 2);
        this.node(node.item);
        this.emit(Step.save, node.index * 2 + 1);
        return;
      case 'assert':
        this.hasAssertions = true;
        this.emit(Step.assert, ASSERTIONS.indexOf(node.what));
        return;
      default:
        this.repeat(node.item, node.min, node.max, node.isLazy);
    }
  }

  private choice(items: readonly RegexNode[]): void {
    const exits: number[] = [];
    items.forEach((item, i) => {
      if (i === items.length - 1) {
        this.node(item);
        return;
      }
      const split = this.emit(Step.split, 0, this.code.length + 1);
      this.node(item);
      exits.push(this.emit(Step.jump, 0));
      this.code[split]!.second = this.code.length;
    });
    for (const exit of exits) this.code[exit]!.first = this.code.length;
  }

  private repeat(item: RegexNode, min: number, max: number, isLazy: boolean): void {
    for (let i = 0; i < min; i++) this.node(item);
    const branch = (into: number, past: number): [number, number] => (isLazy ? [past, into] : [into, past]);
    if (max === Number.POSITIVE_INFINITY) {
      const split = this.emit(Step.split, 0);
      this.node(item);
      this.emit(Step.jump, 0, split);
      [this.code[split]!.first, this.code[split]!.second] = branch(split + 1, this.code.length);
      return;
    }
    const splits: number[] = [];
    for (let i = min; i < max; i++) {
      splits.push(this.emit(Step.split, 0));
      this.node(item);
    }
    for (const split of splits)
      [this.code[split]!.first, this.code[split]!.second] = branch(split + 1, this.code.length);
  }
}
