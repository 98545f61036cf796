// Brings our trees and libpg_query's JSON to one form, and finds the first difference. Test support only.

type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };
type Bag = Record<string, unknown>;

const DROPPED = new Set([
  'location',
  'rexpr_list_start',
  'rexpr_list_end',
  'list_start',
  'list_end',
  'name_location',
  'typemod',
  'jumble_args',
]);

function isEmpty(v: unknown): boolean {
  return (
    v === null ||
    v === undefined ||
    v === false ||
    v === 0 ||
    v === '' ||
    (Array.isArray(v) && v.length === 0)
  );
}

/** Node kinds go to `#`; offsets to `@` when known. */
export function fromPg(v: unknown): Plain {
  if (Array.isArray(v)) return v.map(fromPg);
  if (typeof v !== 'object' || v === null) return v as Plain;
  const keys = Object.keys(v);
  const only = keys[0];
  if (keys.length === 1 && only !== undefined && /^[A-Z]/.test(only)) {
    const inner = (v as Bag)[only] as Bag;
    if (only === 'String') return (inner['sval'] as string | undefined) ?? '';
    if (only === 'List') return fromPg(inner['items'] ?? []);
    return { '#': only, ...fieldsFromPg(inner) };
  }
  return fieldsFromPg(v as Bag);
}

function fieldsFromPg(v: Bag): { [key: string]: Plain } {
  const out: { [key: string]: Plain } = {};
  for (const [key, given] of Object.entries(v)) {
    // The one field that is a String node by its declared type.
    const value = key === 'extname' && typeof given === 'object' ? (given as Bag)['sval'] : given;
    if (key === 'location' && typeof value === 'number' && value > 0) out['@'] = value;
    if (DROPPED.has(key) || isEmpty(value)) continue;
    out[key] = fromPg(value);
  }
  return out;
}

const RENAMED: Record<string, Record<string, string>> = {
  A_Expr: { exprKind: 'kind' },
  GroupingSet: { setKind: 'kind' },
  TransactionStmt: { stmtKind: 'kind' },
  VariableSetStmt: { setKind: 'kind' },
  ReindexStmt: { objectKind: 'kind' },
  DefineStmt: { objtype: 'kind' },
  JsonObjectAgg: { construct: 'constructor' },
  JsonArrayAgg: { construct: 'constructor' },
};

export function fromOurs(v: unknown): Plain {
  if (Array.isArray(v)) return v.map(fromOurs);
  if (typeof v !== 'object' || v === null) return v as Plain;
  const node = v as Bag;
  const special = SPECIAL[node['kind'] as string];
  if (special !== undefined) return special(node);
  return plainFields(node);
}

function plainFields(node: Bag): { [key: string]: Plain } {
  const kind = node['kind'] as string;
  const out: { [key: string]: Plain } = { '#': kind };
  const renamed = RENAMED[kind] ?? {};
  for (const [key, value] of Object.entries(node)) {
    if (key === 'location' && typeof value === 'number' && value > 0) out['@'] = value;
    if (key === 'kind' || DROPPED.has(key)) continue;
    if (isEmpty(value)) continue;
    out[renamed[key] ?? key] = fromOurs(value);
  }
  return out;
}

/** Defaults PostgreSQL writes out where we have nothing. */
const IGNORED = new Set(['relationType', 'argnumber', 'msftype', 'format']);

const integer = (ival: number): Plain => (ival === 0 ? { '#': 'Integer' } : { '#': 'Integer', ival });

