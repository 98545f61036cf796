// Parse tree, part 2: SQL/JSON (PostgreSQL 16-18) and XML constructs. Rules I1-I5 of expressions.ts hold.

import type { Expr, SortBy, TypeName, WindowDef } from './expressions.ts';
import type { Alias, SelectStmt } from './select.ts';

export interface JsonFormat {
  readonly kind: 'JsonFormat';
  readonly format_type: 'JS_FORMAT_DEFAULT' | 'JS_FORMAT_JSON' | 'JS_FORMAT_JSONB';
  readonly encoding: 'JS_ENC_DEFAULT' | 'JS_ENC_UTF8' | 'JS_ENC_UTF16' | 'JS_ENC_UTF32';
  readonly location: number;
}

export interface JsonValueExpr {
  readonly kind: 'JsonValueExpr';
  readonly raw_expr: Expr;
  readonly format: JsonFormat;
  readonly location: number;
}

export interface JsonOutput {
  readonly kind: 'JsonOutput';
  readonly typeName: TypeName;
  readonly format: JsonFormat;
  readonly location: number;
}

export interface JsonKeyValue {
  readonly kind: 'JsonKeyValue';
  readonly key: Expr;
  readonly value: JsonValueExpr;
  readonly location: number;
}

export interface JsonArgument {
  readonly kind: 'JsonArgument';
  readonly val: JsonValueExpr;
  readonly name: string;
  readonly location: number;
}

export type JsonBehaviorType =
  | 'JSON_BEHAVIOR_NULL'
  | 'JSON_BEHAVIOR_ERROR'
  | 'JSON_BEHAVIOR_EMPTY'
  | 'JSON_BEHAVIOR_TRUE'
  | 'JSON_BEHAVIOR_FALSE'
  | 'JSON_BEHAVIOR_UNKNOWN'
  | 'JSON_BEHAVIOR_EMPTY_ARRAY'
  | 'JSON_BEHAVIOR_EMPTY_OBJECT'
  | 'JSON_BEHAVIOR_DEFAULT';

export interface JsonBehavior {
  readonly kind: 'JsonBehavior';
  readonly btype: JsonBehaviorType;
  readonly expr: Expr | null;
  readonly location: number;
}

export type JsonWrapper = 'JSW_UNSPEC' | 'JSW_NONE' | 'JSW_CONDITIONAL' | 'JSW_UNCONDITIONAL';
export type JsonQuotes = 'JS_QUOTES_UNSPEC' | 'JS_QUOTES_KEEP' | 'JS_QUOTES_OMIT';

/** JSON_VALUE, JSON_QUERY, JSON_EXISTS. */
export interface JsonFuncExpr {
  readonly kind: 'JsonFuncExpr';
  readonly op: 'JSON_EXISTS_OP' | 'JSON_QUERY_OP' | 'JSON_VALUE_OP';
  readonly context_item: JsonValueExpr;
  readonly pathspec: Expr;
  readonly passing: readonly JsonArgument[];
  readonly output: JsonOutput | null;
  readonly on_empty: JsonBehavior | null;
  readonly on_error: JsonBehavior | null;
  readonly wrapper: JsonWrapper;
  readonly quotes: JsonQuotes;
  readonly location: number;
}

export interface JsonObjectConstructor {
  readonly kind: 'JsonObjectConstructor';
  readonly exprs: readonly JsonKeyValue[];
  readonly output: JsonOutput | null;
  readonly absent_on_null: boolean;
  readonly unique: boolean;
  readonly location: number;
}

export interface JsonArrayConstructor {
  readonly kind: 'JsonArrayConstructor';
  readonly exprs: readonly JsonValueExpr[];
  readonly output: JsonOutput | null;
  readonly absent_on_null: boolean;
  readonly location: number;
}

export interface JsonArrayQueryConstructor {
  readonly kind: 'JsonArrayQueryConstructor';
  readonly query: SelectStmt;
  readonly output: JsonOutput | null;
  readonly format: JsonFormat;
  readonly absent_on_null: boolean;
  readonly location: number;
}

export interface JsonAggConstructor {
  readonly kind: 'JsonAggConstructor';
  readonly output: JsonOutput | null;
  readonly agg_filter: Expr | null;
  readonly agg_order: readonly SortBy[];
  readonly over: WindowDef | null;
  readonly location: number;
}

/** PostgreSQL's field is `constructor`; ours is `construct`, since every object has a `constructor` in JavaScript. */
export interface JsonObjectAgg {
  readonly kind: 'JsonObjectAgg';
  readonly construct: JsonAggConstructor;
  readonly arg: JsonKeyValue;
  readonly absent_on_null: boolean;
  readonly unique: boolean;
  readonly location: number;
}

