/**
 * Makes what is published, `packages/decentdb/dist/bundle/`: a few files instead of a thousand modules, because each ES module costs
 * 0.1-0.3 ms to load, and several instead of one, because compiling all of the engine costs 100 ms and few programs use all of it.
 *
 *     index.js, testing/index.js ...    what is imported by name: ES modules that hand on what a .cjs file exports
 *     core.cjs                          what they have in common: one class `DecentDbError`, whichever way it came in
 *     engine.cjs, functions.cjs ...     loaded when first used (bundle-groups.mjs)
 *     loader.cjs, make.cjs              what is compiled of these, kept and loaded (precompiled/): `decentdb precompile`
 *
 * All but the first are CommonJS: compiled as one function, and Node's own modules are taken as they are. An ES module has a copy of
 * each name of theirs instead, and copying those of node:fs loads its streams.
 * In the sources all imports are plain ones. Where one leads into a file that is loaded later, its names become properties that load it:
 * `emitJoin(node)` is `plan_emit_join.emitJoin(node)` there, as esbuild has it for CommonJS.
 *
 * I1  Names and line structure are kept (no minification), and the source map leads to the TypeScript files, so a
 *     stack trace under --enable-source-maps shows the real source.
 * I2  Nothing but Node's own modules stays outside the bundle: the engine has no dependencies.
 * I3  Importing loads core.cjs alone: no module of it uses another file's export while it is loaded.
 * I4  Each module is in one file.
 * I5  What a file exports is never assigned anew: whoever loads the file takes the values.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { parseSync } from 'oxc-parser';
import { asCommonJs } from './bundle-commonjs.mjs';
import { groupOf, isAtHand } from './bundle-groups.mjs';
import { putLibrariesIn } from './bundle-libraries.mjs';
import { statements } from './ordinary-statements.mjs';

const root = process.argv[2] ?? fileURLToPath(new URL('../packages/decentdb/', import.meta.url));
const dist = posix.resolve(root, 'dist');
const outdir = `${dist}/bundle`;
/** Those beside index.js, which has no file but core.cjs. */
const otherEntries = [
  'testing/index.js',
  'worker/index.js',
  'worker/reader-thread.js',
  'api/facades/pg.js',
  'api/facades/pglite.js',
  'api/facades/better-sqlite3.js',
];
for (const entry of ['index.js', ...otherEntries])
  if (!existsSync(`${dist}/${entry}`)) throw new Error(`${entry} is missing: run "tsc -b" first`);
await putLibrariesIn(dist);

// --- which modules there are, and what they take from each other ----------------------------------------------------------

const modules = new Map();

/** What a module imports, by module, and the names it exports. */
function moduleOf(path) {
  const known = modules.get(path);
  if (known !== undefined) return known;
  const code = readFileSync(`${dist}/${path}`, 'utf8');
  const { module } = parseSync(path, code);
  const imports = [];
  const add = (specifier, names) => {
    if (specifier.startsWith('.')) imports.push({ path: posix.join(posix.dirname(path), specifier), names });
  };
  const nameIn = ({ kind, name }) => (kind === 'Name' ? name : kind === 'Default' ? 'default' : '*');
  for (const { moduleRequest, entries } of module.staticImports)
    add(
      moduleRequest.value,
      entries.map((entry) => nameIn(entry.importName)),
    );
  for (const { moduleRequest } of module.dynamicImports)
    add(code.slice(moduleRequest.start + 1, moduleRequest.end - 1), ['*']);
  const exported = [];
  for (const entry of module.staticExports.flatMap(({ entries }) => entries)) {
    if (entry.moduleRequest !== null) add(entry.moduleRequest.value, [nameIn(entry.importName)]);
    const name = nameIn(entry.exportName);
    if (name === '*') throw new Error(`${path}: "export *" is not supported`);
    exported.push(name);
  }
  const found = { imports, exported };
  modules.set(path, found);
  return found;
}

function reached(entry, into = new Set()) {
  if (into.has(entry)) return into;
  into.add(entry);
  for (const { path } of moduleOf(entry).imports) reached(path, into);
  return into;
}

/** The file with an entry's code. */
const bodyOf = (entry) => entry.replace(/\.js$/, '.cjs');

/** By module: its file. What index.js does not lead to is with the entry that does, or, if several do, in a file they share. */
const fileOf = new Map();
for (const path of reached('index.js')) fileOf.set(path, `${groupOf(path)}.cjs`);
for (const entry of otherEntries) {
  for (const path of reached(entry)) {
    const known = fileOf.get(path);
    if (known === undefined) fileOf.set(path, bodyOf(entry));
    else if (otherEntries.some((one) => bodyOf(one) === known) && !otherEntries.includes(path))
      fileOf.set(path, 'shared.cjs');
  }
}
/** By module: the names that modules of other files take from it. */
let wanted = wantedNames();

