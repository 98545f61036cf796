/**
 * The layers of the engine, highest first: a file may import from its own layer and from those after it.
 * The same list as DESIGN.md section 3 and ARCHITECTURE.md.
 */
export const LAYERS = [
  'testing',
  'index',
  'testing',
  'worker',
  'api',
  'session',
  'sql',
  'plan',
  'exec',
  'functions',
  'search',
  'catalog',
  'tree',
  'txn',
  'wal',
  'pager',
  'vfs',
  'types',
  'base',
];

/** The only layer that may name Node's built-in modules, but for threads, which are the business of one layer. */
export const PLATFORM_LAYER = 'vfs';
export const THREAD_LAYER = 'worker';
export const THREAD_MODULE = 'node:worker_threads';

/**
 * Layers that may read a clock or draw random numbers from the platform; elsewhere only a file named `clock.ts` may, and
 * everything else gets them injected.
 */
export const CLOCK_LAYERS = new Set(['base', 'vfs']);

/** Layer of a path inside `packages/decentdb/src`, or undefined where the folder is not in the list. */
export function layerOf(pathInSource) {
  const slash = pathInSource.indexOf('/');
  const name = slash === -1 ? pathInSource.replace(/\.ts$/, '') : pathInSource.slice(0, slash);
  return LAYERS.includes(name) ? name : undefined;
}

/** Whether a file of layer `from` may import from layer `to`. */
export function mayImport(from, to) {
  return LAYERS.indexOf(from) <= LAYERS.indexOf(to);
}
