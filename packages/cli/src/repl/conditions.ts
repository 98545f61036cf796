/**
 * \if, \elif, \else, \endif: which lines of a script count.
 *
 * I1  Exactly one branch of each \if counts, or none; branches nest.
 */
import { UsageError } from '../exit-code.ts';

interface Branch {
  /** Lines of the branch we are in count. */
  isActive: boolean;
  /** A branch of this \if has counted already. */
  isDone: boolean;
  isElse: boolean;
  readonly outerActive: boolean;
}

export class Conditions {
  readonly #branches: Branch[] = [];

  get isActive(): boolean {
    return this.#branches.at(-1)?.isActive ?? true;
  }

  get isOpen(): boolean {
    return this.#branches.length > 0;
  }

  if(condition: () => boolean): void {
    const outerActive = this.isActive;
    const isActive = outerActive && condition();
    this.#branches.push({ isActive, isDone: isActive, isElse: false, outerActive });
  }

  elif(condition: () => boolean): void {
    const branch = this.#last('\\elif');
    if (branch.isElse) throw new UsageError('\\elif: cannot come after \\else');
    branch.isActive = branch.outerActive && !branch.isDone && condition();
    branch.isDone ||= branch.isActive;
  }

  else(): void {
    const branch = this.#last('\\else');
    if (branch.isElse) throw new UsageError('\\else: cannot come after \\else');
    branch.isElse = true;
    branch.isActive = branch.outerActive && !branch.isDone;
    branch.isDone = true;
  }

  endif(): void {
    this.#last('\\endif');
    this.#branches.pop();
  }

  #last(what: string): Branch {
    const branch = this.#branches.at(-1);
    if (branch === undefined) throw new UsageError(`${what}: no matching \\if`);
    return branch;
  }
}

/** What psql takes for yes and no. */
export function truthOf(text: string): boolean {
  const word = text.trim().toLowerCase();
  if (/^(t|tr|tru|true|y|ye|yes|on|1)$/.test(word)) return true;
  if (/^(f|fa|fal|fals|false|n|no|of|off|0)$/.test(word)) return false;
  throw new UsageError(`unrecognized value "${text}" for "\\if expression": Boolean expected`);
}