export interface JsonArrayAgg {
  readonly kind: 'JsonArrayAgg';
  readonly construct: JsonAggConstructor;
  readonly arg: JsonValueExpr;
  readonly absent_on_null: boolean;
  readonly location: number;
}

/** `JSON(text)`. */
export interface JsonParseExpr {
  readonly kind: 'JsonParseExpr';
  readonly expr: JsonValueExpr;
  readonly unique_keys: boolean;
  readonly location: number;
}

export interface JsonScalarExpr {
  readonly kind: 'JsonScalarExpr';
  readonly expr: Expr;
  readonly location: number;
}

export interface JsonSerializeExpr {
  readonly kind: 'JsonSerializeExpr';
  readonly expr: JsonValueExpr;
  readonly output: JsonOutput | null;
  readonly location: number;
}

/** `expr IS [NOT] JSON [VALUE|SCALAR|ARRAY|OBJECT] [WITH UNIQUE KEYS]`; NOT wraps it in a BoolExpr. */
export interface JsonIsPredicate {
  readonly kind: 'JsonIsPredicate';
  readonly expr: Expr;
  readonly item_type: 'JS_TYPE_ANY' | 'JS_TYPE_OBJECT' | 'JS_TYPE_ARRAY' | 'JS_TYPE_SCALAR';
  readonly unique_keys: boolean;
  readonly location: number;
}

export interface JsonTablePathSpec {
  readonly kind: 'JsonTablePathSpec';
  readonly string: Expr;
  readonly name: string | null;
  readonly location: number;
}

export type JsonTableColumnType =
  | 'JTC_FOR_ORDINALITY'
  | 'JTC_REGULAR'
  | 'JTC_EXISTS'
  | 'JTC_FORMATTED'
  | 'JTC_NESTED';

export interface JsonTableColumn {
  readonly kind: 'JsonTableColumn';
  readonly coltype: JsonTableColumnType;
  readonly name: string | null;
  readonly typeName: TypeName | null;
  readonly pathspec: JsonTablePathSpec | null;
  readonly format: JsonFormat | null;
  readonly wrapper: JsonWrapper;
  readonly quotes: JsonQuotes;
  readonly columns: readonly JsonTableColumn[];
  readonly on_empty: JsonBehavior | null;
  readonly on_error: JsonBehavior | null;
  readonly location: number;
}

/** `JSON_TABLE(...)` in FROM. */
export interface JsonTable {
  readonly kind: 'JsonTable';
  readonly context_item: JsonValueExpr;
  readonly pathspec: JsonTablePathSpec;
  readonly passing: readonly JsonArgument[];
  readonly columns: readonly JsonTableColumn[];
  readonly on_error: JsonBehavior | null;
  readonly alias: Alias | null;
  readonly lateral: boolean;
  readonly location: number;
}

export type JsonExprNode =
  | JsonFuncExpr
  | JsonObjectConstructor
  | JsonArrayConstructor
  | JsonArrayQueryConstructor
  | JsonObjectAgg
  | JsonArrayAgg
  | JsonParseExpr
  | JsonScalarExpr
  | JsonSerializeExpr
  | JsonIsPredicate;

export type JsonPartNode =
  | JsonFormat
  | JsonValueExpr
  | JsonOutput
  | JsonKeyValue
  | JsonArgument
  | JsonBehavior
  | JsonAggConstructor
  | JsonTablePathSpec
  | JsonTableColumn;

export type XmlExprOp =
  | 'IS_XMLCONCAT'
  | 'IS_XMLELEMENT'
  | 'IS_XMLFOREST'
  | 'IS_XMLPARSE'
  | 'IS_XMLPI'
  | 'IS_XMLROOT'
  | 'IS_DOCUMENT';

export interface XmlExpr {
  readonly kind: 'XmlExpr';
  readonly op: XmlExprOp;
  readonly name: string | null;
  /** ResTargets of XMLATTRIBUTES / XMLFOREST. */
  readonly named_args: readonly XmlNamedArg[];
  readonly args: readonly Expr[];
  readonly xmloption: 'XMLOPTION_DOCUMENT' | 'XMLOPTION_CONTENT';
  readonly location: number;
}

/** PostgreSQL uses a ResTarget here. */
export interface XmlNamedArg {
  readonly kind: 'ResTarget';
  readonly name: string | null;
  readonly indirection: readonly never[];
  readonly val: Expr;
  readonly location: number;
}

export interface XmlSerialize {
  readonly kind: 'XmlSerialize';
  readonly xmloption: 'XMLOPTION_DOCUMENT' | 'XMLOPTION_CONTENT';
  readonly expr: Expr;
  readonly typeName: TypeName;
  readonly indent: boolean;
  readonly location: number;
}

export type XmlExprNode = XmlExpr | XmlSerialize;
