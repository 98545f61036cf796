/**
 * Names of the functions behind operators (pg_operator.oprcode): `int4pl` for `integer + integer`, and so on.
 *
 * Data: symbol, then name and operand types by OID.
 *
 * I1  An entry means exactly what its operator means; there is no second implementation.
 */
import type { ScalarFunction } from './function.ts';

const NAMES: readonly (readonly [symbol: string, functions: string])[] = [
  ['!~', 'bpcharregexne 1042 25, nameregexne 19 25, textregexne 25 25'],
  ['!~*', 'bpcharicregexne 1042 25, nameicregexne 19 25, texticregexne 25 25'],
  ['!~~', 'bpcharnlike 1042 25, namenlike 19 25, textnlike 25 25'],
  ['!~~*', 'bpcharicnlike 1042 25, nameicnlike 19 25, texticnlike 25 25'],
  ['#', 'bitxor 1560 1560, int2xor 21 21, int4xor 23 23, int8xor 20 20'],
  ['#-', 'jsonb_delete_path 3802 1009'],
  ['%', 'int2mod 21 21, int4mod 23 23, int8mod 20 20, numeric_mod 1700 1700'],
  ['&', 'bitand 1560 1560, int2and 21 21, int4and 23 23, int8and 20 20'],
  [
    '&&',
    'arrayoverlap 2277 2277, multirange_overlaps_multirange 4537 4537, ' +
      'multirange_overlaps_range 4537 3831, range_overlaps 3831 3831, ' +
      'range_overlaps_multirange 3831 4537',
  ],
  [
    '&<',
    'multirange_overleft_multirange 4537 4537, multirange_overleft_range 4537 3831, ' +
      'range_overleft 3831 3831, range_overleft_multirange 3831 4537',
  ],
  [
    '&>',
    'multirange_overright_multirange 4537 4537, multirange_overright_range 4537 3831, ' +
      'range_overright 3831 3831, range_overright_multirange 3831 4537',
  ],
  [
    '*',
    'cash_mul_flt4 790 700, cash_mul_flt8 790 701, cash_mul_int2 790 21, cash_mul_int4 790 23, ' +
      'cash_mul_int8 790 20, float48mul 700 701, float4mul 700 700, float84mul 701 700, ' +
      'float8mul 701 701, flt4_mul_cash 700 790, flt8_mul_cash 701 790, int24mul 21 23, ' +
      'int28mul 21 20, int2_mul_cash 21 790, int2mul 21 21, int42mul 23 21, int48mul 23 20, ' +
      'int4_mul_cash 23 790, int4mul 23 23, int82mul 20 21, int84mul 20 23, int8_mul_cash 20 790, ' +
      'int8mul 20 20, interval_mul 1186 701, mul_d_interval 701 1186, ' +
      'multirange_intersect 4537 4537, numeric_mul 1700 1700, range_intersect 3831 3831',
  ],
  [
    '+',
    'cash_pl 790 790, date_pl_interval 1082 1186, date_pli 1082 23, datetime_pl 1082 1083, ' +
      'datetimetz_pl 1082 1266, float48pl 700 701, float4pl 700 700, float4up 700, ' +
      'float84pl 701 700, float8pl 701 701, float8up 701, int24pl 21 23, int28pl 21 20, ' +
      'int2pl 21 21, int2up 21, int42pl 23 21, int48pl 23 20, int4pl 23 23, int4up 23, ' +
      'int82pl 20 21, int84pl 20 23, int8pl 20 20, int8up 20, integer_pl_date 23 1082, ' +
      'interval_pl 1186 1186, interval_pl_date 1186 1082, interval_pl_time 1186 1083, ' +
      'interval_pl_timestamp 1186 1114, interval_pl_timestamptz 1186 1184, ' +
      'interval_pl_timetz 1186 1266, multirange_union 4537 4537, numeric_add 1700 1700, ' +
      'numeric_uplus 1700, range_union 3831 3831, time_pl_interval 1083 1186, ' +
      'timedate_pl 1083 1082, timestamp_pl_interval 1114 1186, timestamptz_pl_interval 1184 1186, ' +
      'timetz_pl_interval 1266 1186, timetzdate_pl 1266 1082',
  ],
  [
    '-',
    'cash_mi 790 790, date_mi 1082 1082, date_mi_interval 1082 1186, date_mii 1082 23, ' +
      'float48mi 700 701, float4mi 700 700, float4um 700, float84mi 701 700, float8mi 701 701, ' +
      'float8um 701, int24mi 21 23, int28mi 21 20, int2mi 21 21, int2um 21, int42mi 23 21, ' +
      'int48mi 23 20, int4mi 23 23, int4um 23, int82mi 20 21, int84mi 20 23, int8mi 20 20, ' +
      'int8um 20, interval_mi 1186 1186, interval_um 1186, jsonb_delete 3802 1009, ' +
      'jsonb_delete 3802 25, jsonb_delete 3802 23, multirange_minus 4537 4537, ' +
      'numeric_sub 1700 1700, numeric_uminus 1700, range_minus 3831 3831, ' +
      'time_mi_interval 1083 1186, time_mi_time 1083 1083, timestamp_mi 1114 1114, ' +
      'timestamp_mi_interval 1114 1186, timestamptz_mi 1184 1184, ' +
      'timestamptz_mi_interval 1184 1186, timetz_mi_interval 1266 1186',
  ],
  [
    '->',
    'json_array_element 114 23, json_object_field 114 25, jsonb_array_element 3802 23, ' +
      'jsonb_object_field 3802 25',
  ],
  [
    '->>',
    'json_array_element_text 114 23, json_object_field_text 114 25, ' +
      'jsonb_array_element_text 3802 23, jsonb_object_field_text 3802 25',
  ],
  [
    '-|-',
    'multirange_adjacent_multirange 4537 4537, multirange_adjacent_range 4537 3831, ' +
      'range_adjacent 3831 3831, range_adjacent_multirange 3831 4537',
  ],
  [
    '/',
    'cash_div_cash 790 790, cash_div_flt4 790 700, cash_div_flt8 790 701, cash_div_int2 790 21, ' +
      'cash_div_int4 790 23, cash_div_int8 790 20, float48div 700 701, float4div 700 700, ' +
      'float84div 701 700, float8div 701 701, int24div 21 23, int28div 21 20, int2div 21 21, ' +
      'int42div 23 21, int48div 23 20, int4div 23 23, int82div 20 21, int84div 20 23, ' +
      'int8div 20 20, interval_div 1186 701, numeric_div 1700 1700',
  ],
  [
    '<',
    'array_lt 2277 2277, bitlt 1560 1560, boollt 16 16, bpcharlt 1042 1042, bytealt 17 17, ' +
      'cash_lt 790 790, charlt 18 18, date_lt 1082 1082, date_lt_timestamp 1082 1114, ' +
      'date_lt_timestamptz 1082 1184, enum_lt 3500 3500, float48lt 700 701, float4lt 700 700, ' +
      'float84lt 701 700, float8lt 701 701, int24lt 21 23, int28lt 21 20, int2lt 21 21, ' +
      'int42lt 23 21, int48lt 23 20, int4lt 23 23, int82lt 20 21, int84lt 20 23, int8lt 20 20, ' +
      'interval_lt 1186 1186, jsonb_lt 3802 3802, multirange_lt 4537 4537, namelt 19 19, ' +
      'numeric_lt 1700 1700, oidlt 26 26, range_lt 3831 3831, record_lt 2249 2249, text_lt 25 25, ' +
      'time_lt 1083 1083, timestamp_lt 1114 1114, timestamp_lt_date 1114 1082, ' +
      'timestamp_lt_timestamptz 1114 1184, timestamptz_lt 1184 1184, ' +
      'timestamptz_lt_date 1184 1082, timestamptz_lt_timestamp 1184 1114, timetz_lt 1266 1266, ' +
      'uuid_lt 2950 2950, varbitlt 1562 1562',
  ],
  [
    '<<',
    'bitshiftleft 1560 23, int2shl 21 23, int4shl 23 23, int8shl 20 23, ' +
      'multirange_before_multirange 4537 4537, multirange_before_range 4537 3831, ' +
      'range_before 3831 3831, range_before_multirange 3831 4537',
  ],
  [
    '<=',
    'array_le 2277 2277, bitle 1560 1560, boolle 16 16, bpcharle 1042 1042, byteale 17 17, ' +
      'cash_le 790 790, charle 18 18, date_le 1082 1082, date_le_timestamp 1082 1114, ' +
      'date_le_timestamptz 1082 1184, enum_le 3500 3500, float48le 700 701, float4le 700 700, ' +
      'float84le 701 700, float8le 701 701, int24le 21 23, int28le 21 20, int2le 21 21, ' +
      'int42le 23 21, int48le 23 20, int4le 23 23, int82le 20 21, int84le 20 23, int8le 20 20, ' +
      'interval_le 1186 1186, jsonb_le 3802 3802, multirange_le 4537 4537, namele 19 19, ' +
      'numeric_le 1700 1700, oidle 26 26, range_le 3831 3831, record_le 2249 2249, text_le 25 25, ' +
      'time_le 1083 1083, timestamp_le 1114 1114, timestamp_le_date 1114 1082, ' +
      'timestamp_le_timestamptz 1114 1184, timestamptz_le 1184 1184, ' +
      'timestamptz_le_date 1184 1082, timestamptz_le_timestamp 1184 1114, timetz_le 1266 1266, ' +
      'uuid_le 2950 2950, varbitle 1562 1562',
  ],
  [
    '<>',
    'array_ne 2277 2277, bitne 1560 1560, boolne 16 16, bpcharne 1042 1042, byteane 17 17, ' +
      'cash_ne 790 790, charne 18 18, date_ne 1082 1082, date_ne_timestamp 1082 1114, ' +
      'date_ne_timestamptz 1082 1184, enum_ne 3500 3500, float48ne 700 701, float4ne 700 700, ' +
      'float84ne 701 700, float8ne 701 701, int24ne 21 23, int28ne 21 20, int2ne 21 21, ' +
      'int42ne 23 21, int48ne 23 20, int4ne 23 23, int82ne 20 21, int84ne 20 23, int8ne 20 20, ' +
      'interval_ne 1186 1186, jsonb_ne 3802 3802, multirange_ne 4537 4537, namene 19 19, ' +
      'numeric_ne 1700 1700, oidne 26 26, range_ne 3831 3831, record_ne 2249 2249, textne 25 25, ' +
      'time_ne 1083 1083, timestamp_ne 1114 1114, timestamp_ne_date 1114 1082, ' +
      'timestamp_ne_timestamptz 1114 1184, timestamptz_ne 1184 1184, ' +
      'timestamptz_ne_date 1184 1082, timestamptz_ne_timestamp 1184 1114, timetz_ne 1266 1266, ' +
      'uuid_ne 2950 2950, varbitne 1562 1562',
  ],
  [
    '<@',
    'arraycontained 2277 2277, elem_contained_by_multirange 2283 4537, ' +
      'elem_contained_by_range 2283 3831, jsonb_contained 3802 3802, ' +
      'multirange_contained_by_multirange 4537 4537, multirange_contained_by_range 4537 3831, ' +
      'range_contained_by 3831 3831, range_contained_by_multirange 3831 4537',
  ],
  [
    '=',
    'array_eq 2277 2277, biteq 1560 1560, booleq 16 16, bpchareq 1042 1042, byteaeq 17 17, ' +
      'cash_eq 790 790, chareq 18 18, date_eq 1082 1082, date_eq_timestamp 1082 1114, ' +
      'date_eq_timestamptz 1082 1184, enum_eq 3500 3500, float48eq 700 701, float4eq 700 700, ' +
      'float84eq 701 700, float8eq 701 701, int24eq 21 23, int28eq 21 20, int2eq 21 21, ' +
      'int42eq 23 21, int48eq 23 20, int4eq 23 23, int82eq 20 21, int84eq 20 23, int8eq 20 20, ' +
      'interval_eq 1186 1186, jsonb_eq 3802 3802, multirange_eq 4537 4537, nameeq 19 19, ' +
      'numeric_eq 1700 1700, oideq 26 26, range_eq 3831 3831, record_eq 2249 2249, texteq 25 25, ' +
      'time_eq 1083 1083, timestamp_eq 1114 1114, timestamp_eq_date 1114 1082, ' +
      'timestamp_eq_timestamptz 1114 1184, timestamptz_eq 1184 1184, ' +
      'timestamptz_eq_date 1184 1082, timestamptz_eq_timestamp 1184 1114, timetz_eq 1266 1266, ' +
      'uuid_eq 2950 2950, varbiteq 1562 1562',
  ],
  [
    '>',
    'array_gt 2277 2277, bitgt 1560 1560, boolgt 16 16, bpchargt 1042 1042, byteagt 17 17, ' +
      'cash_gt 790 790, chargt 18 18, date_gt 1082 1082, date_gt_timestamp 1082 1114, ' +
      'date_gt_timestamptz 1082 1184, enum_gt 3500 3500, float48gt 700 701, float4gt 700 700, ' +
      'float84gt 701 700, float8gt 701 701, int24gt 21 23, int28gt 21 20, int2gt 21 21, ' +
      'int42gt 23 21, int48gt 23 20, int4gt 23 23, int82gt 20 21, int84gt 20 23, int8gt 20 20, ' +
      'interval_gt 1186 1186, jsonb_gt 3802 3802, multirange_gt 4537 4537, namegt 19 19, ' +
      'numeric_gt 1700 1700, oidgt 26 26, range_gt 3831 3831, record_gt 2249 2249, text_gt 25 25, ' +
      'time_gt 1083 1083, timestamp_gt 1114 1114, timestamp_gt_date 1114 1082, ' +
      'timestamp_gt_timestamptz 1114 1184, timestamptz_gt 1184 1184, ' +
      'timestamptz_gt_date 1184 1082, timestamptz_gt_timestamp 1184 1114, timetz_gt 1266 1266, ' +
      'uuid_gt 2950 2950, varbitgt 1562 1562',
  ],
  [
    '>=',
    'array_ge 2277 2277, bitge 1560 1560, boolge 16 16, bpcharge 1042 1042, byteage 17 17, ' +
      'cash_ge 790 790, charge 18 18, date_ge 1082 1082, date_ge_timestamp 1082 1114, ' +
      'date_ge_timestamptz 1082 1184, enum_ge 3500 3500, float48ge 700 701, float4ge 700 700, ' +
      'float84ge 701 700, float8ge 701 701, int24ge 21 23, int28ge 21 20, int2ge 21 21, ' +
      'int42ge 23 21, int48ge 23 20, int4ge 23 23, int82ge 20 21, int84ge 20 23, int8ge 20 20, ' +
      'interval_ge 1186 1186, jsonb_ge 3802 3802, multirange_ge 4537 4537, namege 19 19, ' +
      'numeric_ge 1700 1700, oidge 26 26, range_ge 3831 3831, record_ge 2249 2249, text_ge 25 25, ' +
      'time_ge 1083 1083, timestamp_ge 1114 1114, timestamp_ge_date 1114 1082, ' +
      'timestamp_ge_timestamptz 1114 1184, timestamptz_ge 1184 1184, ' +
      'timestamptz_ge_date 1184 1082, timestamptz_ge_timestamp 1184 1114, timetz_ge 1266 1266, ' +
      'uuid_ge 2950 2950, varbitge 1562 1562',
  ],
  [
    '>>',
    'bitshiftright 1560 23, int2shr 21 23, int4shr 23 23, int8shr 20 23, ' +
      'multirange_after_multirange 4537 4537, multirange_after_range 4537 3831, ' +
      'range_after 3831 3831, range_after_multirange 3831 4537',
  ],
  ['?', 'jsonb_exists 3802 25'],
  ['?&', 'jsonb_exists_all 3802 1009'],
  ['?|', 'jsonb_exists_any 3802 1009'],
  ['@', 'float4abs 700, float8abs 701, int2abs 21, int4abs 23, int8abs 20, numeric_abs 1700'],
  [
    '@>',
    'arraycontains 2277 2277, jsonb_contains 3802 3802, multirange_contains_elem 4537 2283, ' +
      'multirange_contains_multirange 4537 4537, multirange_contains_range 4537 3831, ' +
      'range_contains 3831 3831, range_contains_elem 3831 2283, ' +
      'range_contains_multirange 3831 4537',
  ],
  ['@?', 'jsonb_path_exists_opr 3802 4072'],
  ['@@', 'jsonb_path_match_opr 3802 4072'],
  ['^', 'dpow 701 701, numeric_power 1700 1700'],
  ['|', 'bitor 1560 1560, int2or 21 21, int4or 23 23, int8or 20 20'],
  ['|/', 'dsqrt 701'],
  [
    '||',
    'anytextcat 2776 25, bitcat 1562 1562, byteacat 17 17, jsonb_concat 3802 3802, ' +
      'textanycat 25 2776, textcat 25 25',
  ],
  ['||/', 'dcbrt 701'],
  [
    '~',
    'bitnot 1560, bpcharregexeq 1042 25, int2not 21, int4not 23, int8not 20, nameregexeq 19 25, ' +
      'textregexeq 25 25',
  ],
  ['~*', 'bpcharicregexeq 1042 25, nameicregexeq 19 25, texticregexeq 25 25'],
  ['~~', 'bpcharlike 1042 25, namelike 19 25, textlike 25 25'],
  ['~~*', 'bpchariclike 1042 25, nameiclike 19 25, texticlike 25 25'],
];

/** A function of the same meaning for each operator that PostgreSQL has one for. */
export function functionsOfOperators(operators: readonly ScalarFunction[]): ScalarFunction[] {
  const bySignature = new Map<string, ScalarFunction>();
  for (const entry of operators) bySignature.set(`${entry.name} ${entry.args.join(' ')}`, entry);
  const found: ScalarFunction[] = [];
  for (const [symbol, functions] of NAMES) {
    for (const item of functions.split(', ')) {
      const [name = '', ...args] = item.split(' ');
      const entry = bySignature.get(`${symbol} ${args.join(' ')}`);
      if (entry === undefined) continue;
      const { operator: _, example: _example, ...rest } = entry;
      found.push({ ...rest, name });
    }
  }
  return found;
}