const SPECIAL: Record<string, (n: Bag) => Plain> = {
  String: (n) => n['sval'] as string,
  List: (n) => fromOurs(n['items']),
  DefElemList: (n) => fromOurs(n['items']),
  NameList: (n) => {
    const names = n['names'] as string[];
    return names.length === 1 && names[0] === '*' ? { '#': 'A_Star' } : names;
  },
  A_Const: (n) => {
    const out: { [key: string]: Plain } = { '#': 'A_Const' };
    if ((n['location'] as number) > 0) out['@'] = n['location'] as number;
    switch (n['constType']) {
      case 'Integer':
        out['ival'] = n['ival'] === 0 ? {} : { ival: n['ival'] as number };
        break;
      case 'Boolean':
        out['boolval'] = n['boolval'] ? { boolval: true } : {};
        break;
      case 'Null':
        out['isnull'] = true;
        break;
      case 'Float':
        out['fval'] = { fval: n['sval'] as string };
        break;
      case 'String':
        out['sval'] = n['sval'] === '' ? {} : { sval: n['sval'] as string };
        break;
      default:
        out['bsval'] = { bsval: n['sval'] as string };
    }
    return out;
  },
  ColumnRef: (n) => {
    const fields: Plain[] = [...(n['fields'] as string[])];
    if (n['star']) fields.push({ '#': 'A_Star' });
    const out: { [key: string]: Plain } = { '#': 'ColumnRef', fields };
    if ((n['location'] as number) > 0) out['@'] = n['location'] as number;
    return out;
  },
  SelectStmt: (n) => {
    const out = plainFields(n);
    const distinct = n['distinctClause'] as unknown[] | null;
    if (distinct !== null && distinct.length === 0) out['distinctClause'] = [{}];
    return out;
  },
  TypeName: (n) => {
    const out = plainFields(n);
    const bounds = n['arrayBounds'] as number[];
    if (bounds.length > 0) out['arrayBounds'] = bounds.map(integer);
    return out;
  },
  RangeFunction: (n) => {
    const out = plainFields(n);
    out['functions'] = (n['functions'] as Bag[]).map((f) => {
      const defs = f['coldeflist'] as unknown[];
      return [fromOurs(f['func']), defs.length === 0 ? {} : fromOurs(defs)];
    });
    return out;
  },
  Constraint: (n) => {
    const out = plainFields(n);
    const exclusions = n['exclusions'] as Bag[];
    if (exclusions.length > 0)
      out['exclusions'] = exclusions.map((e) => [fromOurs(e['elem']), fromOurs(e['operator'])]);
    return out;
  },
  JsonOutput: (n) => ({
    '#': 'JsonOutput',
    typeName: fromOurs(n['typeName']),
    returning: { format: fromOurs(n['format']) },
  }),
  FetchStmt: (n) => {
    const out = plainFields(n);
    if (n['howMany'] === Number.POSITIVE_INFINITY) out['howMany'] = 'ALL';
    return out;
  },
  SqlBody: (n) => [fromOurs(n['stmts'])],
  DefineStmt: (n) => {
    const out = plainFields(n);
    delete out['directArgs'];
    if (n['objtype'] === 'OBJECT_AGGREGATE' && !n['oldstyle']) {
      const args = n['args'] as unknown[] | null;
      out['args'] = [
        args === null || args.length === 0 ? {} : fromOurs(args),
        integer(n['directArgs'] as number),
      ];
    }
    return out;
  },
  VariableShowStmt: (n) => ({ '#': 'VariableShowStmt', name: n['name'] as string }),
  ObjectName: (n) => {
    const type = n['typeName'];
    const source = n['sourceType'];
    const using = n['using'] as string | null;
    const names = n['names'] as string[];
    if (source !== null) return [fromOurs(source), fromOurs(type)];
    if (type !== null) return using === null ? fromOurs(type) : [fromOurs(type), using];
    if (using !== null) return [using, ...names];
    return { '?': true, names, args: (n['args'] as Plain) === null ? null : fromOurs(n['args']) };
  },
};

