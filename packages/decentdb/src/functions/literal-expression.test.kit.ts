/**
 * Evaluates SQL expressions over literals straight through the registry: for tests of functions, operators and casts.
 *
 * Grammar: literals, typed literals, :: casts, function calls, ARRAY[...], operators with PostgreSQL's precedence, AT TIME ZONE.
 */
import { SqlArray } from '../types/array.ts';
import { Oid as T } from '../types/oids.ts';
import { builtinType, typeByName, typeByOid } from '../types/registry.ts';
import { defaultTypeSettings, type ObjectNames, type SqlType, type TypeSettings } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';
import { canCoerce, findCast, selectCommonType, typmodCast } from './coercion.ts';
import type { EvalContext, ScalarFunction } from './function.ts';
import { type Resolved, resolveFunction, resolveOperator } from './resolve.ts';

export interface Value {
  readonly type: SqlType;
  readonly typmod: number;
  readonly value: Datum;
}

/** Names of built-in types, which regtype prints. */
const typeNames: ObjectNames = {
  nameOf: (_kind, oid) => typeByOid(oid)?.sqlName(-1) ?? null,
  oidOf: (_kind, name) => typeByName(name)?.oid ?? 0,
};

/** A context with a clock that stands still and a fixed random source. */
export function testContext(settings: Partial<TypeSettings> = {}): EvalContext {
  const now = 757_382_400_000_000;
  return {
    transactionMicros: now,
    statementMicros: now,
    clockMicros: () => now,
    typeSettings: { ...defaultTypeSettings, nowMicros: () => now, objectNames: typeNames, ...settings },
    setting: () => '',
    setSetting: () => undefined,
    random: () => 0.5,
    setSeed: () => undefined,
    randomBytes: (count) => new Uint8Array(count),
    service: (name) => {
      throw new Error(`service ${name} is not there in tests`);
    },
  };
}

const TOKEN =
  /\s*(?:([eE]?'(?:[^']|'')*')|(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)|("(?:[^"]|"")*"|[A-Za-z_]\w*)|(::|[()[\],])|([-+*/<>=~!@#%^&|`?]+))/y;

interface Token {
  readonly kind: 'string' | 'number' | 'name' | 'mark' | 'operator' | 'end';
  readonly text: string;
}

function tokenise(source: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.trimEnd().length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(source);
    if (match === null) throw new SyntaxError(`cannot read ${source.slice(at)}`);
    const kinds = ['string', 'number', 'name', 'mark', 'operator'] as const;
    const index = match.slice(1).findIndex((part) => part !== undefined);
    let text = match[index + 1]!;
    if (kinds[index] === 'operator') {
      // A sign at the end belongs to the next operand unless the operator has a character no arithmetic has.
      while (text.length > 1 && /[-+]$/.test(text) && !/[~!@#%^&|`?]/.test(text)) {
        text = text.slice(0, -1);
        TOKEN.lastIndex--;
      }
    }
    tokens.push({ kind: kinds[index]!, text });
  }
  tokens.push({ kind: 'end', text: '' });
  return tokens;
}

function precedence(operator: string): number {
  if (/^(=|<>|!=|<|>|<=|>=)$/.test(operator)) return 1;
  if (operator === '+' || operator === '-') return 4;
  if (operator === '*' || operator === '/' || operator === '%') return 5;
  return operator === '^' ? 6 : 3;
}

class Evaluator {
  private readonly tokens: Token[];
  private readonly context: EvalContext;
  private at = 0;

  constructor(source: string, context: EvalContext) {
    this.tokens = tokenise(source);
    this.context = context;
  }

  private get next(): Token {
    return this.tokens[this.at]!;
  }

  private accept(text: string): boolean {
    if (this.next.text.toLowerCase() !== text || this.next.kind === 'string') return false;
    this.at++;
    return true;
  }

  private expect(text: string): void {
    if (!this.accept(text)) throw new SyntaxError(`expected ${text}, found ${this.next.text}`);
  }

  whole(): Value {
    const value = this.expression(0);
    if (this.next.kind !== 'end') throw new SyntaxError(`trailing ${this.next.text}`);
    return value;
  }

  private expression(least: number): Value {
    let left = this.unary();
    for (;;) {
      const { kind, text } = this.next;
      if (kind !== 'operator' || precedence(text) < least) return left;
      this.at++;
      const right = this.expression(precedence(text) + 1);
      left = this.call(resolveOperator(text, left.type, right.type), [left, right]);
    }
  }

  private unary(): Value {
    const { kind, text } = this.next;
    if (kind === 'operator') {
      this.at++;
      const number = this.next;
      if (text === '-' && number.kind === 'number') {
        const literal = this.tokens[this.at + 1]!;
        if (literal.text !== '::' && literal.text !== '^') {
          this.at++;
          return this.number(`-${number.text}`);
        }
      }
      const operand = this.expression(text === '-' || text === '+' ? 6.5 : 3.5);
      return this.call(resolveOperator(text, null, operand.type), [operand]);
    }
    return this.postfix(this.primary());
  }

