/**
 * A short text that two plans of one statement share exactly when they do the same: what threads compare before one runs a part
 * of the other's plan.
 *
 * I1  Both were planned from one text, with equal parameters and settings, at one snapshot: catalogue objects are told apart by their
 *     ids alone, functions by name and types. What can differ is what the planner chose.
 * I2  Guesses do not count.
 */
import type { PhysicalNode } from './physical.ts';

const known = new WeakMap<PhysicalNode, string>();

export function planFingerprint(node: PhysicalNode): string {
  let text = known.get(node);
  if (text === undefined) {
    const digest = new Digest();
    digest.value(node);
    text = digest.text();
    known.set(node, text);
  }
  return text;
}

/** Fields that stand for what the catalogue says of them. */
const byId: ReadonlySet<string> = new Set(['table', 'index', 'target']);
const leftOut: ReadonlySet<string> = new Set(['estimate', 'location']);

type Fields = Readonly<Record<string, unknown>>;

class Digest {
  #a = 0x811c9dc5;
  #b = 0x9e3779b9;
  #length = 0;

  text(): string {
    return `${this.#length}-${(this.#a >>> 0).toString(16)}-${(this.#b >>> 0).toString(16)}`;
  }

  value(value: unknown): void {
    if (value === null || typeof value !== 'object') {
      if (typeof value !== 'function')
        this.#add(`${typeof value} ${Object.is(value, -0) ? '-0' : String(value)};`);
    } else if (Array.isArray(value)) {
      this.#add(`[${value.length}`);
      for (const item of value) this.value(item);
    } else if (ArrayBuffer.isView(value)) {
      this.#add(`${value.constructor.name} ${String(value)};`);
    } else {
      // Values of constants say by their text what they are.
      const isPlain = value.constructor === Object;
      this.#add(isPlain ? '{' : `${value.constructor?.name} ${String(value)}{`);
      for (const name of Object.keys(value).sort()) this.#field(name, (value as Fields)[name]);
      this.#add('}');
    }
  }

  #field(name: string, value: unknown): void {
    if (leftOut.has(name)) return;
    this.#add(`${name}:`);
    const fields = (typeof value === 'object' ? value : null) as Fields | null;
    if (fields !== null && byId.has(name) && 'id' in fields) this.value([fields['id'], fields['root']]);
    else if (fields !== null && name === 'type' && 'oid' in fields) this.value(fields['oid']);
    else if (fields !== null && name === 'fn' && 'name' in fields)
      this.value([fields['name'], fields['args'], fields['returns'], fields['volatility']]);
    else this.value(value);
  }

  #add(text: string): void {
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      this.#a = Math.imul(this.#a ^ code, 0x01000193);
      this.#b = Math.imul(this.#b ^ code, 0x85ebca6b) ^ (this.#b >>> 13);
    }
    this.#length += text.length;
  }
}
