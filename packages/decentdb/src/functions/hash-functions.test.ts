/** Hashes are PostgreSQL's, for every type: rows its dumps put in a partition by hash belong there. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hash64, remainderOf } from '../types/hash64.ts';
import { evaluateToText } from './literal-expression.test.kit.ts';

/** The seed of partitions. */
const SEED = '8816678312871386365';

/** Calls, and what PostgreSQL 15 says under seed 0 and under that of partitions. */
const KNOWN: readonly (readonly [call: string, unseeded: string, seeded: string])[] = [
  ["hashint2extended('-7'::int2, seed)", '-4284878795861022465', '-7298374200968567817'],
  ["hashint4extended('0'::int4, seed)", '4154612158245552303', '-4403592609991167795'],
  ["hashint4extended('-2147483648'::int4, seed)", '1977219185673256887', '4938542303000433043'],
  ["hashint8extended('5'::int8, seed)", '-9138765687874534020', '-2840406021921404358'],
  ["hashint8extended('-5'::int8, seed)", '-9082176226831438310', '5466844944386338076'],
  ["hashint8extended('-9223372036854775808'::int8, seed)", '-9109110466470504941', '-6050265599104649060'],
  ["hashint8extended('1234567890123456789'::int8, seed)", '-1348933112428498873', '-9105224441813162067'],
  ["hashoidextended('4294967295'::oid, seed)", '-1888257769727981238', '-5017072347659237694'],
  ["hashfloat4extended('1.1'::float4, seed)", '-892871181807376535', '5226288866980618871'],
  ["hashfloat8extended('-0'::float8, seed)", '0', '8816678312871386365'],
  ["hashfloat8extended('NaN'::float8, seed)", '4719788943832604568', '-6475869854796787835'],
  ["hashfloat8extended('-2.5e-20'::float8, seed)", '-4473915690493513279', '-8861574834504841698'],
  ["hash_numeric_extended('0.00'::numeric, seed)", '-1', '8816678312871386364'],
  ["hash_numeric_extended('1.50'::numeric, seed)", '-8828336294488843818', '1234047083305210387'],
  ["hash_numeric_extended('-12345.67890'::numeric, seed)", '-7480115461366660631', '6445526082213146339'],
  ["hash_numeric_extended('0.00001'::numeric, seed)", '4472182450358367964', '-7869483101049934923'],
  [
    "hash_numeric_extended('1230000000000000000000000000000'::numeric, seed)",
    '-3699374229279451343',
    '4569701159246069322',
  ],
  ["hash_numeric_extended('NaN'::numeric, seed)", '0', '8816678312871386365'],
  ["hashtextextended(''::text, seed)", '-6939563903564495251', '-5700645584453517373'],
  ["hashtextextended('hello'::text, seed)", '3449563369152288809', '-2635279551741001039'],
  ["hashtextextended('twelve bytes'::text, seed)", '-7123776401673968163', '1551002018851372083'],
  [
    "hashtextextended('héllo 漢字 😀 and more than that'::text, seed)",
    '144207888831844981',
    '7260676272815014735',
  ],
  ["hashbpcharextended('ab  '::bpchar, seed)", '2833316173711343549', '596009030900183869'],
  ["hashnameextended('relname'::name, seed)", '6632537956335787432', '1481695329218324459'],
  ['hashcharextended(\'x\'::"char", seed)', '-300249585504183294', '8622996900272204718'],
  [
    "uuid_hash_extended('00112233-4455-6677-8899-aabbccddeeff'::uuid, seed)",
    '4462459420613485749',
    '-8699738442285490013',
  ],
  ["time_hash_extended('12:34:56.789'::time, seed)", '7882769155479906242', '-3528839591167865408'],
  ["timetz_hash_extended('12:34:56-05:30'::timetz, seed)", '8039555059366501899', '-5544196506044237623'],
  [
    "timestamp_hash_extended('1999-12-31 23:59:59.5'::timestamp, seed)",
    '-370194399981821451',
    '6390024372019561871',
  ],
  ["timestamp_hash_extended('infinity'::timestamp, seed)", '1977219185673256887', '4938542303000433043'],
  ["interval_hash_extended('1 month'::interval, seed)", '-5311538516690378347', '-3825187674808932648'],
  [
    "interval_hash_extended('-3 days 2 hours'::interval, seed)",
    '-566251266949599959',
    '-4615247470691845647',
  ],
  ["hashinetextended('10.1.2.3/8'::inet, seed)", '-7588631448224202741', '-4436950161078454001'],
  ["hashinetextended('fe80::1'::inet, seed)", '429170745340865565', '-7953053375392064719'],
  ["hashmacaddrextended('08:00:2b:01:02:03'::macaddr, seed)", '6688292454251440222', '1768134697032482061'],
  [
    "hashmacaddr8extended('08:00:2b:01:02:03:04:05'::macaddr8, seed)",
    '-5218702474190278590',
    '7999712495155386569',
  ],
  ["pg_lsn_hash_extended('16/B374D848'::pg_lsn, seed)", '-8559041382436842813', '-2929327351578850412'],
  ["hash_array_extended('{1,NULL,3}'::int4[], seed)", '7762386184967168444', '-7260320992586660406'],
  ["hash_array_extended('{}'::text[], seed)", '1', '1'],
  ["hash_range_extended('[3,9)'::int4range, seed)", '1964907582245392669', '7022213480159512633'],
  ["hash_range_extended('empty'::int4range, seed)", '-7341197756718502259', '-6508754750701711957'],
  ["hash_range_extended('(,1.5]'::numrange, seed)", '-856763693403041698', '-2457337282480940544'],
  [
    "hash_multirange_extended('{[1,2),[5,9)}'::int4multirange, seed)",
    '4241263058055098325',
    '5407683346023697902',
  ],
  ["jsonb_hash_extended('[]'::jsonb, seed)", '0', '8816678312871386365'],
  ["jsonb_hash_extended('1'::jsonb, seed)", '1715863786393953096', '5991816941579350622'],
  [
    'jsonb_hash_extended(\'{"a":[true,null,"x"],"b":{"c":1.50}}\'::jsonb, seed)',
    '5184711405176810859',
    '4929746236196873421',
  ],
];

test('hashes of values are those of PostgreSQL', () => {
  for (const [call, unseeded, seeded] of KNOWN) {
    assert.equal(evaluateToText(call.replace('seed', '0')).text, unseeded, call);
    assert.equal(evaluateToText(call.replace('seed', SEED)).text, seeded, call);
    // The short form is the lower half.
    const short = call.replace(/_?extended/, '').replace(', seed', '');
    assert.equal(evaluateToText(short).text, String(Number(BigInt.asIntN(32, BigInt(unseeded)))), short);
  }
});

test('remainders are of the whole 64 bits, whatever the modulus', () => {
  const hash = new Hash64(0xfedcba98, 0x76543210);
  const whole = 0xfedcba9876543210n;
  for (const modulus of [1, 2, 3, 1000, 0x100000, 0x100001, 0x7fffffff])
    assert.equal(remainderOf(hash, modulus), Number(whole % BigInt(modulus)), String(modulus));
});
