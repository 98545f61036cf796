/**
 * Puts libraries into the modules of dist/ that use them: what is published, its modules too, needs no other package.
 */
import { build } from 'esbuild';

const modules = ['functions/text-search/languages/stemmers.js'];

export async function putLibrariesIn(dist) {
  for (const path of modules) {
    await build({
      entryPoints: [`${dist}/${path}`],
      outfile: `${dist}/${path}`,
      allowOverwrite: true,
      bundle: true,
      minifySyntax: true,
      minifyWhitespace: true,
      format: 'esm',
      target: 'node20.19',
      legalComments: 'none',
      logLevel: 'warning',
    });
  }
}
