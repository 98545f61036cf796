/**
 * Memory that runs out on demand: the n-th buffer that the engine asks for is refused.
 *
 * Page buffers, frame buffers, decoded columns, sort and hash tables, spill blocks: all are typed arrays. While installed, their
 * constructors count each request for memory of its own (views of a buffer that is there are not counted) and throw
 * `RangeError: Array buffer allocation failed`, as the platform does, when it is time.
 *
 * I1  `uninstall` puts the real constructors back, whatever happened.
 * I2  Arrays are the real ones: `instanceof`, species and speed of access are those of the platform.
 */
const NAMES = [
  'ArrayBuffer',
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
] as const;

type Constructors = Record<(typeof NAMES)[number], new (...args: never[]) => object>;

/** A plan: the request that fails first (from 1), and how many fail from there on. */
export interface AllocationPlan {
  readonly first: number;
  readonly count: number;
}

const NEVER: AllocationPlan = { first: Number.POSITIVE_INFINITY, count: 0 };

export class FailingAllocations {
  /** Requests since the last `arm` or `disarm`. */
  requests = 0;
  /** Requests refused since then. */
  refused = 0;
  #plan: AllocationPlan = NEVER;
  readonly #real = new Map<string, new (...args: never[]) => object>();

  install(): void {
    const scope = globalThis as unknown as Constructors;
    for (const name of NAMES) {
      const real = scope[name];
      this.#real.set(name, real);
      scope[name] = new Proxy(real, {
        construct: (target, args, newTarget) => {
          const [size] = args as readonly unknown[];
          if (typeof size === 'number' ? size > 0 : Array.isArray(size)) this.#request();
          return Reflect.construct(target, args, newTarget === scope[name] ? target : newTarget);
        },
      });
    }
  }

  uninstall(): void {
    const scope = globalThis as unknown as Constructors;
    for (const [name, real] of this.#real) scope[name as keyof Constructors] = real;
    this.#real.clear();
  }

  arm(plan: AllocationPlan): void {
    this.#plan = plan;
    this.requests = 0;
    this.refused = 0;
  }

  disarm(): void {
    this.arm(NEVER);
  }

  #request(): void {
    this.requests++;
    const { first, count } = this.#plan;
    if (this.requests < first || this.requests >= first + count) return;
    this.refused++;
    throw new RangeError('Array buffer allocation failed');
  }
}
