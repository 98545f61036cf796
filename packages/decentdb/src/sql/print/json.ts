// SQL/JSON and XML constructs as SQL text.

import type {
  JsonAggConstructor,
  JsonArgument,
  JsonBehavior,
  JsonExprNode,
  JsonFormat,
  JsonKeyValue,
  JsonOutput,
  JsonQuotes,
  JsonTable,
  JsonTableColumn,
  JsonTablePathSpec,
  JsonValueExpr,
  JsonWrapper,
  RangeTableFunc,
  XmlExprNode,
  XmlNamedArg,
} from '../ast/nodes.ts';
import { printExpr, printExprs, printOperand, printOrderBy } from './expression.ts';
import { printOver } from './function-call.ts';
import { quoteIdentifier } from './quote.ts';
import { printSelect } from './select.ts';
import { printTypeName } from './type-name.ts';

function printFormat(f: JsonFormat): string {
  if (f.format_type === 'JS_FORMAT_DEFAULT') return '';
  const encoding = f.encoding === 'JS_ENC_DEFAULT' ? '' : ` ENCODING ${f.encoding.slice(7)}`;
  return ` FORMAT JSON${encoding}`;
}

function printValue(v: JsonValueExpr): string {
  return printExpr(v.raw_expr) + printFormat(v.format);
}

function printReturning(o: JsonOutput | null): string {
  return o === null ? '' : ` RETURNING ${printTypeName(o.typeName)}${printFormat(o.format)}`;
}

function printKeyValue(kv: JsonKeyValue): string {
  return `${printExpr(kv.key)} : ${printValue(kv.value)}`;
}

function printAgg(name: string, inner: string, c: JsonAggConstructor): string {
  let text = `${name}(${inner}${printReturning(c.output)})`;
  if (c.agg_filter !== null) text += ` FILTER (WHERE ${printExpr(c.agg_filter)})`;
  if (c.over !== null) text += ` OVER ${printOver(c.over)}`;
  return text;
}

const unique = (on: boolean): string => (on ? ' WITH UNIQUE KEYS' : '');
const objectNulls = (absent: boolean): string => (absent ? ' ABSENT ON NULL' : '');
const arrayNulls = (absent: boolean): string => (absent ? '' : ' NULL ON NULL');

export function printJson(e: JsonExprNode): string {
  switch (e.kind) {
    case 'JsonObjectConstructor':
      if (e.exprs.length === 0) return `JSON_OBJECT(${printReturning(e.output).trim()})`;
      return `JSON_OBJECT(${e.exprs.map(printKeyValue).join(', ')}${objectNulls(e.absent_on_null)}${unique(e.unique)}${printReturning(e.output)})`;
    case 'JsonArrayConstructor':
      if (e.exprs.length === 0) return `JSON_ARRAY(${printReturning(e.output).trim()})`;
      return `JSON_ARRAY(${e.exprs.map(printValue).join(', ')}${arrayNulls(e.absent_on_null)}${printReturning(e.output)})`;
    case 'JsonArrayQueryConstructor':
      return `JSON_ARRAY(${printSelect(e.query)}${printFormat(e.format)}${printReturning(e.output)})`;
    case 'JsonObjectAgg':
      return printAgg(
        'JSON_OBJECTAGG',
        `${printKeyValue(e.arg)}${objectNulls(e.absent_on_null)}${unique(e.unique)}`,
        e.construct,
      );
    case 'JsonArrayAgg': {
      const order = e.construct.agg_order.length > 0 ? ` ${printOrderBy(e.construct.agg_order)}` : '';
      return printAgg(
        'JSON_ARRAYAGG',
        `${printValue(e.arg)}${order}${arrayNulls(e.absent_on_null)}`,
        e.construct,
      );
    }
    case 'JsonParseExpr':
      return `JSON(${printValue(e.expr)}${unique(e.unique_keys)})`;
    case 'JsonScalarExpr':
      return `JSON_SCALAR(${printExpr(e.expr)})`;
    case 'JsonSerializeExpr':
      return `JSON_SERIALIZE(${printValue(e.expr)}${printReturning(e.output)})`;
    case 'JsonIsPredicate': {
      const type = e.item_type === 'JS_TYPE_ANY' ? '' : ` ${e.item_type.slice(8)}`;
      return `${printOperand(e.expr)} IS JSON${type}${unique(e.unique_keys)}`;
    }
    default: {
      const tail = printWrapper(e.wrapper) + printQuotes(e.quotes) + printBehaviors(e.on_empty, e.on_error);
      const name = e.op.slice(0, -3);
      return `${name}(${printValue(e.context_item)}, ${printExpr(e.pathspec)}${printPassing(e.passing)}${printReturning(e.output)}${tail})`;
    }
  }
}

function printPassing(list: readonly JsonArgument[]): string {
  if (list.length === 0) return '';
  return ` PASSING ${list.map((a) => `${printValue(a.val)} AS ${quoteIdentifier(a.name)}`).join(', ')}`;
}

function printWrapper(w: JsonWrapper): string {
  if (w === 'JSW_UNSPEC') return '';
  if (w === 'JSW_NONE') return ' WITHOUT WRAPPER';
  return w === 'JSW_CONDITIONAL' ? ' WITH CONDITIONAL WRAPPER' : ' WITH UNCONDITIONAL WRAPPER';
}

function printQuotes(q: JsonQuotes): string {
  if (q === 'JS_QUOTES_UNSPEC') return '';
  return q === 'JS_QUOTES_KEEP' ? ' KEEP QUOTES' : ' OMIT QUOTES';
}

