/**
 * The rules of STYLE.md that a machine can check. Each is a function `(file) -> findings`, a finding being
 * `{ line, rule, message }`; `RULES` is the list.
 *
 * I1  A rule reports, it never changes a file.
 * I2  Every rule has a case in tidy.test.mjs that makes it fire.
 */
import { posix } from 'node:path';
import { DATA_TABLES } from './exceptions.mjs';
import { CLOCK_LAYERS, layerOf, mayImport, PLATFORM_LAYER, THREAD_LAYER, THREAD_MODULE } from './layers.mjs';
import { walk } from './source-file.mjs';

export const FILE_LINES_MAX = 800;
/** A screen: STYLE.md says about 70 lines; a few more is not worth a fight, a third more is. */
export const FUNCTION_LINES_MAX = 90;

const ENGINE = 'packages/decentdb/src/';
const FORBIDDEN_NAMES = /(^|[-.])(utils?|helpers?|misc|managers?|common)([-.]|$)/;
const BENCHMARK_NAMES = /\b(tpc-?[hc]|chinook|northwind|clickbench|sqllogictest)\b/i;

const inEngine = (file) => file.path.startsWith(ENGINE);
const inEngineSource = (file) => inEngine(file) && !file.isTest;
const layerOfFile = (file) => layerOf(file.path.slice(ENGINE.length));

function finding(file, offset, rule, message) {
  return { line: file.lineOf(offset), rule, message };
}

/** Findings of one node test over the whole tree: `test(node, parent)` returns a message or undefined. */
function overNodes(file, rule, test) {
  const found = [];
  walk(file.program, (node, parent) => {
    const message = test(node, parent);
    if (message !== undefined) found.push(finding(file, node.start, rule, message));
  });
  return found;
}

function parses(file) {
  return file.errors.map((error) => finding(file, error.labels?.[0]?.start ?? 0, 'parses', error.message));
}

function layers(file) {
  if (!inEngine(file)) return [];
  const from = layerOfFile(file);
  if (from === undefined)
    return [finding(file, 0, 'layers', 'folder is not in the list of layers (tools/tidy/layers.mjs)')];
  const found = [];
  for (const { specifier, offset } of file.imports()) {
    if (!specifier.startsWith('.')) continue;
    const target = posix.join(posix.dirname(file.path), specifier);
    const to = target.startsWith(ENGINE) ? layerOf(target.slice(ENGINE.length)) : undefined;
    if (to === undefined)
      found.push(finding(file, offset, 'layers', `"${specifier}" leaves the engine's source`));
    else if (!file.isTest && !mayImport(from, to))
      found.push(finding(file, offset, 'layers', `${from}/ may not import from ${to}/: imports point down`));
  }
  return found;
}

/** Where which library is used: the bundler puts it into the modules there. */
const LIBRARIES_BUNDLED = [['functions/text-search/languages/', '@orama/stemmers/']];

function modules(file) {
  const found = [];
  for (const { specifier, offset } of file.imports()) {
    if (specifier.startsWith('.')) {
      if (!/\.(ts|json)$/.test(specifier))
        found.push(finding(file, offset, 'modules', `"${specifier}" needs its .ts extension`));
    } else if (inEngineSource(file)) {
      if (
        LIBRARIES_BUNDLED.some(
          ([folder, name]) => file.path.startsWith(ENGINE + folder) && specifier.startsWith(name),
        )
      )
        continue;
      if (!specifier.startsWith('node:'))
        found.push(finding(file, offset, 'modules', `the engine has no dependencies: "${specifier}"`));
      else if (layerOfFile(file) !== (specifier === THREAD_MODULE ? THREAD_LAYER : PLATFORM_LAYER))
        found.push(finding(file, offset, 'modules', `only ${PLATFORM_LAYER}/ may import "${specifier}"`));
    } else if (/^(fs|path|os|net|http|zlib|crypto|url|child_process|worker_threads)$/.test(specifier)) {
      found.push(finding(file, offset, 'modules', `write "node:${specifier}"`));
    }
  }
  return found;
}

function names(file) {
  const base = posix.basename(file.path);
  const found = [];
  if (!/^[a-z0-9]+(-[a-z0-9]+)*(\.(test(\.[a-z]+)?|fuzz|bench))?\.ts$/.test(base))
    found.push(finding(file, 0, 'names', `"${base}" is not kebab-case`));
  const folders = posix.dirname(file.path).split('/');
  for (const part of [base, ...folders])
    if (FORBIDDEN_NAMES.test(part))
      found.push(finding(file, 0, 'names', `"${part}" says nothing: name the noun`));
  return found;
}

function fileSize(file) {
  if (file.lineCount <= FILE_LINES_MAX || DATA_TABLES.has(file.path)) return [];
  return [finding(file, 0, 'file-size', `${file.lineCount} lines, at most ${FILE_LINES_MAX}`)];
}

const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression']);

function nameOfFunction(node, parent) {
  const named = node.id ?? (parent?.type === 'VariableDeclarator' ? parent.id : parent?.key);
  return named?.name ?? 'function';
}