  private postfix(start: Value): Value {
    let value = start;
    for (;;) {
      if (this.accept('::')) {
        const [type, typmod] = this.typeName();
        value = this.cast(value, type, typmod);
      } else if (this.next.text.toLowerCase() === 'at' && this.next.kind === 'name') {
        this.at++;
        if (this.accept('local')) value = this.call(resolveFunction('timezone', [value.type]), [value]);
        else {
          this.expect('time');
          this.expect('zone');
          const zone = this.postfixless();
          value = this.call(resolveFunction('timezone', [zone.type, value.type]), [zone, value]);
        }
      } else return value;
    }
  }

  private postfixless(): Value {
    return this.primary();
  }

  private primary(): Value {
    const token = this.next;
    this.at++;
    switch (token.kind) {
      case 'string':
        return { type: builtinType(T.unknown), typmod: -1, value: unquote(token.text) };
      case 'number':
        return this.number(token.text);
      case 'mark':
        if (token.text === '(') {
          const value = this.expression(0);
          this.expect(')');
          return value;
        }
        break;
      case 'name':
        return this.named(token.text);
      default:
    }
    throw new SyntaxError(`unexpected ${token.text}`);
  }

  private number(text: string): Value {
    for (const oid of /[.eE]/.test(text) ? [] : [T.int4, T.int8]) {
      const number = Number(text);
      const isInRange =
        oid === T.int4
          ? number >= -2147483648 && number <= 2147483647
          : BigInt(text) >= -(2n ** 63n) && BigInt(text) < 2n ** 63n;
      if (isInRange) return this.literal(text, builtinType(oid), -1);
    }
    return this.literal(text, builtinType(T.numeric), -1);
  }

  private literal(text: string, type: SqlType, typmod: number): Value {
    return { type, typmod, value: type.input(text, typmod, this.context.typeSettings) };
  }

  private named(name: string): Value {
    const lower = name.toLowerCase();
    if (lower === 'null') return { type: builtinType(T.unknown), typmod: -1, value: null };
    if (lower === 'true' || lower === 'false')
      return { type: builtinType(T.bool), typmod: -1, value: lower === 'true' };
    if (lower === 'array' && this.accept('[')) return this.array();
    if (this.next.text === '(' && typeByName(lower) === undefined)
      return this.callNamed(name.startsWith('"') ? name.slice(1, -1) : lower);
    if (
      this.next.text === '(' &&
      this.tokens.slice(this.at).find((_, i, all) => i > 0 && all[i - 1]!.text === ')')?.kind !== 'string'
    )
      return this.callNamed(name.startsWith('"') ? name.slice(1, -1) : lower);
    const start = this.at;
    this.at--;
    const [type, typmod] = this.typeName();
    if (this.next.kind !== 'string') {
      this.at = start;
      return this.callNamed(name.startsWith('"') ? name.slice(1, -1) : lower);
    }
    const text = unquote(this.next.text);
    this.at++;
    return this.literal(text, type, typmod);
  }

  private array(): Value {
    const items: Value[] = [];
    if (!this.accept(']')) {
      do {
        items.push(this.next.text === '[' && this.accept('[') ? this.array() : this.expression(0));
      } while (this.accept(','));
      this.expect(']');
    }
    const nested = items[0]?.type.elementType != null;
    const common = selectCommonType(
      items.map((item) => item.type),
      'ARRAY',
    );
    const values = items.map((item) => this.coerce(item, common, 'implicit').value);
    if (!nested) return { type: common.arrayType!, typmod: -1, value: SqlArray.of(values) };
    const arrays = values as SqlArray[];
    const first = arrays[0]!;
    const lengths = [arrays.length, ...first.lengths];
    return {
      type: common,
      typmod: -1,
      value: new SqlArray(
        arrays.flatMap((array) => [...array.elements]),
        lengths,
        lengths.map(() => 1),
      ),
    };
  }

  private callNamed(name: string): Value {
    const args: Value[] = [];
    const argNames: (string | null)[] = [];
    let isVariadicArray = false;
    this.expect('(');
    if (!this.accept(')')) {
      do {
        if (this.accept('variadic')) isVariadicArray = true;
        if (this.tokens[this.at + 1]?.text === '=>') {
          argNames.push(this.next.text);
          this.at += 2;
        } else argNames.push(null);
        args.push(this.expression(0));
      } while (this.accept(','));
      this.expect(')');
    }
    const resolved = resolveFunction(
      name,
      args.map((arg) => arg.type),
      { isVariadicArray, argNames },
    );
    return this.call(resolved, args, isVariadicArray);
  }

