/** The part of Node's EventEmitter that users of node-postgres rely on, without Node's module. */

export type Listener = (...args: unknown[]) => void;

export class EventListeners {
  readonly #listeners: Map<string, Listener[]> = new Map();

  on(event: string, listener: Listener): this {
    this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), listener]);
    return this;
  }

  addListener(event: string, listener: Listener): this {
    return this.on(event, listener);
  }

  once(event: string, listener: Listener): this {
    const once: Listener = (...args) => {
      this.off(event, once);
      listener(...args);
    };
    return this.on(event, once);
  }

  off(event: string, listener: Listener): this {
    const left = (this.#listeners.get(event) ?? []).filter((one) => one !== listener);
    this.#listeners.set(event, left);
    return this;
  }

  removeListener(event: string, listener: Listener): this {
    return this.off(event, listener);
  }

  removeAllListeners(event?: string): this {
    if (event === undefined) this.#listeners.clear();
    else this.#listeners.delete(event);
    return this;
  }

  /** Whether somebody listened. */
  emit(event: string, ...args: unknown[]): boolean {
    const listeners = this.#listeners.get(event) ?? [];
    for (const listener of listeners) listener.apply(this, args);
    return listeners.length > 0;
  }

  listeners(event: string): readonly Listener[] {
    return this.#listeners.get(event) ?? [];
  }

  listenerCount(event: string): number {
    return this.listeners(event).length;
  }

  /** Taken and not needed: there is no warning to silence. */
  setMaxListeners(_count: number): this {
    return this;
  }
}
