/** Rows about the catalogue and the session that functions, not views, give in PostgreSQL. */
import { SqlArray } from '../../types/array.ts';
import { Oid } from '../../types/oids.ts';
import type { TableFunction } from '../function.ts';

const base = { kind: 'table', strict: true, volatility: 'stable' } as const;

export const catalogRowFunctions: readonly TableFunction[] = [
  {
    ...base,
    name: 'pg_partition_ancestors',
    args: [Oid.regclass],
    columns: [{ name: 'relid', type: Oid.regclass }],
    // No table is a partition: none has ancestors.
    rows: () => [],
    description: 'The partitioned tables above a partition, itself first.',
  },
  {
    ...base,
    name: 'pg_partition_tree',
    args: [Oid.regclass],
    columns: [
      { name: 'relid', type: Oid.regclass },
      { name: 'parentrelid', type: Oid.regclass },
      { name: 'isleaf', type: Oid.bool },
      { name: 'level', type: Oid.int4 },
    ],
    rows: () => [],
    description: 'The partitions of a partitioned table.',
  },
  {
    ...base,
    name: 'pg_listening_channels',
    args: [],
    columns: [{ name: 'pg_listening_channels', type: Oid.text }],
    rows(context) {
      const channels = context.service('pg_listening_channels', []);
      return channels instanceof SqlArray ? channels.elements.map((channel) => [channel]) : [];
    },
    description: 'Channels the session listens to.',
  },
];
