/** Another revision of DecentDB, built by `run.mjs --compare REV`. */
import { opener } from './decentdb.mjs';

export const dialect = 'postgres';

const entry = process.env['DECENTDB_REVISION_ENTRY'];
if (entry === undefined) throw new Error('decentdb-rev is there with --compare REV only');
const { openSync } = await import(entry);

export const open = opener(openSync, process.env['DECENTDB_REVISION']);
