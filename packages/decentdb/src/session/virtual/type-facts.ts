/**
 * How PostgreSQL keeps values of each type, and the functions it reads and writes them with: what drivers ask pg_type for. Nothing
 * here is called by those names.
 *
 * I1  The numbers are PostgreSQL's own, all below those of our functions.
 */
import { Oid } from '../../types/oids.ts';
import { domainBase, type SqlType } from '../../types/sql-type.ts';

/** Type, length, by value, alignment, storage; input, output, receive, send, typmodin, typmodout with their numbers. */
const FACTS = `
bool 1 t c p boolin:1242 boolout:1243 boolrecv:2436 boolsend:2437 - -
bytea -1 f i x byteain:1244 byteaout:31 bytearecv:2412 byteasend:2413 - -
char 1 t c p charin:1245 charout:33 charrecv:2434 charsend:2435 - -
name 64 f c p namein:34 nameout:35 namerecv:2422 namesend:2423 - -
int8 8 t d p int8in:460 int8out:461 int8recv:2408 int8send:2409 - -
int2 2 t s p int2in:38 int2out:39 int2recv:2404 int2send:2405 - -
int2vector -1 f i p int2vectorin:40 int2vectorout:41 int2vectorrecv:2410 int2vectorsend:2411 - -
int4 4 t i p int4in:42 int4out:43 int4recv:2406 int4send:2407 - -
regproc 4 t i p regprocin:44 regprocout:45 regprocrecv:2444 regprocsend:2445 - -
text -1 f i x textin:46 textout:47 textrecv:2414 textsend:2415 - -
oid 4 t i p oidin:1798 oidout:1799 oidrecv:2418 oidsend:2419 - -
tid 6 f s p tidin:48 tidout:49 tidrecv:2438 tidsend:2439 - -
xid 4 t i p xidin:50 xidout:51 xidrecv:2440 xidsend:2441 - -
cid 4 t i p cidin:52 cidout:53 cidrecv:2442 cidsend:2443 - -
oidvector -1 f i p oidvectorin:54 oidvectorout:55 oidvectorrecv:2420 oidvectorsend:2421 - -
json -1 f i x json_in:321 json_out:322 json_recv:323 json_send:324 - -
xml -1 f i x xml_in:2893 xml_out:2894 xml_recv:2898 xml_send:2899 - -
point 16 f d p point_in:117 point_out:118 point_recv:2428 point_send:2429 - -
lseg 32 f d p lseg_in:119 lseg_out:120 lseg_recv:2480 lseg_send:2481 - -
path -1 f d x path_in:121 path_out:122 path_recv:2482 path_send:2483 - -
box 32 f d p box_in:123 box_out:124 box_recv:2484 box_send:2485 - -
polygon -1 f d x poly_in:347 poly_out:348 poly_recv:2486 poly_send:2487 - -
line 24 f d p line_in:1490 line_out:1491 line_recv:2488 line_send:2489 - -
cidr -1 f i m cidr_in:1267 cidr_out:1427 cidr_recv:2498 cidr_send:2499 - -
float4 4 t i p float4in:200 float4out:201 float4recv:2424 float4send:2425 - -
float8 8 t d p float8in:214 float8out:215 float8recv:2426 float8send:2427 - -
unknown -2 f c p unknownin:109 unknownout:110 unknownrecv:2416 unknownsend:2417 - -
circle 24 f d p circle_in:1450 circle_out:1451 circle_recv:2490 circle_send:2491 - -
macaddr8 8 f i p macaddr8_in:4110 macaddr8_out:4111 macaddr8_recv:3446 macaddr8_send:3447 - -
money 8 t d p cash_in:886 cash_out:887 cash_recv:2492 cash_send:2493 - -
macaddr 6 f i p macaddr_in:436 macaddr_out:437 macaddr_recv:2494 macaddr_send:2495 - -
inet -1 f i m inet_in:910 inet_out:911 inet_recv:2496 inet_send:2497 - -
bpchar -1 f i x bpcharin:1044 bpcharout:1045 bpcharrecv:2430 bpcharsend:2431 bpchartypmodin:2913 bpchartypmodout:2914
varchar -1 f i x varcharin:1046 varcharout:1047 varcharrecv:2432 varcharsend:2433 varchartypmodin:2915 varchartypmodout:2916
date 4 t i p date_in:1084 date_out:1085 date_recv:2468 date_send:2469 - -
time 8 t d p time_in:1143 time_out:1144 time_recv:2470 time_send:2471 timetypmodin:2909 timetypmodout:2910
timestamp 8 t d p timestamp_in:1312 timestamp_out:1313 timestamp_recv:2474 timestamp_send:2475 timestamptypmodin:2905 timestamptypmodout:2906
timestamptz 8 t d p timestamptz_in:1150 timestamptz_out:1151 timestamptz_recv:2476 timestamptz_send:2477 timestamptztypmodin:2907 timestamptztypmodout:2908
interval 16 f d p interval_in:1160 interval_out:1161 interval_recv:2478 interval_send:2479 intervaltypmodin:2903 intervaltypmodout:2904
timetz 12 f d p timetz_in:1350 timetz_out:1351 timetz_recv:2472 timetz_send:2473 timetztypmodin:2911 timetztypmodout:2912
bit -1 f i x bit_in:1564 bit_out:1565 bit_recv:2456 bit_send:2457 bittypmodin:2919 bittypmodout:2920
varbit -1 f i x varbit_in:1579 varbit_out:1580 varbit_recv:2458 varbit_send:2459 varbittypmodin:2902 varbittypmodout:2921
numeric -1 f i m numeric_in:1701 numeric_out:1702 numeric_recv:2460 numeric_send:2461 numerictypmodin:2917 numerictypmodout:2918
regprocedure 4 t i p regprocedurein:2212 regprocedureout:2213 regprocedurerecv:2446 regproceduresend:2447 - -
regoper 4 t i p regoperin:2214 regoperout:2215 regoperrecv:2448 regopersend:2449 - -
regoperator 4 t i p regoperatorin:2216 regoperatorout:2217 regoperatorrecv:2450 regoperatorsend:2451 - -
regclass 4 t i p regclassin:2218 regclassout:2219 regclassrecv:2452 regclasssend:2453 - -
regtype 4 t i p regtypein:2220 regtypeout:2221 regtyperecv:2454 regtypesend:2455 - -
record -1 f d x record_in:2290 record_out:2291 record_recv:2402 record_send:2403 - -
cstring -2 f c p cstring_in:2292 cstring_out:2293 cstring_recv:2500 cstring_send:2501 - -
any 4 t i p any_in:2294 any_out:2295 - - - -
anyarray -1 f d x anyarray_in:2296 anyarray_out:2297 anyarray_recv:2502 anyarray_send:2503 - -
void 4 t i p void_in:2298 void_out:2299 void_recv:3120 void_send:3121 - -
trigger 4 t i p trigger_in:2300 trigger_out:2301 - - - -
internal 8 t d p internal_in:2304 internal_out:2305 - - - -
anyelement 4 t i p anyelement_in:2312 anyelement_out:2313 - - - -
anynonarray 4 t i p anynonarray_in:2777 anynonarray_out:2778 - - - -
uuid 16 f c p uuid_in:2952 uuid_out:2953 uuid_recv:2961 uuid_send:2962 - -
txid_snapshot -1 f d x txid_snapshot_in:2939 txid_snapshot_out:2940 txid_snapshot_recv:2941 txid_snapshot_send:2942 - -
pg_lsn 8 t d p pg_lsn_in:3229 pg_lsn_out:3230 pg_lsn_recv:3238 pg_lsn_send:3239 - -
anyenum 4 t i p anyenum_in:3504 anyenum_out:3505 - - - -
tsvector -1 f i x tsvectorin:3610 tsvectorout:3611 tsvectorrecv:3639 tsvectorsend:3638 - -
tsquery -1 f i p tsqueryin:3612 tsqueryout:3613 tsqueryrecv:3641 tsquerysend:3640 - -
regconfig 4 t i p regconfigin:3736 regconfigout:3737 regconfigrecv:3738 regconfigsend:3739 - -
jsonb -1 f i x jsonb_in:3806 jsonb_out:3804 jsonb_recv:3805 jsonb_send:3803 - -
anyrange -1 f d x anyrange_in:3832 anyrange_out:3833 - - - -
jsonpath -1 f i x jsonpath_in:4001 jsonpath_out:4003 jsonpath_recv:4002 jsonpath_send:4004 - -
regnamespace 4 t i p regnamespacein:4084 regnamespaceout:4085 regnamespacerecv:4087 regnamespacesend:4088 - -
regrole 4 t i p regrolein:4098 regroleout:4092 regrolerecv:4094 regrolesend:4095 - -
regcollation 4 t i p regcollationin:4193 regcollationout:4194 regcollationrecv:4196 regcollationsend:4197 - -
anymultirange -1 f d x anymultirange_in:4229 anymultirange_out:4230 - - - -
anycompatiblemultirange -1 f d x anycompatiblemultirange_in:4226 anycompatiblemultirange_out:4227 - - - -
pg_snapshot -1 f d x pg_snapshot_in:5055 pg_snapshot_out:5056 pg_snapshot_recv:5057 pg_snapshot_send:5058 - -
xid8 8 t d p xid8in:5070 xid8out:5081 xid8recv:5082 xid8send:5083 - -
anycompatible 4 t i p anycompatible_in:5086 anycompatible_out:5087 - - - -
anycompatiblearray -1 f d x anycompatiblearray_in:5088 anycompatiblearray_out:5089 anycompatiblearray_recv:5090 anycompatiblearray_send:5091 - -
anycompatiblenonarray 4 t i p anycompatiblenonarray_in:5092 anycompatiblenonarray_out:5093 - - - -
anycompatiblerange -1 f d x anycompatiblerange_in:5094 anycompatiblerange_out:5095 - - - -
`;

