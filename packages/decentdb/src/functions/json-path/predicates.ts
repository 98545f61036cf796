/**
 * Predicates of jsonpath: true, false, or null for unknown.
 *
 * I1  Errors of operands make a predicate unknown; in lax mode one pair of values that fits is enough, in strict mode every pair is looked at.
 */
import { Decimal } from '../../types/decimal.ts';
import type { PathItem } from '../../types/jsonpath.ts';
import { compareText } from '../../types/text-order.ts';
import { compileRegex, type Regex } from '../regex/regex.ts';
import type { PathExecution } from './execution.ts';
import { compareDateTimes, PathDateTime, type PathValue } from './item.ts';

type Truth = boolean | null;

export function holds(run: PathExecution, path: PathItem, value: PathValue): Truth {
  const left = path.left!;
  switch (path.kind) {
    case 'and': {
      const first = holds(run, left, value);
      if (first === false) return false;
      const second = holds(run, path.right!, value);
      return second === true ? first : second;
    }
    case 'or': {
      const first = holds(run, left, value);
      if (first === true) return true;
      const second = holds(run, path.right!, value);
      return second === false ? first : second;
    }
    case 'not': {
      const truth = holds(run, left, value);
      return truth === null ? null : !truth;
    }
    case 'isUnknown':
      return holds(run, left, value) === null;
    case 'exists':
      return run.existsQuietly(left, value);
    case 'comparison':
      return overPairs(run, path, value, true, (a, b) => compare(run, path.operator!, a, b!));
    case 'startsWith':
      return overPairs(run, path, value, false, startsWith);
    default: {
      const regex = regexOf(path);
      return overPairs(run, path, value, false, (a) => (typeof a === 'string' ? regex.test(a) : null));
    }
  }
}

/** A test over every value on the left with every value on the right. */
function overPairs(
  run: PathExecution,
  path: PathItem,
  value: PathValue,
  isRightUnwrapped: boolean,
  test: (left: PathValue, right: PathValue | undefined) => Truth,
): Truth {
  const left = run.operand(path.left!, value, true);
  if (left === null) return null;
  const right = path.right === null ? [undefined] : run.operand(path.right, value, isRightUnwrapped);
  if (right === null) return null;
  let isUnknown = false;
  let isFound = false;
  for (const a of left) {
    for (const b of right) {
      const truth = test(a, b);
      if (truth === null) {
        if (!run.isLax) return null;
        isUnknown = true;
      } else if (truth) {
        if (run.isLax) return true;
        isFound = true;
      }
    }
  }
  if (isFound) return true;
  return isUnknown ? null : false;
}

function startsWith(whole: PathValue, start: PathValue | undefined): Truth {
  return typeof whole === 'string' && typeof start === 'string' ? whole.startsWith(start) : null;
}

const regexes = new WeakMap<PathItem, Regex>();

/** XQuery's flags in the letters of the regex engine: `.` leaves newlines out unless `s` is given. */
function regexOf(path: PathItem): Regex {
  let regex = regexes.get(path);
  if (regex === undefined) {
    const { flags } = path;
    const lines = flags.includes('m') ? (flags.includes('s') ? 'w' : 'n') : flags.includes('s') ? 's' : 'p';
    const letters = (flags.includes('i') ? 'i' : '') + (flags.includes('q') ? 'q' : lines);
    regex = compileRegex(path.value as string, letters);
    regexes.set(path, regex);
  }
  return regex;
}

function isScalar(value: PathValue): boolean {
  return (
    value === null || typeof value !== 'object' || value instanceof Decimal || value instanceof PathDateTime
  );
}

function order(run: PathExecution, a: PathValue, b: PathValue): number | null {
  if (a === null && b === null) return 0;
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (a instanceof Decimal && b instanceof Decimal) return a.compare(b);
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (a instanceof PathDateTime && b instanceof PathDateTime)
    return compareDateTimes(a, b, run.zone, run.surroundings.isZoneAllowed);
  return null;
}

function compare(run: PathExecution, operator: string, a: PathValue, b: PathValue): Truth {
  if ((a === null) !== (b === null)) return operator === '!=';
  if (!isScalar(a) || !isScalar(b)) return null;
  const found = order(run, a, b);
  if (found === null) return null;
  switch (operator) {
    case '==':
      return found === 0;
    case '!=':
      return found !== 0;
    case '<':
      return found < 0;
    case '<=':
      return found <= 0;
    case '>':
      return found > 0;
    default:
      return found >= 0;
  }
}
