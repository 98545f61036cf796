/**
 * Loads the files of the bundle from what V8 had compiled of them before: `precompiled/VERSION-PLATFORM-ARCH/`, made by
 * `decentdb precompile` (make.cjs) for the Node that runs it. index.js and its like come here when there is such a folder.
 *
 * I1  What is kept is only used whole and for the text it was made from: checksums of both are compared, because V8 ends the process over
 *     damaged bytes. Made for another V8 or other flags it is refused by V8 itself, and the text is compiled as without it.
 * I2  There is one copy of each file whoever loads it: modules are entered in Node's own cache, and taken from there.
 * I3  With source maps or coverage asked for nothing kept is used: both look at how Node itself compiles a module.
 *
 * A kept file: checksum of all that follows, checksum of the text, both 32 bits, little endian; then V8's bytes.
 */
'use strict';
const { isAscii } = require('node:buffer');
const { existsSync, readFileSync } = require('node:fs');
const Module = require('node:module');
const { basename, dirname, join, resolve } = require('node:path');
const { Script } = require('node:vm');
const { crc32 } = require('node:zlib');

const HEAD_BYTES = 8;
const folder = join(__dirname, 'precompiled', `${process.version}-${process.platform}-${process.arch}`);

/** V8's bytes of a text, or undefined. */
function keptOf(file, text) {
  let bytes;
  try {
    bytes = readFileSync(join(folder, `${basename(file)}.bin`));
  } catch {
    return undefined;
  }
  if (bytes.length <= HEAD_BYTES || bytes.readUInt32LE(0) !== crc32(bytes.subarray(4))) return undefined;
  return bytes.readUInt32LE(4) === crc32(text) ? bytes.subarray(HEAD_BYTES) : undefined;
}

function packed(text, data) {
  const bytes = Buffer.alloc(HEAD_BYTES + data.length);
  bytes.set(data, HEAD_BYTES);
  bytes.writeUInt32LE(crc32(text), 4);
  bytes.writeUInt32LE(crc32(bytes.subarray(4)), 0);
  return bytes;
}

const isOfUse = () =>
  existsSync(folder) && process.sourceMapsEnabled !== true && process.env.NODE_V8_COVERAGE === undefined;

/** Runs a file's text as Node runs a CommonJS module. */
function run(file, script) {
  const module = new Module(file);
  module.filename = file;
  const own = Module.createRequire(file);
  own.cache[file] = module;
  const required = (id) => (/^\.\.?\/.*\.cjs$/.test(id) ? loadFile(resolve(dirname(file), id)) : own(id));
  try {
    script.runInThisContext()(module.exports, required, module, file, dirname(file));
  } catch (error) {
    delete own.cache[file];
    throw error;
  }
  module.loaded = true;
  return module.exports;
}

/** By file: its text and script, while they are made (make.cjs); null otherwise. */
let making = null;

function loadFile(file) {
  const known = require.cache[file];
  if (known !== undefined) return known.exports;
  const text = readFileSync(file);
  const cachedData = making === null ? keptOf(file, text) : undefined;
  const code = `(function (exports, require, module, __filename, __dirname) {${isAscii(text) ? text.latin1Slice() : text.toString()}\n})`;
  const script = new Script(code, { filename: file, cachedData });
  if (script.cachedDataRejected === false) exports.used.push(basename(file));
  making?.set(file, { text, script });
  return run(file, script);
}

/** The exports of a file beside this one. */
exports.load = (name) => (isOfUse() ? loadFile : require)(join(__dirname, name));

/** Loads files with `work` and returns what is to be kept of each, by name. */
exports.make = (work) => {
  making = new Map();
  work((name) => loadFile(join(__dirname, name)));
  return new Map(
    [...making].map(([file, { text, script }]) => [basename(file), packed(text, script.createCachedData())]),
  );
};
exports.folder = folder;
/** The files that V8 took from what was kept. */
exports.used = [];
