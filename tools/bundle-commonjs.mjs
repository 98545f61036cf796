/**
 * A bundled ES module as a CommonJS file, line by line the same.
 *
 * I1  Each line stays where it is, so the source map holds.
 * I2  Imports become constants, taken from the other file when this one is loaded; exports become one object, made at the end.
 * I3  What is in a file loaded later is asked for where it is used, `load_engine().plan_emit_join$emitJoin(node)`: objects with
 *     properties that load would cost a millisecond to make.
 */
import { parseSync } from 'oxc-parser';

/** The names a CommonJS file has from Node. */
const GIVEN = new Set(['require', 'module', 'exports', '__filename', '__dirname']);

/** `loaders` has, by what stands for a module of another file (`later_plan_emit_join`), how its exports are reached, one by one or as a whole. */
export function asCommonJs(code, file, loaders) {
  const { program } = parseSync(`${file}.mjs`, code);
  const exported = new Map();
  const edits = usesOf(program, loaders);
  const declared = new Set();
  for (const node of program.body) {
    if (node.type === 'ImportDeclaration') edits.push({ node, text: requireOf(node) });
    else if (node.type === 'ExportNamedDeclaration' && node.declaration === null && node.source === null) {
      for (const { local, exported: name } of node.specifiers) exported.set(name.name, local.name);
      edits.push({ node, isList: true, text: '' });
    } else if (/^Export/.test(node.type)) throw new Error(`${file}: an export that is no list`);
    for (const name of namesOf(node)) declared.add(name);
  }
  for (const name of GIVEN) if (declared.has(name)) throw new Error(`${file} declares ${name}`);
  checkConstants(program, new Set(exported.values()), file);
  const list = [...exported].map(([name, local]) => (name === local ? name : `${name}: ${local}`));
  for (const edit of edits) if (edit.isList) edit.text = `module.exports = { ${list.join(', ')} };`;
  edits.sort((a, b) => a.node.start - b.node.start);
  let text = '"use strict"; ';
  let at = 0;
  for (const { node, text: instead } of edits) {
    const lines = code.slice(node.start, node.end).split('\n').length - 1;
    text += code.slice(at, node.start) + instead + '\n'.repeat(lines);
    at = node.end;
  }
  return (text + code.slice(at)).replaceAll(
    'import.meta.url',
    "require('node:url').pathToFileURL(__filename).href",
  );
}

/** Uses of what is in files loaded later, and the names that stood for the modules, which go. */
function usesOf(program, loaders) {
  const names = new Map();
  const edits = [];
  for (const node of program.body) {
    if (node.type !== 'VariableDeclaration') continue;
    const [{ id, init }] = node.declarations;
    const isLink = init?.type === 'Identifier' && loaders.has(init.name);
    if (isLink) names.set(id.name, loaders.get(init.name).nameOf);
    if (isLink || loaders.has(id.name)) edits.push({ node, text: '' });
  }
  const gone = new Set(edits.map(({ node }) => node));
  const visit = (node, parent) => {
    if (Array.isArray(node)) for (const part of node) visit(part, parent);
    if (node === null || typeof node !== 'object' || Array.isArray(node) || gone.has(node)) return;
    if (node.type === 'MemberExpression' && names.has(node.object.name)) {
      if (node.computed) throw new Error(`${node.object.name} is used as a whole`);
      const text = names.get(node.object.name)(node.property.name);
      edits.push({
        node,
        text: parent?.type === 'NewExpression' && parent.callee === node ? `(${text})` : text,
      });
      return;
    }
    if (node.type === 'Identifier' && loaders.has(node.name)) {
      edits.push({ node, text: loaders.get(node.name).whole() });
      return;
    }
    if (node.type === 'Identifier' && names.has(node.name))
      throw new Error(`${node.name} is used as a whole`);
    for (const key in node) visit(node[key], node);
  };
  visit(program.body, null);
  return edits;
}

function requireOf({ specifiers, source }) {
  const from = `require('${source.value}')`;
  if (specifiers.length === 0) return `${from};`;
  const [first] = specifiers;
  if (first.type === 'ImportNamespaceSpecifier') return `const ${first.local.name} = ${from};`;
  const names = specifiers.map(({ type, local, imported }) => {
    // Node's own modules are their default exports.
    if (type === 'ImportDefaultSpecifier') return { whole: local.name };
    return imported.name === local.name ? local.name : `${imported.name}: ${local.name}`;
  });
  const wholes = names
    .filter((name) => typeof name === 'object')
    .map(({ whole }) => `const ${whole} = ${from};`);
  const parts = names.filter((name) => typeof name === 'string');
  return wholes.join(' ') + (parts.length > 0 ? `const { ${parts.join(', ')} } = ${from};` : '');
}

function namesOf(node) {
  if (node.type === 'ImportDeclaration') return node.specifiers.map(({ local }) => local.name);
  if (node.type === 'VariableDeclaration') return node.declarations.map(({ id }) => id.name);
  return node.id === null || node.id === undefined ? [] : [node.id.name];
}

/** Whoever loads a file takes its values: none of them is assigned later. A local variable of the same name counts too. */
function checkConstants(node, names, file) {
  if (Array.isArray(node)) {
    for (const part of node) checkConstants(part, names, file);
  } else if (node !== null && typeof node === 'object') {
    const target =
      node.type === 'AssignmentExpression'
        ? node.left
        : node.type === 'UpdateExpression'
          ? node.argument
          : null;
    if (target?.type === 'Identifier' && names.has(target.name))
      throw new Error(`${file}: ${target.name} is exported, and assigned later`);
    for (const key in node) checkConstants(node[key], names, file);
  }
}
