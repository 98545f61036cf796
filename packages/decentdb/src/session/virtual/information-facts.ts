/** Tables of information_schema about the implementation: sizes, parts of the standard. PostgreSQL's rows, where they hold here. */
import type { VirtualTable } from '../../plan/logical.ts';
import type { Datum } from '../../types/vector.ts';
import { SERVER_VERSION } from '../settings/catalogue.ts';
import { view } from './define.ts';

type Row = readonly Datum[];
const IS = 'information_schema';

function versionText(): string {
  const [major = '0', minor = '0'] = SERVER_VERSION.split('.');
  return `${major.padStart(2, '0')}.${minor.padStart(2, '0')}.0000`;
}

const implementation: readonly Row[] = [
  ['10003', 'CATALOG NAME', null, 'Y', null],
  ['10004', 'COLLATING SEQUENCE', null, null, null],
  ['13', 'SERVER NAME', null, '', null],
  ['17', 'DBMS NAME', null, 'PostgreSQL', null],
  ['18', 'DBMS VERSION', null, versionText(), null],
  ['2', 'DATA SOURCE NAME', null, '', null],
  ['23', 'CURSOR COMMIT BEHAVIOR', 1, null, 'close cursors and retain prepared statements'],
  ['26', 'DEFAULT TRANSACTION ISOLATION', 4, null, 'REPEATABLE READ; user-settable'],
  ['28', 'IDENTIFIER CASE', 3, null, 'stored in mixed case - case sensitive'],
  ['46', 'TRANSACTION CAPABLE', 2, null, 'both DML and DDL'],
  ['85', 'NULL COLLATION', 0, null, 'nulls higher than non-nulls'],
  ['94', 'SPECIAL CHARACTERS', null, '', 'all non-ASCII characters allowed'],
];

const DEPENDS = 'Might be less, depending on character set.';

const sizing: readonly Row[] = [
  [0, 'MAXIMUM DRIVER CONNECTIONS', null, null],
  [1, 'MAXIMUM CONCURRENT ACTIVITIES', 0, null],
  [30, 'MAXIMUM COLUMN NAME LENGTH', 63, DEPENDS],
  [31, 'MAXIMUM CURSOR NAME LENGTH', 63, DEPENDS],
  [32, 'MAXIMUM SCHEMA NAME LENGTH', 63, DEPENDS],
  [34, 'MAXIMUM CATALOG NAME LENGTH', 63, DEPENDS],
  [35, 'MAXIMUM TABLE NAME LENGTH', 63, DEPENDS],
  [97, 'MAXIMUM COLUMNS IN GROUP BY', 0, null],
  [99, 'MAXIMUM COLUMNS IN ORDER BY', 0, null],
  [100, 'MAXIMUM COLUMNS IN SELECT', 1664, null],
  [101, 'MAXIMUM COLUMNS IN TABLE', 1600, null],
  [106, 'MAXIMUM TABLES IN SELECT', 0, null],
  [107, 'MAXIMUM USER NAME LENGTH', 63, DEPENDS],
  [10005, 'MAXIMUM IDENTIFIER LENGTH', 63, DEPENDS],
  [20000, 'MAXIMUM STATEMENT OCTETS', 0, null],
  [20001, 'MAXIMUM STATEMENT OCTETS DATA', 0, null],
  [20002, 'MAXIMUM STATEMENT OCTETS SCHEMA', 0, null],
  [25000, 'MAXIMUM CURRENT DEFAULT TRANSFORM GROUP LENGTH', null, null],
  [25001, 'MAXIMUM CURRENT TRANSFORM GROUP LENGTH', null, null],
  [25002, 'MAXIMUM CURRENT PATH LENGTH', 0, null],
  [25003, 'MAXIMUM CURRENT ROLE LENGTH', null, null],
  [25004, 'MAXIMUM SESSION USER LENGTH', 63, DEPENDS],
  [25005, 'MAXIMUM SYSTEM USER LENGTH', 63, DEPENDS],
];

const parts: readonly Row[] = [
  ['1', 'Framework (SQL/Framework)'],
  ['10', 'Object Language Bindings (SQL/OLB)'],
  ['11', 'Information and Definition Schema (SQL/Schemata)'],
  ['13', 'Routines and Types Using the Java Programming Language (SQL/JRT)'],
  ['14', 'XML-Related Specifications (SQL/XML)'],
  ['15', 'Multi-Dimensional Arrays (SQL/MDA)'],
  ['16', 'Property Graph Queries (SQL/PGQ)'],
  ['2', 'Foundation (SQL/Foundation)'],
  ['3', 'Call-Level Interface (SQL/CLI)'],
  ['4', 'Persistent Stored Modules (SQL/PSM)'],
  ['9', 'Management of External Data (SQL/MED)'],
].map(([id = '', name = '']) => [id, name, 'NO', null, '']);

export const informationFactViews: readonly VirtualTable[] = [
  view(
    IS,
    'sql_implementation_info',
    'implementation_info_id varchar, implementation_info_name varchar, integer_value int4, character_value varchar, comments varchar',
    () => implementation,
  ),
  view(
    IS,
    'sql_sizing',
    'sizing_id int4, sizing_name varchar, supported_value int4, comments varchar',
    () => sizing,
  ),
  view(
    IS,
    'sql_parts',
    'feature_id varchar, feature_name varchar, is_supported varchar, is_verified_by varchar, comments varchar',
    () => parts,
  ),
];