  private call(resolved: Resolved<ScalarFunction>, args: readonly Value[], isVariadicArray = false): Value {
    const { fn, argTypes, order, defaults, resultType } = resolved;
    let given = 0;
    let fallback = 0;
    const values = order.map(
      (at): Datum =>
        at < 0
          ? (defaults[fallback++] as Datum)
          : this.coerce(args[at]!, argTypes[given++]!, 'implicit').value,
    );
    let value: Datum = null;
    if (!fn.strict || !values.includes(null)) {
      if (isVariadicArray) {
        const last = values.pop();
        if (last !== null) values.push(...(last as SqlArray).elements);
      }
      value = fn.eval(this.context, ...values);
    }
    return { type: resultType, typmod: -1, value };
  }

  private cast(given: Value, type: SqlType, typmod: number): Value {
    if (given.type.oid === T.unknown) {
      if (given.value === null) return { type, typmod, value: null };
      // Only interval reads its text by the modifier; other types read first and are fitted after.
      const read = type.input(
        given.value as string,
        type.oid === T.interval ? typmod : -1,
        this.context.typeSettings,
      );
      return { type, typmod, value: typmod < 0 ? read : type.applyTypmod(read, typmod, true) };
    }
    const { value } = this.coerce(given, type, 'explicit', typmod);
    const fit = typmodCast(type, typmod, true);
    return { type, typmod, value: fit === null || value === null ? value : fit.eval(this.context, value) };
  }

  private coerce(given: Value, type: SqlType, context: 'implicit' | 'explicit', typmod = -1): Value {
    if (given.type.oid === type.oid) return given;
    if (given.type.oid === T.unknown) {
      if (!canCoerce(given.type, type, 'implicit')) return given;
      return {
        type,
        typmod: -1,
        value: given.value === null ? null : type.input(given.value as string, -1, this.context.typeSettings),
      };
    }
    const path = findCast(given.type, type, context, typmod);
    if (path === null)
      throw new SyntaxError(`cannot cast type ${given.type.sqlName(-1)} to ${type.sqlName(-1)}`);
    return {
      type,
      typmod: -1,
      value: given.value === null || path.fn === null ? given.value : path.fn.eval(this.context, given.value),
    };
  }

  /** A type name of one or more words, modifiers, and brackets. */
  private typeName(): [SqlType, number] {
    const words: string[] = [];
    while (this.next.kind === 'name' && words.length < 4) {
      const word = this.next.text.toLowerCase();
      if (
        words.length > 0 &&
        typeByName([...words, word].join(' ')) === undefined &&
        !/^(varying|precision|with|without|time|zone)$/.test(word)
      )
        break;
      words.push(word);
      this.at++;
    }
    const isQuoted = words[0]?.startsWith('"') === true;
    let name = isQuoted ? words[0]!.slice(1, -1) : words.join(' ');
    let modifiers: number[] = [];
    if (name === 'char' && !isQuoted) {
      name = 'bpchar';
      modifiers = [1];
    } else if (name === 'character') modifiers = [1];
    else if (name === 'bit' && !isQuoted) modifiers = [1];
    if (this.accept('(')) {
      modifiers = [];
      do {
        const sign = this.accept('-') ? -1 : 1;
        modifiers.push(Number(this.next.text) * sign);
        this.at++;
      } while (this.accept(','));
      this.expect(')');
    }
    if (name === 'interval' && modifiers.length === 1) modifiers = [0x7fff, modifiers[0]!];
    let type = typeByName(name);
    if (type === undefined) throw new SyntaxError(`type "${name}" does not exist`);
    const typmod = modifiers.length === 0 ? -1 : type.typmodIn(modifiers);
    while (this.accept('[')) {
      this.expect(']');
      type = type.arrayType ?? type;
    }
    return [type, typmod];
  }
}

function unquote(token: string): string {
  if (/^[eE]/.test(token)) {
    return token
      .slice(2, -1)
      .replaceAll("''", "'")
      .replace(/\\(u[0-9a-fA-F]{4}|.)/gs, (_, code: string) => {
        if (code.length > 1) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
        return { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' }[code] ?? code;
      });
  }
  return token.slice(1, -1).replaceAll("''", "'");
}

/** Value of an expression; throws what the engine would throw. */
export function evaluate(source: string, context: EvalContext = testContext()): Value {
  return new Evaluator(source, context).whole();
}

/** Text and type of an expression's value, or its error: what a differential test compares. */
export function evaluateToText(
  source: string,
  context: EvalContext = testContext(),
): { text: string | null; type: string } {
  const { type, value } = evaluate(source, context);
  const shown = type.oid === T.unknown ? builtinType(T.text) : type;
  return { text: value === null ? null : shown.output(value, context.typeSettings), type: shown.sqlName(-1) };
}