function printBehavior(b: JsonBehavior): string {
  if (b.btype === 'JSON_BEHAVIOR_DEFAULT') return `DEFAULT ${printExpr(b.expr!)}`;
  return b.btype.slice(14).replaceAll('_', ' ');
}

function printBehaviors(empty: JsonBehavior | null, error: JsonBehavior | null): string {
  const onEmpty = empty === null ? '' : ` ${printBehavior(empty)} ON EMPTY`;
  return onEmpty + (error === null ? '' : ` ${printBehavior(error)} ON ERROR`);
}

function printPath(path: JsonTablePathSpec | null): string {
  return path === null ? '' : ` PATH ${printExpr(path.string)}`;
}

function printJsonColumn(c: JsonTableColumn): string {
  const name = c.name === null ? '' : quoteIdentifier(c.name);
  const type = c.typeName === null ? '' : ` ${printTypeName(c.typeName)}`;
  switch (c.coltype) {
    case 'JTC_FOR_ORDINALITY':
      return `${name} FOR ORDINALITY`;
    case 'JTC_NESTED': {
      const as = c.pathspec!.name === null ? '' : ` AS ${quoteIdentifier(c.pathspec!.name)}`;
      return `NESTED PATH ${printExpr(c.pathspec!.string)}${as} COLUMNS (${c.columns.map(printJsonColumn).join(', ')})`;
    }
    case 'JTC_EXISTS':
      return `${name}${type} EXISTS${printPath(c.pathspec)}${printBehaviors(null, c.on_error)}`;
    default: {
      const format = c.format === null ? '' : printFormat(c.format);
      return `${name}${type}${format}${printPath(c.pathspec)}${printWrapper(c.wrapper)}${printQuotes(c.quotes)}${printBehaviors(c.on_empty, c.on_error)}`;
    }
  }
}

/** JSON_TABLE without LATERAL and alias. */
export function printJsonTable(t: JsonTable): string {
  const as = t.pathspec.name === null ? '' : ` AS ${quoteIdentifier(t.pathspec.name)}`;
  const columns = t.columns.map(printJsonColumn).join(', ');
  return `JSON_TABLE(${printValue(t.context_item)}, ${printExpr(t.pathspec.string)}${as}${printPassing(t.passing)} COLUMNS (${columns})${printBehaviors(null, t.on_error)})`;
}

function printNamed(a: XmlNamedArg): string {
  return printExpr(a.val) + (a.name === null ? '' : ` AS ${quoteIdentifier(a.name)}`);
}

export function printXml(e: XmlExprNode): string {
  if (e.kind === 'XmlSerialize') {
    const indent = e.indent ? ' INDENT' : '';
    return `XMLSERIALIZE(${e.xmloption.slice(10)} ${printExpr(e.expr)} AS ${printTypeName(e.typeName)}${indent})`;
  }
  switch (e.op) {
    case 'IS_XMLCONCAT':
      return `XMLCONCAT(${printExprs(e.args)})`;
    case 'IS_XMLELEMENT': {
      const attributes =
        e.named_args.length > 0 ? `, XMLATTRIBUTES(${e.named_args.map(printNamed).join(', ')})` : '';
      const args = e.args.length > 0 ? `, ${printExprs(e.args)}` : '';
      return `XMLELEMENT(NAME ${quoteIdentifier(e.name!)}${attributes}${args})`;
    }
    case 'IS_XMLFOREST':
      return `XMLFOREST(${e.named_args.map(printNamed).join(', ')})`;
    case 'IS_XMLPARSE': {
      const [text, preserve] = e.args;
      const keeps = preserve?.kind === 'A_Const' && preserve.boolval;
      return `XMLPARSE(${e.xmloption.slice(10)} ${printExpr(text!)}${keeps ? ' PRESERVE WHITESPACE' : ''})`;
    }
    case 'IS_XMLPI':
      return `XMLPI(NAME ${quoteIdentifier(e.name!)}${e.args.length > 0 ? `, ${printExprs(e.args)}` : ''})`;
    case 'IS_XMLROOT': {
      const [source, version, standalone] = e.args;
      const isNull = version?.kind === 'A_Const' && version.constType === 'Null';
      const code = standalone?.kind === 'A_Const' ? standalone.ival : 3;
      const tail = ['YES', 'NO', 'NO VALUE'][code];
      return `XMLROOT(${printExpr(source!)}, VERSION ${isNull ? 'NO VALUE' : printExpr(version!)}${tail === undefined ? '' : `, STANDALONE ${tail}`})`;
    }
    default:
      return `${printOperand(e.args[0]!)} IS DOCUMENT`;
  }
}

/** XMLTABLE without LATERAL and alias. */
export function printXmlTable(t: RangeTableFunc): string {
  const spaces = t.namespaces.map((n) =>
    n.name === null ? `DEFAULT ${printExpr(n.val!)}` : `${printExpr(n.val!)} AS ${quoteIdentifier(n.name)}`,
  );
  const namespaces = spaces.length > 0 ? `XMLNAMESPACES(${spaces.join(', ')}), ` : '';
  const columns = t.columns.map((c) => {
    const name = quoteIdentifier(c.colname);
    if (c.for_ordinality) return `${name} FOR ORDINALITY`;
    const path = c.colexpr === null ? '' : ` PATH ${printOperand(c.colexpr)}`;
    const fallback = c.coldefexpr === null ? '' : ` DEFAULT ${printOperand(c.coldefexpr)}`;
    return `${name} ${printTypeName(c.typeName!)}${path}${fallback}${c.is_not_null ? ' NOT NULL' : ''}`;
  });
  return `XMLTABLE(${namespaces}(${printExpr(t.rowexpr)}) PASSING (${printExpr(t.docexpr)}) COLUMNS ${columns.join(', ')})`;
}
