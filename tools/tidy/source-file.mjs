/**
 * One parsed source file: the facts every rule works on.
 *
 * I1  Lines and offsets refer to the text as it is on disk.
 * I2  A file that does not parse is a finding, never skipped.
 */
import { parseSync } from 'oxc-parser';

/** Calls `visit(node, parent)` for every node of an ESTree tree, parents first. */
export function walk(node, visit, parent = null) {
  visit(node, parent);
  for (const key of Object.keys(node)) {
    if (key === 'parent') continue;
    const value = node[key];
    if (Array.isArray(value)) {
      for (const item of value) if (item !== null && typeof item?.type === 'string') walk(item, visit, node);
    } else if (value !== null && typeof value === 'object' && typeof value.type === 'string') {
      walk(value, visit, node);
    }
  }
}

function lineStartsOf(text) {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Facts about one file: `path` from the root, its text, tree, comments, imports. */
export class SourceFile {
  constructor(path, text) {
    this.path = path;
    this.text = text;
    const parsed = parseSync(path, text);
    this.errors = parsed.errors;
    this.program = parsed.program;
    this.comments = parsed.comments;
    this.lineStarts = lineStartsOf(text);
    this.lineCount = this.lineStarts.length - (text.endsWith('\n') ? 1 : 0);
    // `testing/` inside a layer is support for its tests; the one at the top is published as decentdb/testing.
    this.isTest = /\.(test(\.[a-z]+)?|fuzz|bench)\.ts$/.test(path) || /\/src\/.+\/testing\//.test(path);
  }

  /** 1-based line of an offset. */
  lineOf(offset) {
    let low = 0;
    let high = this.lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.lineStarts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  /** Every module name imported, exported from or loaded by `import()`, with its offset. */
  imports() {
    const found = [];
    walk(this.program, (node) => {
      const isImport =
        node.type === 'ImportDeclaration' ||
        node.type === 'ExportNamedDeclaration' ||
        node.type === 'ExportAllDeclaration' ||
        node.type === 'ImportExpression';
      if (isImport && node.source?.type === 'Literal')
        found.push({ specifier: node.source.value, offset: node.source.start });
    });
    return found;
  }
}
