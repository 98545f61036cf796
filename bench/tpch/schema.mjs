/** The TPC-H tables with their keys, and indexes on primary and foreign keys. */

export const TABLES = {
  region: 'r_regionkey INTEGER PRIMARY KEY, r_name CHAR(25), r_comment VARCHAR(152)',
  nation: 'n_nationkey INTEGER PRIMARY KEY, n_name CHAR(25), n_regionkey INTEGER, n_comment VARCHAR(152)',
  supplier:
    's_suppkey INTEGER PRIMARY KEY, s_name CHAR(25), s_address VARCHAR(40), s_nationkey INTEGER, s_phone CHAR(15), s_acctbal NUMERIC(15,2), s_comment VARCHAR(101)',
  part: 'p_partkey INTEGER PRIMARY KEY, p_name VARCHAR(55), p_mfgr CHAR(25), p_brand CHAR(10), p_type VARCHAR(25), p_size INTEGER, p_container CHAR(10), p_retailprice NUMERIC(15,2), p_comment VARCHAR(23)',
  partsupp:
    'ps_partkey INTEGER, ps_suppkey INTEGER, ps_availqty INTEGER, ps_supplycost NUMERIC(15,2), ps_comment VARCHAR(199), PRIMARY KEY (ps_partkey, ps_suppkey)',
  customer:
    'c_custkey INTEGER PRIMARY KEY, c_name VARCHAR(25), c_address VARCHAR(40), c_nationkey INTEGER, c_phone CHAR(15), c_acctbal NUMERIC(15,2), c_mktsegment CHAR(10), c_comment VARCHAR(117)',
  orders:
    'o_orderkey INTEGER PRIMARY KEY, o_custkey INTEGER, o_orderstatus CHAR(1), o_totalprice NUMERIC(15,2), o_orderdate DATE, o_orderpriority CHAR(15), o_clerk CHAR(15), o_shippriority INTEGER, o_comment VARCHAR(79)',
  lineitem:
    'l_orderkey INTEGER, l_partkey INTEGER, l_suppkey INTEGER, l_linenumber INTEGER, l_quantity NUMERIC(15,2), l_extendedprice NUMERIC(15,2), l_discount NUMERIC(15,2), l_tax NUMERIC(15,2), l_returnflag CHAR(1), l_linestatus CHAR(1), l_shipdate DATE, l_commitdate DATE, l_receiptdate DATE, l_shipinstruct CHAR(25), l_shipmode CHAR(10), l_comment VARCHAR(44), PRIMARY KEY (l_orderkey, l_linenumber)',
};

export const INDEXES = [
  'CREATE INDEX nation_region ON nation (n_regionkey)',
  'CREATE INDEX supplier_nation ON supplier (s_nationkey)',
  'CREATE INDEX partsupp_supp ON partsupp (ps_suppkey)',
  'CREATE INDEX customer_nation ON customer (c_nationkey)',
  'CREATE INDEX orders_cust ON orders (o_custkey)',
  'CREATE INDEX lineitem_part_supp ON lineitem (l_partkey, l_suppkey)',
  'CREATE INDEX lineitem_supp ON lineitem (l_suppkey)',
];

/** SQLite has no fixed decimals and dates are text; char(n) would differ by its padding, so all use varchar. */
export function createTable(name, dialect) {
  const columns = TABLES[name].replace(/\bCHAR\(/g, 'VARCHAR(');
  const adapted =
    dialect === 'sqlite'
      ? columns
          .replace(/NUMERIC\(15,2\)/g, 'REAL')
          .replace(/DATE/g, 'TEXT')
          .replace(/VARCHAR\(\d+\)/g, 'TEXT')
      : columns;
  return `CREATE TABLE ${name} (${adapted})`;
}

export const columnCount = (name) =>
  TABLES[name]
    .replace(/\([^)]*\)/g, '')
    .replace(/, PRIMARY KEY\s*$/, '')
    .split(',').length;
