// SQL keywords: token codes and classes (facts of PostgreSQL 18's kwlist). A table of data, sorted by name.
//
// I1  Codes run without gaps from KEYWORD_FIRST in the order of KEYWORD_NAMES: code - KEYWORD_FIRST is the index.
// Codes are typed `number`, not their literal: the parser's current token changes under comparisons the checker would narrow.
// I2  KEYWORD_CLASS is 0 unreserved, 1 column name, 2 type or function name, 3 reserved; +4 when it may be a bare column label.

export const KEYWORD_FIRST: number = 64;
export const ABORT: number = 64;
export const ABSENT: number = 65;
export const ABSOLUTE: number = 66;
export const ACCESS: number = 67;
export const ACTION: number = 68;
export const ADD: number = 69;
export const ADMIN: number = 70;
export const AFTER: number = 71;
export const AGGREGATE: number = 72;
export const ALL: number = 73;
export const ALSO: number = 74;
export const ALTER: number = 75;
export const ALWAYS: number = 76;
export const ANALYSE: number = 77;
export const ANALYZE: number = 78;
export const AND: number = 79;
export const ANY: number = 80;
export const ARRAY: number = 81;
export const AS: number = 82;
export const ASC: number = 83;
export const ASENSITIVE: number = 84;
export const ASSERTION: number = 85;
export const ASSIGNMENT: number = 86;
export const ASYMMETRIC: number = 87;
export const AT: number = 88;
export const ATOMIC: number = 89;
export const ATTACH: number = 90;
export const ATTRIBUTE: number = 91;
export const AUTHORIZATION: number = 92;
export const BACKWARD: number = 93;
export const BEFORE: number = 94;
export const BEGIN: number = 95;
export const BETWEEN: number = 96;
export const BIGINT: number = 97;
export const BINARY: number = 98;
export const BIT: number = 99;
export const BOOLEAN: number = 100;
export const BOTH: number = 101;
export const BREADTH: number = 102;
export const BY: number = 103;
export const CACHE: number = 104;
export const CALL: number = 105;
export const CALLED: number = 106;
export const CASCADE: number = 107;
export const CASCADED: number = 108;
export const CASE: number = 109;
export const CAST: number = 110;
export const CATALOG: number = 111;
export const CHAIN: number = 112;
export const CHAR: number = 113;
export const CHARACTER: number = 114;
export const CHARACTERISTICS: number = 115;
export const CHECK: number = 116;
export const CHECKPOINT: number = 117;
export const CLASS: number = 118;
export const CLOSE: number = 119;
export const CLUSTER: number = 120;
export const COALESCE: number = 121;
export const COLLATE: number = 122;
export const COLLATION: number = 123;
export const COLUMN: number = 124;
export const COLUMNS: number = 125;
export const COMMENT: number = 126;
export const COMMENTS: number = 127;
export const COMMIT: number = 128;
export const COMMITTED: number = 129;
export const COMPRESSION: number = 130;
export const CONCURRENTLY: number = 131;
export const CONDITIONAL: number = 132;
export const CONFIGURATION: number = 133;
export const CONFLICT: number = 134;
export const CONNECTION: number = 135;
export const CONSTRAINT: number = 136;
export const CONSTRAINTS: number = 137;
export const CONTENT: number = 138;
export const CONTINUE: number = 139;
export const CONVERSION: number = 140;
export const COPY: number = 141;
export const COST: number = 142;
export const CREATE: number = 143;
export const CROSS: number = 144;
export const CSV: number = 145;
export const CUBE: number = 146;
export const CURRENT: number = 147;
export const CURRENT_CATALOG: number = 148;
export const CURRENT_DATE: number = 149;
export const CURRENT_ROLE: number = 150;
export const CURRENT_SCHEMA: number = 151;
export const CURRENT_TIME: number = 152;
export const CURRENT_TIMESTAMP: number = 153;
export const CURRENT_USER: number = 154;
export const CURSOR: number = 155;
export const CYCLE: number = 156;
export const DATA: number = 157;
export const DATABASE: number = 158;
export const DAY: number = 159;
export const DEALLOCATE: number = 160;
export const DEC: number = 161;
export const DECIMAL: number = 162;
export const DECLARE: number = 163;
export const DEFAULT: number = 164;
export const DEFAULTS: number = 165;
export const DEFERRABLE: number = 166;
export const DEFERRED: number = 167;
export const DEFINER: number = 168;
export const DELETE: number = 169;
export const DELIMITER: number = 170;
export const DELIMITERS: number = 171;
export const DEPENDS: number = 172;
export const DEPTH: number = 173;
export const DESC: number = 174;
export const DETACH: number = 175;
export const DICTIONARY: number = 176;
export const DISABLE: number = 177;
export const DISCARD: number = 178;
export const DISTINCT: number = 179;
export const DO: number = 180;
export const DOCUMENT: number = 181;
export const DOMAIN: number = 182;
export const DOUBLE: number = 183;
export const DROP: number = 184;
export const EACH: number = 185;
export const ELSE: number = 186;
export const EMPTY: number = 187;
export const ENABLE: number = 188;
export const ENCODING: number = 189;
export const ENCRYPTED: number = 190;
export const END: number = 191;
export const ENFORCED: number = 192;
export const ENUM: number = 193;
export const ERROR: number = 194;
export const ESCAPE: number = 195;
export const EVENT: number = 196;
export const EXCEPT: number = 197;
export const EXCLUDE: number = 198;
export const EXCLUDING: number = 199;
export const EXCLUSIVE: number = 200;
export const EXECUTE: number = 201;
export const EXISTS: number = 202;
export const EXPLAIN: number = 203;
export const EXPRESSION: number = 204;
export const EXTENSION: number = 205;
export const EXTERNAL: number = 206;
export const EXTRACT: number = 207;
export const FALSE: number = 208;
export const FAMILY: number = 209;
export const FETCH: number = 210;
export const FILTER: number = 211;
export const FINALIZE: number = 212;
export const FIRST: number = 213;
export const FLOAT: number = 214;
export const FOLLOWING: number = 215;
export const FOR: number = 216;
export const FORCE: number = 217;
export const FOREIGN: number = 218;
export const FORMAT: number = 219;
export const FORWARD: number = 220;
export const FREEZE: number = 221;
export const FROM: number = 222;
export const FULL: number = 223;
export const FUNCTION: number = 224;
export const FUNCTIONS: number = 225;
export const GENERATED: number = 226;
export const GLOBAL: number = 227;
export const GRANT: number = 228;
export const GRANTED: number = 229;
export const GREATEST: number = 230;
export const GROUP: number = 231;
export const GROUPING: number = 232;
export const GROUPS: number = 233;
export const HANDLER: number = 234;
export const HAVING: number = 235;
export const HEADER: number = 236;
export const HOLD: number = 237;
export const HOUR: number = 238;
export const IDENTITY: number = 239;
export const IF: number = 240;
export const ILIKE: number = 241;
export const IMMEDIATE: number = 242;
export const IMMUTABLE: number = 243;
export const IMPLICIT: number = 244;
export const IMPORT: number = 245;
export const IN: number = 246;
export const INCLUDE: number = 247;
export const INCLUDING: number = 248;
export const INCREMENT: number = 249;
export const INDENT: number = 250;
export const INDEX: number = 251;
export const INDEXES: number = 252;
export const INHERIT: number = 253;
export const INHERITS: number = 254;
export const INITIALLY: number = 255;
export const INLINE: number = 256;
export const INNER: number = 257;
export const INOUT: number = 258;
export const INPUT: number = 259;
export const INSENSITIVE: number = 260;
export const INSERT: number = 261;
export const INSTEAD: number = 262;
export const INT: number = 263;
export const INTEGER: number = 264;
export const INTERSECT: number = 265;
export const INTERVAL: number = 266;
export const INTO: number = 267;
export const INVOKER: number = 268;
export const IS: number = 269;
export const ISNULL: number = 270;
export const ISOLATION: number = 271;
export const JOIN: number = 272;
export const JSON: number = 273;
export const JSON_ARRAY: number = 274;
export const JSON_ARRAYAGG: number = 275;
export const JSON_EXISTS: number = 276;
export const JSON_OBJECT: number = 277;
export const JSON_OBJECTAGG: number = 278;
export const JSON_QUERY: number = 279;
export const JSON_SCALAR: number = 280;
export const JSON_SERIALIZE: number = 281;
export const JSON_TABLE: number = 282;
export const JSON_VALUE: number = 283;
export const KEEP: number = 284;
export const KEY: number = 285;
export const KEYS: number = 286;
export const LABEL: number = 287;
export const LANGUAGE: number = 288;
export const LARGE: number = 289;
export const LAST: number = 290;
export const LATERAL: number = 291;
export const LEADING: number = 292;
export const LEAKPROOF: number = 293;
export const LEAST: number = 294;
export const LEFT: number = 295;
export const LEVEL: number = 296;
export const LIKE: number = 297;
export const LIMIT: number = 298;
export const LISTEN: number = 299;
export const LOAD: number = 300;
export const LOCAL: number = 301;
export const LOCALTIME: number = 302;
export const LOCALTIMESTAMP: number = 303;
export const LOCATION: number = 304;
export const LOCK: number = 305;
export const LOCKED: number = 306;
export const LOGGED: number = 307;
export const MAPPING: number = 308;
export const MATCH: number = 309;
export const MATCHED: number = 310;
export const MATERIALIZED: number = 311;
export const MAXVALUE: number = 312;
export const MERGE: number = 313;
export const MERGE_ACTION: number = 314;
export const METHOD: number = 315;
export const MINUTE: number = 316;
export const MINVALUE: number = 317;
export const MODE: number = 318;
export const MONTH: number = 319;
export const MOVE: number = 320;
export const NAME: number = 321;
export const NAMES: number = 322;
export const NATIONAL: number = 323;
export const NATURAL: number = 324;
export const NCHAR: number = 325;
export const NESTED: number = 326;
export const NEW: number = 327;
export const NEXT: number = 328;
export const NFC: number = 329;
export const NFD: number = 330;
export const NFKC: number = 331;
export const NFKD: number = 332;
export const NO: number = 333;
export const NONE: number = 334;
export const NORMALIZE: number = 335;
export const NORMALIZED: number = 336;
export const NOT: number = 337;
export const NOTHING: number = 338;
export const NOTIFY: number = 339;
export const NOTNULL: number = 340;
export const NOWAIT: number = 341;
export const NULL: number = 342;
export const NULLIF: number = 343;
export const NULLS: number = 344;
export const NUMERIC: number = 345;
export const OBJECT: number = 346;
export const OBJECTS: number = 347;
export const OF: number = 348;
export const OFF: number = 349;
export const OFFSET: number = 350;
export const OIDS: number = 351;
export const OLD: number = 352;
export const OMIT: number = 353;
export const ON: number = 354;
export const ONLY: number = 355;
export const OPERATOR: number = 356;
export const OPTION: number = 357;
export const OPTIONS: number = 358;
export const OR: number = 359;
export const ORDER: number = 360;
export const ORDINALITY: number = 361;
export const OTHERS: number = 362;
export const OUT: number = 363;
export const OUTER: number = 364;
export const OVER: number = 365;
export const OVERLAPS: number = 366;
export const OVERLAY: number = 367;
export const OVERRIDING: number = 368;
export const OWNED: number = 369;
export const OWNER: number = 370;
export const PARALLEL: number = 371;
export const PARAMETER: number = 372;
export const PARSER: number = 373;
export const PARTIAL: number = 374;
export const PARTITION: number = 375;
export const PASSING: number = 376;
export const PASSWORD: number = 377;
export const PATH: number = 378;
export const PERIOD: number = 379;
export const PLACING: number = 380;
export const PLAN: number = 381;
export const PLANS: number = 382;
export const POLICY: number = 383;
export const POSITION: number = 384;
export const PRECEDING: number = 385;
export const PRECISION: number = 386;
export const PREPARE: number = 387;
export const PREPARED: number = 388;
export const PRESERVE: number = 389;
export const PRIMARY: number = 390;
export const PRIOR: number = 391;
export const PRIVILEGES: number = 392;
export const PROCEDURAL: number = 393;
export const PROCEDURE: number = 394;
export const PROCEDURES: number = 395;
export const PROGRAM: number = 396;
export const PUBLICATION: number = 397;
export const QUOTE: number = 398;
export const QUOTES: number = 399;
export const RANGE: number = 400;
export const READ: number = 401;
export const REAL: number = 402;
export const REASSIGN: number = 403;
export const RECURSIVE: number = 404;
export const REF: number = 405;
export const REFERENCES: number = 406;
export const REFERENCING: number = 407;
export const REFRESH: number = 408;
export const REINDEX: number = 409;
export const RELATIVE: number = 410;
export const RELEASE: number = 411;
export const RENAME: number = 412;
export const REPEATABLE: number = 413;
export const REPLACE: number = 414;
export const REPLICA: number = 415;
export const RESET: number = 416;
export const RESTART: number = 417;
export const RESTRICT: number = 418;
export const RETURN: number = 419;
export const RETURNING: number = 420;
export const RETURNS: number = 421;
export const REVOKE: number = 422;
export const RIGHT: number = 423;
export const ROLE: number = 424;
export const ROLLBACK: number = 425;
export const ROLLUP: number = 426;
export const ROUTINE: number = 427;
export const ROUTINES: number = 428;
export const ROW: number = 429;
export const ROWS: number = 430;
export const RULE: number = 431;
export const SAVEPOINT: number = 432;
export const SCALAR: number = 433;
export const SCHEMA: number = 434;
export const SCHEMAS: number = 435;
export const SCROLL: number = 436;
export const SEARCH: number = 437;
export const SECOND: number = 438;
export const SECURITY: number = 439;
export const SELECT: number = 440;
export const SEQUENCE: number = 441;
export const SEQUENCES: number = 442;
export const SERIALIZABLE: number = 443;
export const SERVER: number = 444;
export const SESSION: number = 445;
export const SESSION_USER: number = 446;
export const SET: number = 447;
export const SETOF: number = 448;
export const SETS: number = 449;
export const SHARE: number = 450;
export const SHOW: number = 451;
export const SIMILAR: number = 452;
export const SIMPLE: number = 453;
export const SKIP: number = 454;
export const SMALLINT: number = 455;
export const SNAPSHOT: number = 456;
export const SOME: number = 457;
export const SOURCE: number = 458;
export const SQL: number = 459;
export const STABLE: number = 460;
export const STANDALONE: number = 461;
export const START: number = 462;
export const STATEMENT: number = 463;
export const STATISTICS: number = 464;
export const STDIN: number = 465;
export const STDOUT: number = 466;
export const STORAGE: number = 467;
export const STORED: number = 468;
export const STRICT: number = 469;
export const STRING: number = 470;
export const STRIP: number = 471;
export const SUBSCRIPTION: number = 472;
export const SUBSTRING: number = 473;
export const SUPPORT: number = 474;
export const SYMMETRIC: number = 475;
export const SYSID: number = 476;
export const SYSTEM: number = 477;
export const SYSTEM_USER: number = 478;
export const TABLE: number = 479;
export const TABLES: number = 480;
export const TABLESAMPLE: number = 481;
export const TABLESPACE: number = 482;
export const TARGET: number = 483;
export const TEMP: number = 484;
export const TEMPLATE: number = 485;
export const TEMPORARY: number = 486;
export const TEXT: number = 487;
export const THEN: number = 488;
export const TIES: number = 489;
export const TIME: number = 490;
export const TIMESTAMP: number = 491;
export const TO: number = 492;
export const TRAILING: number = 493;
export const TRANSACTION: number = 494;
export const TRANSFORM: number = 495;
export const TREAT: number = 496;
export const TRIGGER: number = 497;
export const TRIM: number = 498;
export const TRUE: number = 499;
export const TRUNCATE: number = 500;
export const TRUSTED: number = 501;
export const TYPE: number = 502;
export const TYPES: number = 503;
export const UESCAPE: number = 504;
export const UNBOUNDED: number = 505;
export const UNCOMMITTED: number = 506;
export const UNCONDITIONAL: number = 507;
export const UNENCRYPTED: number = 508;
export const UNION: number = 509;
export const UNIQUE: number = 510;
export const UNKNOWN: number = 511;
export const UNLISTEN: number = 512;
export const UNLOGGED: number = 513;
export const UNTIL: number = 514;
export const UPDATE: number = 515;
export const USER: number = 516;
export const USING: number = 517;
export const VACUUM: number = 518;
export const VALID: number = 519;
export const VALIDATE: number = 520;
export const VALIDATOR: number = 521;
export const VALUE: number = 522;
export const VALUES: number = 523;
export const VARCHAR: number = 524;
export const VARIADIC: number = 525;
export const VARYING: number = 526;
export const VERBOSE: number = 527;
export const VERSION: number = 528;
export const VIEW: number = 529;
export const VIEWS: number = 530;
export const VIRTUAL: number = 531;
export const VOLATILE: number = 532;
export const WHEN: number = 533;
export const WHERE: number = 534;
export const WHITESPACE: number = 535;
export const WINDOW: number = 536;
export const WITH: number = 537;
export const WITHIN: number = 538;
export const WITHOUT: number = 539;
export const WORK: number = 540;
export const WRAPPER: number = 541;
export const WRITE: number = 542;
export const XML: number = 543;
export const XMLATTRIBUTES: number = 544;
export const XMLCONCAT: number = 545;
export const XMLELEMENT: number = 546;
export const XMLEXISTS: number = 547;
export const XMLFOREST: number = 548;
export const XMLNAMESPACES: number = 549;
export const XMLPARSE: number = 550;
export const XMLPI: number = 551;
export const XMLROOT: number = 552;
export const XMLSERIALIZE: number = 553;
export const XMLTABLE: number = 554;
export const YEAR: number = 555;
export const YES: number = 556;
export const ZONE: number = 557;
export const KEYWORD_END: number = 558;

