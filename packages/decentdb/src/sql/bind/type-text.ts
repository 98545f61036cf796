/** Types by their SQL text: 'int4', 'numeric(10,2)', 'text[]'. */
import { DecentDbError } from '../../base/errors.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { parseExpression } from '../parse/parse.ts';
import type { BindEnv } from './env.ts';
import { resolveTypeName } from './type-names.ts';

export function resolveTypeText(env: BindEnv, text: string): SqlType {
  const node = parseExpression(`CAST(NULL AS ${text})`);
  if (node.kind !== 'TypeCast') throw new DecentDbError('42601', `"${text}" is not the name of a type`);
  return resolveTypeName(env, node.typeName).type;
}