/** The functions of types that are made from others. */
const KINDS: Readonly<Record<string, string>> = {
  array: 'array_in:750 array_out:751 array_recv:2400 array_send:2401',
  enum: 'enum_in:3506 enum_out:3507 enum_recv:3532 enum_send:3533',
  domain: 'domain_in:2597 - domain_recv:2598 -',
  composite: 'record_in:2290 record_out:2291 record_recv:2402 record_send:2403',
  range: 'range_in:3834 range_out:3835 range_recv:3836 range_send:3837',
  multirange: 'multirange_in:4231 multirange_out:4232 multirange_recv:4233 multirange_send:4234',
};

/** What the functions of a kind take or give: PostgreSQL's pseudo-types. */
const KIND_TYPES: Readonly<Record<string, number>> = {
  array: Oid.anyarray,
  enum: Oid.anyenum,
  domain: Oid.any,
  composite: Oid.record,
  range: Oid.anyrange,
  multirange: Oid.anymultirange,
};

const CSTRING = 2275;
const INTERNAL = 2281;

export interface TypeFacts {
  readonly length: number;
  readonly isByValue: boolean;
  /** c, s, i, d: 1, 2, 4, 8 bytes. */
  readonly align: string;
  /** p, x, m, e: plain, extended, main, external. */
  readonly storage: string;
  /** Numbers of the functions for input, output, receive, send, typmodin, typmodout; 0 for none. */
  readonly functions: readonly number[];
}