function functionSize(file) {
  if (file.isTest) return [];
  return overNodes(file, 'function-size', (node, parent) => {
    if (!FUNCTIONS.has(node.type)) return undefined;
    const lines = file.lineOf(node.end) - file.lineOf(node.start) + 1;
    return lines > FUNCTION_LINES_MAX
      ? `${nameOfFunction(node, parent)} has ${lines} lines, at most ${FUNCTION_LINES_MAX}`
      : undefined;
  });
}

function types(file) {
  return overNodes(file, 'types', (node) => {
    if (node.type === 'TSAnyKeyword') return '"any" turns the checker off: use unknown and narrow';
    if (node.type === 'TSEnumDeclaration') return 'enums are not erasable: use a const object or a union';
    if (node.type === 'TSModuleDeclaration' && node.kind !== 'global') return 'namespaces are not erasable';
    if (node.type === 'TSParameterProperty') return 'parameter properties are not erasable';
    return undefined;
  });
}

function comments(file) {
  const found = [];
  for (const comment of file.comments) {
    const text = comment.value;
    if (/\b(TODO|FIXME|HACK|XXX)\b(?!\()/.test(text))
      found.push(finding(file, comment.start, 'comments', 'a TODO needs an owner or an issue: TODO(#12)'));
    if (/@ts-(ignore|nocheck)/.test(text))
      found.push(finding(file, comment.start, 'comments', 'suppressing the type checker is not allowed'));
    if (/@ts-expect-error\s*$/.test(text) || /biome-ignore[^:]*:?\s*$/.test(text))
      found.push(finding(file, comment.start, 'comments', 'a suppression says why'));
  }
  return found;
}

function fileHead(file) {
  if (!inEngineSource(file)) return [];
  const first = file.comments[0];
  const firstCode = file.program.body[0]?.start ?? Number.POSITIVE_INFINITY;
  if (first !== undefined && first.start < firstCode) return [];
  return [finding(file, 0, 'file-head', 'opens without saying what it owns and what must hold')];
}

function tests(file) {
  if (!file.isTest) return [];
  return overNodes(file, 'tests', (node) => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return undefined;
    const owner = node.callee.object.name;
    const name = node.callee.property.name;
    const isRunner = owner === 'test' || owner === 'it' || owner === 'describe' || owner === 'suite';
    if (isRunner && (name === 'only' || name === 'todo' || name === 'skip'))
      return `${owner}.${name} left behind`;
    if (
      isRunner === false &&
      name === 'skip' &&
      (owner === 't' || owner === 'context') &&
      node.arguments.length === 0
    )
      return 'a skip gives its reason';
    return undefined;
  });
}

/** `object.property` of calls and constructions the engine may not make, with the reason. */
const BANNED_MEMBERS = new Map([
  ['Date.now', 'clocks are injected (session/clock.ts)'],
  ['performance.now', 'clocks are injected (session/clock.ts)'],
  ['Math.random', 'random numbers are injected'],
  ['crypto.randomUUID', 'random numbers are injected'],
  ['crypto.getRandomValues', 'random numbers are injected'],
]);
const LOCALE_METHODS = new Set([
  'localeCompare',
  'toLocaleString',
  'toLocaleLowerCase',
  'toLocaleUpperCase',
  'toLocaleDateString',
]);

function purity(file) {
  if (!inEngineSource(file)) return [];
  const clockAllowed = CLOCK_LAYERS.has(layerOfFile(file)) || posix.basename(file.path) === 'clock.ts';
  return overNodes(file, 'purity', (node) => {
    if (node.type === 'CallExpression' && node.callee.type === 'MemberExpression') {
      const owner = node.callee.object.name;
      const name = node.callee.property.name;
      const reason = BANNED_MEMBERS.get(`${owner}.${name}`);
      if (reason !== undefined && !clockAllowed) return `${owner}.${name}: ${reason}`;
      if (owner === 'console') return 'the engine prints nothing';
      if (LOCALE_METHODS.has(name)) return `${name} depends on the machine's locale`;
    }
    if (node.type === 'NewExpression' && node.callee.name === 'Date' && node.arguments.length === 0)
      return clockAllowed ? undefined : 'new Date(): clocks are injected (session/clock.ts)';
    return undefined;
  });
}

/** Code made at run time lives in modules named `compile...` or `codegen...` of exec/ alone (STYLE.md rule 12). */
function generatedCode(file) {
  if (!inEngineSource(file) || /\/exec\/(.*\/)?(compile|codegen|generated)[^/]*(\/|\.ts$)/.test(file.path))
    return [];
  return overNodes(file, 'generated-code', (node) => {
    const makesCode =
      (node.type === 'NewExpression' && node.callee.name === 'Function') ||
      (node.type === 'CallExpression' && (node.callee.name === 'eval' || node.callee.name === 'Function'));
    return makesCode ? 'code is generated in one place only: exec/compile...' : undefined;
  });
}

function benchmarkNames(file) {
  if (!inEngineSource(file)) return [];
  const found = [];
  for (const match of file.text.matchAll(new RegExp(BENCHMARK_NAMES, 'gi')))
    found.push(finding(file, match.index, 'benchmark-names', `"${match[0]}" has no place in the engine`));
  return found;
}

export const RULES = [
  parses,
  layers,
  modules,
  names,
  fileSize,
  functionSize,
  types,
  comments,
  fileHead,
  tests,
  purity,
  generatedCode,
  benchmarkNames,
];