function wantedNames() {
  const found = new Map([['index.js', new Set(moduleOf('index.js').exported)]]);
  for (const [path, file] of fileOf) {
    for (const { path: target, names } of moduleOf(path).imports) {
      if (fileOf.get(target) === file) continue;
      if (!found.has(target)) found.set(target, new Set());
      for (const name of names.includes('*') ? moduleOf(target).exported : names) found.get(target).add(name);
    }
  }
  return found;
}

// --- the files ------------------------------------------------------------------------------------------------------------

const idOf = (path) => path.replace(/\.c?js$/, '').replace(/[^A-Za-z0-9]/g, '_');
const linkFrom = (file, to) => {
  const link = posix.relative(posix.dirname(file), to);
  return link.startsWith('.') ? link : `./${link}`;
};

/** Exports under names of their own what other files take from a file's modules. */
function entryOf(file) {
  const lines = [];
  for (const [path, names] of wanted) {
    if (fileOf.get(path) !== file) continue;
    const nameOf = (name) => (path === 'index.js' ? name : `${idOf(path)}$${name}`);
    const list = [...names].map((name) => `${name} as ${nameOf(name)}`);
    lines.push(`export { ${list.join(', ')} } from './${path}';`);
  }
  return lines.join('\n');
}

function linksOf(file) {
  return {
    name: 'links between files',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^\./ }, ({ path, resolveDir, namespace }) => {
        if (namespace === 'there') return { path, external: true };
        const target = posix.relative(dist, posix.join(resolveDir, path));
        const there = fileOf.get(target);
        if (there === file) return undefined;
        return { path: target, namespace: isAtHand(there, file) ? 'there' : 'later' };
      });
      onResolve({ filter: /^the file$/ }, () => ({ path: file, namespace: 'whole' }));
      onLoad({ filter: /.*/, namespace: 'whole' }, () => ({ contents: entryOf(file), resolveDir: dist }));
      onLoad({ filter: /.*/, namespace: 'there' }, ({ path }) => {
        const list = [...wanted.get(path)].map((name) => `${idOf(path)}$${name} as ${name}`);
        return { contents: `export { ${list.join(', ')} } from '${linkFrom(file, fileOf.get(path))}';` };
      });
      onLoad({ filter: /.*/, namespace: 'later' }, ({ path }) => ({
        contents: `module.exports = later_${idOf(path)};`,
      }));
    },
  };
}

/** The modules of files loaded later that a file's modules import. */
function laterModules(file) {
  const targets = new Set();
  for (const [path, own] of fileOf) {
    if (own !== file) continue;
    for (const { path: target } of moduleOf(path).imports)
      if (fileOf.get(target) !== file && !isAtHand(fileOf.get(target), file)) targets.add(target);
  }
  return targets;
}

const loaderOf = (path) => `load_${idOf(fileOf.get(path))}()`;

/** What loads other files, and names for their modules, which asCommonJs replaces. */
function laterLinks(file) {
  const targets = laterModules(file);
  const lines = [];
  for (const later of new Set([...targets].map((path) => fileOf.get(path)))) {
    const id = idOf(later);
    lines.push(
      `let file_${id};`,
      `const load_${id} = () => (file_${id} ??= require('${linkFrom(file, later)}'));`,
    );
  }
  for (const path of targets) lines.push(`const later_${idOf(path)} = null;`);
  return lines.join('\n');
}

/** By those names: how an export is reached, and all of them (by `import()`). */
function loadersOf(file) {
  const found = new Map();
  for (const path of laterModules(file)) {
    const nameOf = (name) => `${loaderOf(path)}.${idOf(path)}$${name}`;
    const whole = () => `({ ${[...wanted.get(path)].map((name) => `${name}: ${nameOf(name)}`).join(', ')} })`;
    found.set(`later_${idOf(path)}`, { nameOf, whole });
  }
  return found;
}