export interface TypeFunction {
  readonly oid: number;
  readonly name: string;
  readonly args: readonly number[];
  readonly returns: number;
}

interface Known {
  readonly types: ReadonlyMap<string, TypeFacts>;
  readonly kinds: ReadonlyMap<string, readonly number[]>;
  readonly functions: ReadonlyMap<number, TypeFunction>;
}

/** Notes the functions of a list, and gives their numbers. */
function noted(words: readonly string[], type: number, into: Map<number, TypeFunction>): number[] {
  const forms = [
    [[CSTRING], type],
    [[type], CSTRING],
    [[INTERNAL], type],
    [[type], Oid.bytea],
    [[CSTRING_ARRAY], Oid.int4],
    [[Oid.int4], CSTRING],
  ] as const;
  return words.map((word, i) => {
    const [name = '', number] = word.split(':');
    if (number === undefined) return 0;
    const oid = Number(number);
    const [args, returns] = forms[i] ?? [[], 0];
    if (!into.has(oid)) into.set(oid, { oid, name, args, returns });
    return oid;
  });
}

const CSTRING_ARRAY = 1263;

function readFacts(typeId: (name: string) => number): Known {
  const functions = new Map<number, TypeFunction>();
  const types = new Map<string, TypeFacts>();
  for (const line of FACTS.trim().split('\n')) {
    const [name = '', length, byValue, align = 'i', storage = 'x', ...names] = line.split(' ');
    types.set(name, {
      length: Number(length),
      isByValue: byValue === 't',
      align,
      storage,
      functions: noted(names, typeId(name), functions),
    });
  }
  const kinds = new Map(
    Object.entries(KINDS).map(([kind, names]) => [
      kind,
      [...noted(names.split(' '), KIND_TYPES[kind] ?? 0, functions), 0, 0],
    ]),
  );
  return { types, kinds, functions };
}

let known: Known | null = null;

function facts(): Known {
  known ??= readFacts((name) => (Oid as Readonly<Record<string, number>>)[name] ?? 0);
  return known;
}

const VARIABLE: TypeFacts = { length: -1, isByValue: false, align: 'i', storage: 'x', functions: [] };

export function typeFacts(type: SqlType): TypeFacts {
  const { types, kinds } = facts();
  const own = types.get(type.name);
  if (own !== undefined && type.kind !== 'domain' && type.kind !== 'composite') return own;
  const functions = kinds.get(type.kind) ?? [];
  switch (type.kind) {
    case 'enum':
      return { length: 4, isByValue: true, align: 'i', storage: 'p', functions };
    case 'domain': {
      const base = typeFacts(domainBase(type));
      // A domain is written as its base is.
      return {
        ...base,
        functions: functions.map((oid, i) => (i < 4 && oid === 0 ? (base.functions[i] ?? 0) : oid)),
      };
    }
    case 'composite':
      return { ...VARIABLE, align: 'd', functions };
    default: {
      const part = type.elementType ?? type.rangeSubtype;
      return { ...VARIABLE, align: part !== null && typeFacts(part).align === 'd' ? 'd' : 'i', functions };
    }
  }
}

/** All functions types are read and written with. */
export function typeFunctions(): Iterable<TypeFunction> {
  return facts().functions.values();
}

export function typeFunction(oid: number): TypeFunction | undefined {
  return facts().functions.get(oid);
}
