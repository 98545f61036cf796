/**
 * Views of information_schema about what nobody can make here: foreign data, user mappings, transforms.
 *
 * I1  What is listed here is empty in truth: a kind of object that comes to be leaves this file.
 */
import type { VirtualTable } from '../../plan/logical.ts';
import { view } from './define.ts';

const TABLE = 'foreign_table_catalog name, foreign_table_schema name, foreign_table_name name';
const SERVER = 'foreign_server_catalog name, foreign_server_name name';
const WRAPPER = 'foreign_data_wrapper_catalog name, foreign_data_wrapper_name name';
const OPTION = 'option_name name, option_value varchar';

const COLUMNS: Readonly<Record<string, string>> = {
  check_constraint_routine_usage:
    'constraint_catalog name, constraint_schema name, constraint_name name, specific_catalog name, specific_schema name, specific_name name',
  column_options: `table_catalog name, table_schema name, table_name name, column_name name, ${OPTION}`,
  foreign_data_wrapper_options: `${WRAPPER}, ${OPTION}`,
  foreign_data_wrappers: `${WRAPPER}, authorization_identifier name, library_name varchar, foreign_data_wrapper_language varchar`,
  foreign_server_options: `${SERVER}, ${OPTION}`,
  foreign_servers: `${SERVER}, ${WRAPPER}, foreign_server_type varchar, foreign_server_version varchar, authorization_identifier name`,
  foreign_table_options: `${TABLE}, ${OPTION}`,
  foreign_tables: `${TABLE}, ${SERVER}`,
  user_mapping_options: `authorization_identifier name, ${SERVER}, ${OPTION}`,
  user_mappings: `authorization_identifier name, ${SERVER}`,
  transforms:
    'udt_catalog name, udt_schema name, udt_name name, specific_catalog name, specific_schema name, specific_name name, group_name name, transform_type varchar',
};

export const informationEmptyViews: readonly VirtualTable[] = Object.entries(COLUMNS).map(([name, columns]) =>
  view('information_schema', name, columns, () => []),
);