/** Takes away what esbuild wraps around CommonJS modules: ours are objects already. Lines stay where they are. */
function withoutWrappers(code, file) {
  const objects = new Map();
  const unwrapped = code.replace(
    /^var (require_\w+) = __commonJS\(\{\n.*\n\s*module\.exports = (later_\w+);\n\s*\}\n\}\);$/gm,
    (_, wrapper, object) => {
      objects.set(wrapper, object);
      return '\n\n\n\n';
    },
  );
  const direct = unwrapped.replace(/__toESM\((require_\w+)\(\)(?:, 1)?\)/g, (whole, wrapper) => {
    const object = objects.get(wrapper);
    if (object === undefined) throw new Error(`${file}: ${whole} is no link`);
    return object;
  });
  if (/__commonJS\(|\brequire_\w+\(/.test(direct)) throw new Error(`${file}: a CommonJS wrapper is left`);
  return direct;
}

/** Hands on what an entry's file exports; `code` is that file, below the bundle. */
function writeEntry(entry, code) {
  const [names, isDefault] = [[], []];
  for (const name of moduleOf(entry).exported) (name === 'default' ? isDefault : names).push(name);
  const lines = [
    `const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);`,
    `const isPrecompiled = process.getBuiltinModule('node:fs').existsSync(new URL('${linkFrom(entry, 'precompiled')}', import.meta.url));`,
    `const file = isPrecompiled ? require('${linkFrom(entry, 'loader.cjs')}').load('${code}') : require('${linkFrom(entry, code)}');`,
  ];
  if (names.length > 0) lines.push(`export const { ${names.join(', ')} } = file;`);
  if (isDefault.length > 0) lines.push('export default file.default;');
  mkdirSync(posix.dirname(`${outdir}/${entry}`), { recursive: true });
  writeFileSync(`${outdir}/${entry}`, `${lines.join('\n')}\n`);
}

/** I3: loads a file while others that are no part of it are missing. The module that it misses, if there is one. */
function missingIn(file) {
  const script = `require(${JSON.stringify(`${outdir}/${file}`)})`;
  const args = ['--stack-trace-limit=50', '-e', script];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status === 0) return null;
  const [, line, column] = new RegExp(`at load_.*\\n.*${file}:(\\d+):(\\d+)`).exec(stderr) ?? [];
  const code = readFileSync(`${outdir}/${file}`, 'utf8').split('\n')[Number(line) - 1] ?? '';
  const id = /load_\w+\(\)\.(\w+)\$/.exec(code.slice(Number(column) - 1))?.[1];
  const path = [...fileOf.keys()].find((one) => idOf(one) === id);
  if (path === undefined) throw new Error(stderr);
  return path;
}

/** Moves modules into a file until it can be loaded without those that are not written yet. */
async function complete(file, list) {
  for (let path = missingIn(file); path !== null; path = missingIn(file)) {
    process.stdout.write(`${path} belongs into ${file}, which uses it while it is loaded: see ${list}\n`);
    fileOf.set(path, file);
    wanted = wantedNames();
    await writeFile(file);
  }
}

async function writeFile(file) {
  const entry = otherEntries.find((one) => bodyOf(one) === file);
  const result = await build({
    entryPoints: [
      { in: entry === undefined ? 'the file' : `${dist}/${entry}`, out: file.replace(/\.cjs$/, '') },
    ],
    outExtension: { '.js': '.cjs' },
    outdir,
    write: false,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    banner: { js: laterLinks(file) },
    plugins: [linksOf(file)],
  });
  const foreign = Object.values(result.metafile.outputs)
    .flatMap((output) => output.imports)
    .filter((one) => one.external && !one.path.startsWith('node:') && !/^\.{1,2}\//.test(one.path));
  if (foreign.length > 0) throw new Error(`not bundled: ${foreign.map((one) => one.path).join(', ')}`);
  for (const { path, text } of result.outputFiles) {
    mkdirSync(posix.dirname(path), { recursive: true });
    const isCode = path.endsWith('.cjs');
    const content = isCode ? asCommonJs(withoutWrappers(text, file), file, loadersOf(file)) : text;
    writeFileSync(path, content);
    if (isCode) sizes.set(file, Math.ceil(content.length / 1024));
  }
}

rmSync(outdir, { recursive: true, force: true });
const sizes = new Map();
writeEntry('index.js', 'core.cjs');
await writeFile('core.cjs');
await complete('core.cjs', 'bundle-profile.mjs');
const isRest = (file) => file.startsWith('rare-');
for (const file of new Set(fileOf.values())) if (file !== 'core.cjs' && !isRest(file)) await writeFile(file);
for (const file of new Set(fileOf.values()))
  if (isRest(file)) await complete(file.replace('rare-', ''), 'bundle-ordinary.mjs');
for (const file of new Set(fileOf.values())) if (isRest(file)) await writeFile(file);
for (const entry of otherEntries) writeEntry(entry, bodyOf(entry));
for (const name of ['loader.cjs', 'make.cjs'])
  copyFileSync(new URL(`./precompiled/${name}`, import.meta.url), `${outdir}/${name}`);
writeFileSync(`${outdir}/statements.json`, JSON.stringify(statements));
const listed = [...sizes].map(([file, size]) => `${file} ${size}`);
process.stdout.write(`bundle (kB): ${listed.join(', ')}\n`);
