/**
 * pg_ts_config, pg_ts_config_map, pg_ts_dict, pg_ts_parser, pg_ts_template: what makes lexemes of texts. All of it is built in.
 *
 * I1  Oids are PostgreSQL's where they are fixed there; those of a language are its configuration's and the one before.
 */
import {
  besideEnglish,
  notIndexed,
  ofAscii,
  ofLetters,
  tokenTypes,
} from '../../functions/text-search/token-types.ts';
import type { VirtualTable } from '../../plan/logical.ts';
import { searchConfigs } from '../../types/regconfig.ts';
import type { Datum } from '../../types/vector.ts';
import { view } from './define.ts';
import { OWNER_ID, PG_CATALOG_ID } from './object-ids.ts';

const PARSER = 3722;
const SIMPLE = 'simple';
const SIMPLE_DICTIONARY = 3765;
const SIMPLE_TEMPLATE = 3727;
const SNOWBALL_TEMPLATE = 13_034;

/** Languages whose configurations leave out stop words. */
const STOPPED: ReadonlySet<string> = new Set(
  (
    'danish dutch english finnish french german hungarian italian nepali norwegian portuguese russian ' +
    'spanish swedish turkish'
  ).split(' '),
);

function dictionaryId(name: string): number {
  if (name === SIMPLE) return SIMPLE_DICTIONARY;
  return (searchConfigs.get(name.slice(0, -'_stem'.length)) as number) - 1;
}

function* configRows(): Iterable<readonly Datum[]> {
  for (const [name, oid] of searchConfigs) yield [oid, name, PG_CATALOG_ID, OWNER_ID, PARSER];
}

/** Name of the dictionary that a configuration has for a type of tokens; null: they are not indexed. */
function dictionaryOf(config: string, type: number): string | null {
  if (notIndexed.has(type)) return null;
  if (config === SIMPLE || !(ofAscii.has(type) || ofLetters.has(type))) return SIMPLE;
  return ofAscii.has(type) && besideEnglish.has(config) ? 'english_stem' : `${config}_stem`;
}

function* mapRows(): Iterable<readonly Datum[]> {
  for (const [name, oid] of searchConfigs)
    for (const [type] of tokenTypes) {
      const dictionary = dictionaryOf(name, type);
      if (dictionary !== null) yield [oid, type, 1, dictionaryId(dictionary)];
    }
}

function* dictionaryRows(): Iterable<readonly Datum[]> {
  yield [SIMPLE_DICTIONARY, SIMPLE, PG_CATALOG_ID, OWNER_ID, SIMPLE_TEMPLATE, null];
  for (const name of searchConfigs.keys()) {
    if (name === SIMPLE) continue;
    const stops = STOPPED.has(name) ? `, stopwords = '${name}'` : '';
    const options = `language = '${name}'${stops}`;
    yield [dictionaryId(`${name}_stem`), `${name}_stem`, PG_CATALOG_ID, OWNER_ID, SNOWBALL_TEMPLATE, options];
  }
}

export const textSearchViews: readonly VirtualTable[] = [
  view(
    'pg_catalog',
    'pg_ts_config',
    'oid oid, cfgname name, cfgnamespace oid, cfgowner oid, cfgparser oid',
    configRows,
  ),
  view(
    'pg_catalog',
    'pg_ts_config_map',
    'mapcfg oid, maptokentype int4, mapseqno int4, mapdict oid',
    mapRows,
  ),
  view(
    'pg_catalog',
    'pg_ts_dict',
    'oid oid, dictname name, dictnamespace oid, dictowner oid, dicttemplate oid, dictinitoption text',
    dictionaryRows,
  ),
  view(
    'pg_catalog',
    'pg_ts_parser',
    'oid oid, prsname name, prsnamespace oid, prsstart regproc, prstoken regproc, prsend regproc, prsheadline regproc, prslextype regproc',
    () => [[PARSER, 'default', PG_CATALOG_ID, 3717, 3718, 3719, 3720, 3721]],
  ),
  view(
    'pg_catalog',
    'pg_ts_template',
    'oid oid, tmplname name, tmplnamespace oid, tmplinit regproc, tmpllexize regproc',
    () => [
      [SIMPLE_TEMPLATE, SIMPLE, PG_CATALOG_ID, 3725, 3726],
      [SNOWBALL_TEMPLATE, 'snowball', PG_CATALOG_ID, 13_032, 13_033],
    ],
  ),
];