/** Path and values of the first difference, or null. Offsets are compared when `offsets` is set and both are known. */
export function firstDifference(pg: Plain, ours: Plain, offsets: boolean, path = ''): string | null {
  const show = (v: Plain | undefined): string => JSON.stringify(v)?.slice(0, 160) ?? 'nothing';
  if (typeof ours === 'object' && ours !== null && !Array.isArray(ours) && ours['?'] === true)
    return objectDifference(pg, ours, path);
  // Option lists name roles by their names alone.
  if (
    typeof ours === 'string' &&
    typeof pg === 'object' &&
    pg !== null &&
    !Array.isArray(pg) &&
    pg['#'] === 'RoleSpec'
  )
    return pg['rolename'] === ours || String(pg['roletype']).slice(9).toLowerCase() === ours ? null : path;
  if (Array.isArray(pg) && Array.isArray(ours)) {
    if (pg.length !== ours.length)
      return `${path}: length ${pg.length} / ${ours.length}: ${show(pg)} / ${show(ours)}`;
    for (let i = 0; i < pg.length; i++) {
      const d = firstDifference(pg[i]!, ours[i]!, offsets, `${path}[${i}]`);
      if (d !== null) return d;
    }
    return null;
  }
  if (
    typeof pg === 'object' &&
    pg !== null &&
    typeof ours === 'object' &&
    ours !== null &&
    !Array.isArray(pg) &&
    !Array.isArray(ours)
  ) {
    const keys = new Set([...Object.keys(pg), ...Object.keys(ours)]);
    for (const key of keys) {
      // The zero of an enumeration PostgreSQL leaves unset.
      if (IGNORED.has(key) && ours[key] === undefined) continue;
      if (key === 'subname' && pg['#'] === 'RenameStmt' && ours['object'] !== undefined) continue;
      if (key === 'object' && pg['#'] === 'RenameStmt' && pg[key] === undefined) continue;
      const a = pg[key];
      const b = ours[key];
      if (key === '#' && a === undefined) continue;
      if (key === '@' && (!offsets || a === undefined || b === undefined)) continue;
      if (a === undefined || b === undefined) {
        // A node written without contents on the one side is absent on the other.
        const other = a ?? b;
        if (
          typeof other === 'object' &&
          other !== null &&
          Object.keys(other).every((k) => k === '#' || k === '@')
        )
          continue;
        return `${path}.${key}: ${show(a)} / ${show(b)}`;
      }
      const d = firstDifference(a, b, offsets, `${path}.${key}`);
      if (d !== null) return d;
    }
    return null;
  }
  return pg === ours || (ours === 'ALL' && (pg === 2147483647 || String(pg).startsWith('9223372036854775')))
    ? null
    : `${path}: ${show(pg)} / ${show(ours)}`;
}

/** PostgreSQL has three shapes where we have ObjectName. */
function objectDifference(pg: Plain, ours: { [key: string]: Plain }, path: string): string | null {
  let names: Plain = pg;
  if (typeof pg === 'string') names = [pg];
  else if (typeof pg === 'object' && pg !== null && !Array.isArray(pg)) {
    if (pg['objname'] !== undefined) {
      names = pg['objname'];
      const args = (pg['objargs'] as Plain[] | undefined) ?? [];
      if (!pg['args_unspecified'] && ours['args'] !== null) {
        const d = firstDifference(
          args.map((a) => (typeof a === 'object' && a !== null && Object.keys(a).length === 0 ? null : a)),
          ours['args']!,
          false,
          `${path}.args`,
        );
        if (d !== null) return d;
      }
    } else if (pg['names'] !== undefined) names = pg['names'];
    else if (pg['relname'] !== undefined)
      names = [pg['catalogname'], pg['schemaname'], pg['relname']].filter((x) => x !== undefined) as Plain[];
    else return null;
  }
  if (Array.isArray(names) && typeof names[0] === 'object' && names[0] !== null) {
    // [TypeName, constraint]: a domain's constraint.
    const first = names[0] as { [key: string]: Plain };
    if (first['names'] !== undefined) names = [...(first['names'] as Plain[]), ...names.slice(1)];
  }
  return JSON.stringify(names) === JSON.stringify(ours['names'])
    ? null
    : `${path}: ${JSON.stringify(pg)} / ${JSON.stringify(ours)}`;
}
