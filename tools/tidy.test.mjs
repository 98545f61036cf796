/** The tidy rules: the repository keeps them, and each rule fires on a planted violation. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tidyRepository, tidyText } from './tidy.mjs';

const HEAD = '/** Owns an example. */\n';
const engine = (name) => `packages/decentdb/src/${name}`;

/** [rule, path, text]: the text breaks that rule and no other. */
const VIOLATIONS = [
  ['parses', engine('tree/a.ts'), `${HEAD}const = 1;\n`],
  ['layers', engine('tree/a.ts'), `${HEAD}import { x } from '../exec/x.ts';\n`],
  ['layers', engine('plan/a.ts'), `${HEAD}import type { x } from '../sql/x.ts';\n`],
  ['layers', engine('unheard/a.ts'), `${HEAD}export const a = 1;\n`],
  ['layers', engine('base/a.ts'), `${HEAD}import { x } from '../../../cli/src/x.ts';\n`],
  ['modules', engine('pager/a.ts'), `${HEAD}import { readSync } from 'node:fs';\n`],
  ['modules', engine('exec/a.ts'), `${HEAD}import { RE2 } from 're2js';\n`],
  ['modules', engine('exec/a.ts'), `${HEAD}import { b } from './b.js';\n`],
  ['names', engine('exec/camelCase.ts'), HEAD],
  ['names', engine('exec/string-utils.ts'), HEAD],
  ['names', engine('exec/helpers/row.ts'), HEAD],
  ['file-size', engine('exec/a.ts'), HEAD + '\n'.repeat(900)],
  ['function-size', engine('exec/a.ts'), `${HEAD}export function f(): void {${'\n'.repeat(100)}}\n`],
  ['types', engine('exec/a.ts'), `${HEAD}export const a: any = 1;\n`],
  ['types', engine('exec/a.ts'), `${HEAD}export const a = 1 as any;\n`],
  ['types', engine('exec/a.ts'), `${HEAD}export enum Color { Red }\n`],
  ['types', engine('exec/a.ts'), `${HEAD}export namespace N { export const a = 1; }\n`],
  ['types', engine('exec/a.ts'), `${HEAD}export class C { constructor(private a: number) {} }\n`],
  ['comments', engine('exec/a.ts'), `${HEAD}// TODO: later\n`],
  ['comments', engine('exec/a.ts'), `${HEAD}// @ts-ignore\nexport const a = 1;\n`],
  ['file-head', engine('exec/a.ts'), 'export const a = 1;\n'],
  ['tests', engine('exec/a.test.ts'), `import { test } from 'node:test';\ntest.only('x', () => {});\n`],
  ['tests', engine('exec/a.test.ts'), `import { test } from 'node:test';\ntest('x', (t) => t.skip());\n`],
  ['purity', engine('exec/a.ts'), `${HEAD}export const a = (): number => Date.now();\n`],
  ['purity', engine('exec/a.ts'), `${HEAD}export const a = (): number => Math.random();\n`],
  ['purity', engine('exec/a.ts'), `${HEAD}export const a = (): Date => new Date();\n`],
  ['purity', engine('exec/a.ts'), `${HEAD}export const a = (b: string): number => b.localeCompare('x');\n`],
  ['purity', engine('exec/a.ts'), `${HEAD}console.log(1);\n`],
  ['generated-code', engine('exec/a.ts'), `${HEAD}export const a: unknown = new Function('return 1');\n`],
  ['benchmark-names', engine('exec/a.ts'), `${HEAD}// as TPC-H asks\n`],
];

test('the repository keeps the rules', () => {
  const { lines } = tidyRepository();
  assert.deepEqual(lines, []);
});

for (const [rule, path, text] of VIOLATIONS)
  test(`${rule} fires on ${JSON.stringify(text.slice(HEAD.length, HEAD.length + 60))} in ${path}`, () => {
    assert.deepEqual(
      [...new Set(tidyText(path, text).map((one) => one.rule))].filter(
        (name) => name !== 'parses' || rule === 'parses',
      ),
      [rule],
    );
  });

test('what the rules allow passes', () => {
  const text = `${HEAD}import { x } from '../base/x.ts';\n// TODO(#12): see there\nexport const a: unknown = x;\n`;
  assert.deepEqual(tidyText(engine('exec/a.ts'), text), []);
  assert.deepEqual(tidyText(engine('vfs/a.ts'), `${HEAD}import { readSync } from 'node:fs';\n`), []);
  assert.deepEqual(tidyText(engine('exec/compile/expr.ts'), `${HEAD}new Function('return 1');\n`), []);
});
