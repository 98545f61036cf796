/** What roles may do: has_..._privilege and pg_has_role, asked of the session; access lists as rows and as they are by default. */
import { DecentDbError } from '../base/errors.ts';
import { SqlArray } from '../types/array.ts';
import { Oid as T } from '../types/oids.ts';
import type { Datum } from '../types/vector.ts';
import { fn } from './define.ts';
import type { ScalarFunction, TableFunction } from './function.ts';

const { text, name, bool, oid, int2, textArray } = T;
const stable = { volatility: 'stable' } as const;

/** Function by function the kind of object, as the session's service `has_privilege` knows it. */
const ON_OBJECTS: readonly (readonly [name: string, kind: string])[] = [
  ['has_table_privilege', 'relation'],
  ['has_any_column_privilege', 'anyColumn'],
  ['has_schema_privilege', 'schema'],
  ['has_database_privilege', 'database'],
  ['has_sequence_privilege', 'sequence'],
  ['has_function_privilege', 'routine'],
  ['has_type_privilege', 'type'],
  ['has_language_privilege', 'language'],
  ['has_tablespace_privilege', 'tablespace'],
];

const ROLES: readonly (readonly number[])[] = [[], [name], [oid]];

const objects: readonly ScalarFunction[] = ON_OBJECTS.flatMap(([each, kind]) =>
  ROLES.flatMap((role) =>
    [text, oid].map((target) =>
      fn(
        each,
        [...role, target, text],
        bool,
        (context, ...args) => {
          const [what = null, privilege = null] = args.slice(-2);
          return context.service('has_privilege', [
            kind,
            role.length === 0 ? null : (args[0] ?? null),
            what,
            null,
            privilege,
          ]);
        },
        'Whether a role (or the current user) has a privilege on an object.',
        null,
        stable,
      ),
    ),
  ),
);

const columns: readonly ScalarFunction[] = ROLES.flatMap((role) =>
  [text, oid].flatMap((target) =>
    [text, int2].map((column) =>
      fn(
        'has_column_privilege',
        [...role, target, column, text],
        bool,
        (context, ...args) =>
          context.service('has_privilege', [
            'column',
            role.length === 0 ? null : (args[0] ?? null),
            ...(args.slice(-3) as Datum[]),
          ]),
        'Whether a role (or the current user) has a privilege on a column.',
        null,
        stable,
      ),
    ),
  ),
);

const memberships: readonly ScalarFunction[] = ROLES.flatMap((member) =>
  [name, oid].map((role) =>
    fn(
      'pg_has_role',
      [...member, role, text],
      bool,
      (context, ...args) => {
        const [what = null, privilege = null] = args.slice(-2);
        return context.service('pg_has_role', [
          member.length === 0 ? null : (args[0] ?? null),
          what,
          privilege,
        ]);
      },
      'Whether a role (or the current user) is a member of a role, or has its privileges.',
      null,
      stable,
    ),
  ),
);

export const privilegeFunctions: readonly ScalarFunction[] = [
  ...objects,
  ...columns,
  ...memberships,
  fn(
    'acldefault',
    [T.char, oid],
    textArray,
    (context, kind: Datum, owner: Datum) => context.service('acldefault', [kind, owner]),
    'The access list an object has before anything is granted on it.',
    null,
    stable,
  ),
];

export const privilegeRowFunctions: readonly TableFunction[] = [
  {
    kind: 'table',
    name: 'aclexplode',
    args: [textArray],
    columns: [
      { name: 'grantor', type: oid },
      { name: 'grantee', type: oid },
      { name: 'privilege_type', type: text },
      { name: 'is_grantable', type: bool },
    ],
    strict: true,
    volatility: 'stable',
    rows(context, [list]) {
      const rows = context.service('aclexplode', [list ?? null]);
      if (!(rows instanceof SqlArray)) throw new DecentDbError('XX000', 'the session gives rows of a list');
      const width = 4;
      const { elements } = rows;
      return Array.from({ length: elements.length / width }, (_, i) => [
        Number(elements[i * width]),
        Number(elements[i * width + 1]),
        elements[i * width + 2] ?? null,
        elements[i * width + 3] === 't',
      ]);
    },
    description: 'An access list as rows: who gave whom which privilege.',
  },
];
