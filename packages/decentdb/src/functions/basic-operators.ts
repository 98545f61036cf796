/**
 * The operators that compare and calculate, by symbol: where one takes the operands' own types, it is the one that is meant, and none
 * of the other families need be loaded to find it.
 */
import { arithmeticOperators } from './arithmetic.ts';
import { comparisonsNamed } from './comparison.ts';
import type { ScalarFunction } from './function.ts';

let arithmetic: Map<string, ScalarFunction[]> | null = null;

export function basicOperatorsNamed(symbol: string): readonly ScalarFunction[] {
  arithmetic ??= indexOf(arithmeticOperators);
  return arithmetic.get(symbol) ?? comparisonsNamed(symbol);
}

function indexOf(entries: readonly ScalarFunction[]): Map<string, ScalarFunction[]> {
  const index = new Map<string, ScalarFunction[]>();
  for (const entry of entries) {
    const known = index.get(entry.name);
    if (known === undefined) index.set(entry.name, [entry]);
    else known.push(entry);
  }
  return index;
}
