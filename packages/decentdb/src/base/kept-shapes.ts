/**
 * One object of every class whose objects live for a statement or a commit, kept for the life of the process.
 *
 * V8 holds the hidden class of objects weakly. When a full collection finds none of them it forgets the class, and throws away all
 * compiled code that knew it: the next commit begins with slow code. One object that lives prevents it.
 *
 * I1  What is kept refers to nothing large: it is made for this, from empty parts.
 */

const kept: object[] = [];

/** Keeps the hidden class of `sample`, made as its class makes others. */
export function keepShape(sample: object): void {
  kept.push(sample);
}