export const KEYWORD_NAMES: readonly string[] = (
  'abort absent absolute access action add admin after aggregate all also alter always analyse ' +
  'analyze and any array as asc asensitive assertion assignment asymmetric at atomic attach ' +
  'attribute authorization backward before begin between bigint binary bit boolean both breadth by ' +
  'cache call called cascade cascaded case cast catalog chain char character characteristics check ' +
  'checkpoint class close cluster coalesce collate collation column columns comment comments ' +
  'commit committed compression concurrently conditional configuration conflict connection ' +
  'constraint constraints content continue conversion copy cost create cross csv cube current ' +
  'current_catalog current_date current_role current_schema current_time current_timestamp ' +
  'current_user cursor cycle data database day deallocate dec decimal declare default defaults ' +
  'deferrable deferred definer delete delimiter delimiters depends depth desc detach dictionary ' +
  'disable discard distinct do document domain double drop each else empty enable encoding ' +
  'encrypted end enforced enum error escape event except exclude excluding exclusive execute ' +
  'exists explain expression extension external extract false family fetch filter finalize first ' +
  'float following for force foreign format forward freeze from full function functions generated ' +
  'global grant granted greatest group grouping groups handler having header hold hour identity if ' +
  'ilike immediate immutable implicit import in include including increment indent index indexes ' +
  'inherit inherits initially inline inner inout input insensitive insert instead int integer ' +
  'intersect interval into invoker is isnull isolation join json json_array json_arrayagg ' +
  'json_exists json_object json_objectagg json_query json_scalar json_serialize json_table ' +
  'json_value keep key keys label language large last lateral leading leakproof least left level ' +
  'like limit listen load local localtime localtimestamp location lock locked logged mapping match ' +
  'matched materialized maxvalue merge merge_action method minute minvalue mode month move name ' +
  'names national natural nchar nested new next nfc nfd nfkc nfkd no none normalize normalized not ' +
  'nothing notify notnull nowait null nullif nulls numeric object objects of off offset oids old ' +
  'omit on only operator option options or order ordinality others out outer over overlaps overlay ' +
  'overriding owned owner parallel parameter parser partial partition passing password path period ' +
  'placing plan plans policy position preceding precision prepare prepared preserve primary prior ' +
  'privileges procedural procedure procedures program publication quote quotes range read real ' +
  'reassign recursive ref references referencing refresh reindex relative release rename ' +
  'repeatable replace replica reset restart restrict return returning returns revoke right role ' +
  'rollback rollup routine routines row rows rule savepoint scalar schema schemas scroll search ' +
  'second security select sequence sequences serializable server session session_user set setof ' +
  'sets share show similar simple skip smallint snapshot some source sql stable standalone start ' +
  'statement statistics stdin stdout storage stored strict string strip subscription substring ' +
  'support symmetric sysid system system_user table tables tablesample tablespace target temp ' +
  'template temporary text then ties time timestamp to trailing transaction transform treat ' +
  'trigger trim true truncate trusted type types uescape unbounded uncommitted unconditional ' +
  'unencrypted union unique unknown unlisten unlogged until update user using vacuum valid ' +
  'validate validator value values varchar variadic varying verbose version view views virtual ' +
  'volatile when where whitespace window with within without work wrapper write xml xmlattributes ' +
  'xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize ' +
  'xmltable year yes zone'
).split(' ');

export const CLASS_UNRESERVED: number = 0;
export const CLASS_COL_NAME: number = 1;
export const CLASS_TYPE_FUNC_NAME: number = 2;
export const CLASS_RESERVED: number = 3;
export const BARE_LABEL: number = 4;

/** One digit a keyword: its class, plus BARE_LABEL. */
const CLASSES: string =
  '444444444744477773374447444464445565574444444774411474444576744444464444744444436444777677' +
  '744440455474744444447444477444447444474444434444544445743044543474463644443453544344044644' +
  '447444444447465444455353462465555555555544444447745646344477444444444454044044456544444444' +
  '554744247545444434443744473445602544444444444474445414447444444444445444744444444444443446' +
  '444445444444440474444474544464454744444444444444454744774644444474553744545744444444437444' +
  '44774444455706444447343300444455555555555044';

export const KEYWORD_CLASS: Uint8Array = Uint8Array.from(CLASSES, Number);
