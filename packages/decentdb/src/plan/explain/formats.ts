/**
 * The value of EXPLAIN (FORMAT JSON) written as PostgreSQL writes YAML and XML.
 *
 * I1  Both hold what the JSON holds, in its order: names become tags in XML, with hyphens for what tags cannot have.
 */

type Value = string | number | boolean | readonly unknown[] | Readonly<Record<string, unknown>>;

const NAMESPACE = 'http://www.postgresql.org/2009/explain';

/** Lists of these hold nodes; other lists hold texts. */
const ITEMS: Readonly<Record<string, string>> = { Plans: 'Plan' };

export function explainYaml(value: unknown): string {
  return (value as readonly unknown[])
    .map((query) => `- ${yamlFields(query as Record<string, unknown>, 2)}`)
    .join('\n');
}

/** Fields below each other, the first where the caller stands. */
function yamlFields(fields: Readonly<Record<string, unknown>>, indent: number): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}: ${yamlValue(value as Value, indent)}`)
    .join(`\n${' '.repeat(indent)}`);
}

function yamlValue(value: Value, indent: number): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object') return String(value);
  const below = `\n${' '.repeat(indent + 2)}`;
  if (!Array.isArray(value)) return `${below}${yamlFields(value as Record<string, unknown>, indent + 2)}`;
  return value
    .map((item: unknown) =>
      typeof item === 'object' && item !== null
        ? `${below}- ${yamlFields(item as Record<string, unknown>, indent + 4)}`
        : `${below}- ${yamlValue(item as Value, indent + 2)}`,
    )
    .join('');
}

export function explainXml(value: unknown): string {
  const lines = [`<explain xmlns="${NAMESPACE}">`];
  for (const query of value as readonly unknown[]) xmlElement('Query', query as Value, 2, lines);
  lines.push('</explain>');
  return lines.join('\n');
}

function xmlElement(name: string, value: Value, indent: number, lines: string[]): void {
  const tag = name.replaceAll(/[^-A-Za-z0-9_.]/g, '-');
  const pad = ' '.repeat(indent);
  if (typeof value !== 'object') {
    lines.push(`${pad}<${tag}>${xmlText(String(value))}</${tag}>`);
    return;
  }
  lines.push(`${pad}<${tag}>`);
  if (Array.isArray(value))
    for (const item of value) xmlElement(ITEMS[name] ?? 'Item', item as Value, indent + 2, lines);
  else
    for (const [field, inner] of Object.entries(value)) xmlElement(field, inner as Value, indent + 2, lines);
  lines.push(`${pad}</${tag}>`);
}

function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
