/**
 * Regular expressions as programs for a virtual machine: one instruction for each state of Thompson's automaton.
 *
 * I1  The program is at most PROGRAM_LENGTH_MAX long, so matching is linear in the text with a bounded factor.
 * I2  What lookaround asks is a program of its own: of what is behind as it is, of what is ahead backwards (lookaround.ts).
 */
import { type Assertion, type LookNode, type Ranges, type RegexNode, regexError } from './syntax.ts';

/** What an instruction does; targets are indexes of instructions. */
export const Step = {
  set: 0,
  split: 1,
  jump: 2,
  save: 3,
  assert: 4,
  match: 5,
  look: 6,
  reference: 7,
} as const;

export interface Instruction {
  readonly step: (typeof Step)[keyof typeof Step];
  /** set: index into `sets`. save: slot. assert: index into ASSERTIONS. look: index into `looks`. reference: group. */
  readonly arg: number;
  /** split: preferred and other target; jump: target in `first`; reference: 1 in `first` when case does not matter, 2 to
   *  ask only whether the group took part. */
  readonly first: number;
  readonly second: number;
}

export interface Program {
  readonly code: readonly Instruction[];
  readonly sets: readonly Ranges[];
  readonly slots: number;
  readonly hasAssertions: boolean;
  readonly looks: readonly Look[];
  /** Groups that are referred back to. */
  readonly references: readonly number[];
  /** Whether the match as a whole should be the longest or the shortest (PostgreSQL decides by the first quantifier). */
  readonly isLongest: boolean;
}

export interface Look {
  readonly program: Program;
  readonly isBehind: boolean;
  readonly isNegated: boolean;
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
    looks: compiler.looks,
    references: [...compiler.references],
    isLongest: preference(node) !== 'short',
  };
}

/** The pattern of the same texts read backwards; constraints ask of places, which stay. */
function reversed(node: RegexNode): RegexNode {
  switch (node.kind) {
    case 'sequence':
      return { ...node, items: node.items.map(reversed).reverse() };
    case 'choice':
      return { ...node, items: node.items.map(reversed) };
    case 'repeat':
      return { ...node, item: reversed(node.item) };
    case 'group':
      return { ...node, item: reversed(node.item) };
    default:
      return node;
  }
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
  readonly looks: Look[] = [];
  readonly references = new Set<number>();
  hasAssertions = false;
  private readonly knownLooks = new Map<LookNode, number>();
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

  private look(node: LookNode): number {
    let index = this.knownLooks.get(node);
    if (index === undefined) {
      const { isBehind, isNegated } = node;
      const program = compileProgram(isBehind ? node.item : reversed(node.item), 0);
      index = this.looks.push({ program, isBehind, isNegated }) - 1;
      this.knownLooks.set(node, index);
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
      case 'look':
        this.hasAssertions = true;
        this.emit(Step.look, this.look(node));
        return;
      case 'reference':
        this.references.add(node.index);
        this.emit(Step.reference, node.index, node.ignoresCase ? 1 : 0);
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
    // As in PostgreSQL: what did not take part cannot even be repeated no times.
    if (item.kind === 'reference' && min === 0) {
      this.references.add(item.index);
      this.emit(Step.reference, item.index, 2);
    }
    const branch = (into: number, past: number): [number, number] => (isLazy ? [past, into] : [into, past]);
    if (max === Number.POSITIVE_INFINITY) {
      for (let i = 1; i < min; i++) this.node(item);
      // Entered once before it is left: so groups of an item that matched nothing have matched, as in PostgreSQL.
      const skip = min === 0 ? this.emit(Step.split, 0) : -1;
      const again = this.code.length;
      this.node(item);
      const [first, second] = branch(again, this.code.length + 1);
      this.emit(Step.split, 0, first, second);
      if (skip >= 0) [this.code[skip]!.first, this.code[skip]!.second] = branch(again, this.code.length);
      return;
    }
    for (let i = 0; i < min; i++) this.node(item);
    const splits: number[] = [];
    for (let i = min; i < max; i++) {
      splits.push(this.emit(Step.split, 0));
      this.node(item);
    }
    for (const split of splits)
      [this.code[split]!.first, this.code[split]!.second] = branch(split + 1, this.code.length);
  }
}
