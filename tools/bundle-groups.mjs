/**
 * Which module goes into which file of the bundle.
 *
 * `core` is loaded by `import 'decentdb'`: what opening a database and reading a row by its key runs, and what that needs at hand
 * (bundle-core.json, made by bundle-profile.mjs). Everything else is in files that are loaded when one of their exports is first used.
 * The engine and the definitions are in two files each: what ordinary statements run, and the rest (bundle-rare.json,
 * made by bundle-ordinary.mjs).
 * Modules that work together on every row stay in one file: between files each use of an export asks for the file.
 */
import { readFileSync } from 'node:fs';

const listIn = (name) => new Set(JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')));
const core = listIn('./bundle-core.json');
const rare = listIn('./bundle-rare.json');

/** By the module's path below dist/; the first that fits. */
const rules = [
  // What queries and changes of rows need of parts that mostly serve definitions, or functions by name.
  ['engine', /^sql\/parse\/(dml|function-call|is-test|literals|sort|transaction|window|with)\./],
  ['engine', /^session\/deferred/],
  ['engine', /^functions\/(casts|coercion|made-function|plain-types|math-kernel|text-volatility)\./],
  ['print', /^sql\/print\/(?!expression-notes)/],
  ['catalogues', /^session\/virtual\//],
  [
    'files',
    /^api\/(load|recover|copy|check|backup|bulk|steps)|^session\/(copy|verify|compact|schema-script)/,
  ],
  ['files', /^(pager|wal|txn|catalog|tree)\/(verify|check-|dump|recover)/],
  ['threads', /^worker\//],
  // The functions that most programs find theirs in; the others are loaded when a name is asked for that these do not settle.
  [
    'builtins',
    /^functions\/(registry|everyday-families|aggregates-(basic|collecting)|string|math|pattern|like)/,
  ],
  [
    'builtins',
    /^functions\/(date-time|width-bucket|bytes|format-text|table\/generate-series|table\/define|uuids|window)/,
  ],
  ['languages', /^functions\/text-search\/languages\//],
  ['functions', /^functions\//],
  ['types', /^types\/(rare|tsv|tsq|ts-|geom|range|multi|network|hex|money|jsonpath|catalog-v|snapshot)/],
  ['types', /^types\/(regconfig|bit-)/],
  ['definitions', /^session\/(ddl|settings)\/|^session\/deferred|^sql\/parse\/|^catalog\//],
  // What fills and merges search indexes, and reads those of words and items: a LIKE needs none of it.
  ['search-upkeep', /^search\/(fulltext|items)\//],
  [
    'search-upkeep',
    /^search\/trigram\/(list-table|posting-(collector|runs|writer)|trigram-changes|shared-counts|regex)/,
  ],
  ['search-upkeep', /^tree\/int-tree-builder|^exec\/storage\/(lexeme-|ranked-|range-rows)/],
  ['search', /^search\//],
  ['search', /^plan\/emit\/search-keys|^exec\/storage\/leaf-finder/],
  ['search', /^exec\/(operators\/trigram-scan|storage\/(trigram-|search-(windows|pace)|item-search))/],
  ['engine', /./],
];

function wholeGroupOf(module) {
  return core.has(module) ? 'core' : rules.find(([, pattern]) => pattern.test(module))[0];
}

/** Files whose modules are told apart: those that ordinary statements run, and the rest, which is loaded after these. */
const halved = ['engine', 'definitions'];

export function groupOf(module) {
  const group = wholeGroupOf(module);
  return halved.includes(group) && rare.has(module) ? `rare-${group}` : group;
}

/** Whether a file is loaded whenever one that imports from it is. */
export function isAtHand(file, importer) {
  return file === 'core.cjs' || file === 'shared.cjs' || importer === `rare-${file}`;
}

/** Whether bundle-rare.json says which file a module is in. */
export const isToldApart = (module) => halved.includes(wholeGroupOf(module));
