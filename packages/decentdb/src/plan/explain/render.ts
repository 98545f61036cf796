/**
 * EXPLAIN's two forms: PostgreSQL's indented text, and JSON with its key names.
 */
import type { NodeCounter } from '../../exec/context.ts';
import type { PhysicalPlan } from '../../exec/physical.ts';
import { partJson, partLines } from './bitmap.ts';
import { type Described, describePlan } from './describe.ts';

export interface ExplainOptions {
  readonly costs: boolean;
  readonly verbose: boolean;
  /** Pages found in the cache and read, of the whole statement; null: not asked for. */
  readonly pages: { readonly hits: number; readonly misses: number } | null;
  /** Settings of the planner that are not what they are by default; null: not asked for. */
  readonly settings: ReadonlyMap<string, string> | null;
  /** Counters by node id after running; null: not run. */
  readonly counters: readonly (NodeCounter | undefined)[] | null;
  readonly timing: boolean;
  readonly planningMs: number;
  readonly executionMs: number;
  readonly memoryBytes: number;
  /** Written to temporary files. */
  readonly spilledBytes: number;
  readonly summary: boolean;
}

const AVERAGE_WIDTH = 8;

function widthOf(described: Described): number {
  return described.node.slots.reduce((sum, slot) => sum + (slot.type.physical === 4 ? 32 : AVERAGE_WIDTH), 0);
}

/** Lines of text, as psql shows them. */
export function explainText(plan: PhysicalPlan, options: ExplainOptions): readonly string[] {
  const lines: string[] = [];
  writeText(describePlan(plan, options.verbose), 0, true, lines, options);
  if (options.settings !== null && options.settings.size > 0)
    lines.push(
      `Settings: ${[...options.settings].map(([name, value]) => `${name} = '${value}'`).join(', ')}`,
    );
  if (options.summary) {
    lines.push(`Planning Time: ${options.planningMs.toFixed(3)} ms`);
    if (options.counters !== null) {
      if (options.memoryBytes > 0) lines.push(`Memory: ${Math.ceil(options.memoryBytes / 1024)} kB`);
      if (options.spilledBytes > 0) lines.push(`Spilled: ${Math.ceil(options.spilledBytes / 1024)} kB`);
      lines.push(`Execution Time: ${options.executionMs.toFixed(3)} ms`);
    }
  }
  return lines;
}

function writeText(
  d: Described,
  indent: number,
  isTop: boolean,
  lines: string[],
  options: ExplainOptions,
): void {
  const arrow = isTop ? '' : '->  ';
  const below = indent + (isTop ? 2 : 6);
  const under = ' '.repeat(below);
  lines.push(
    `${' '.repeat(indent)}${arrow}${d.title}${d.suffix}${costText(d, options)}${actualText(d, options)}`,
  );
  if (d.output !== null && d.output.length > 0) lines.push(`${under}Output: ${d.output.join(', ')}`);
  for (const [name, value] of d.properties)
    lines.push(`${under}${name}: ${typeof value === 'string' ? value : value.join(', ')}`);
  const counter = options.counters?.[d.node.id];
  if (counter?.workers !== undefined) lines.push(`${under}Workers Launched: ${counter.workers}`);
  if (counter?.piecesHelped !== undefined) lines.push(`${under}Pieces by Workers: ${counter.piecesHelped}`);
  if (counter !== undefined && counter.removed > 0)
    lines.push(`${under}Rows Removed by Filter: ${counter.removed}`);
  if (counter?.search !== undefined) lines.push(`${under}Search: ${counter.search}`);
  if (counter !== undefined && counter.memoryBytes > 0)
    lines.push(`${under}Memory: ${Math.ceil(counter.memoryBytes / 1024)} kB`);
  if (isTop && options.pages !== null) {
    const { hits, misses } = options.pages;
    const counts = [hits > 0 ? ` hit=${hits}` : '', misses > 0 ? ` read=${misses}` : ''].join('');
    if (counts !== '') lines.push(`${under}Buffers: shared${counts}`);
  }
  for (const part of d.parts ?? []) lines.push(...partLines(part, below));
  for (const child of d.children) {
    if (child.role !== '') lines.push(`${under}${child.role}`);
    writeText(child, child.role === '' ? below : below + 2, false, lines, options);
  }
}

function costText(d: Described, options: ExplainOptions): string {
  if (!options.costs) return '';
  const e = d.node.estimate;
  if (e === undefined) return '';
  return `  (cost=${e.startupCost.toFixed(2)}..${e.totalCost.toFixed(2)} rows=${Math.round(e.rows)} width=${widthOf(d)})`;
}

function actualText(d: Described, options: ExplainOptions): string {
  if (options.counters === null) return '';
  const counter = options.counters[d.node.id];
  if (counter === undefined || counter.loops === 0) return ' (never executed)';
  // Of one run, as PostgreSQL has it: the product with `loops` is the whole.
  const first = (counter.firstMs / counter.loops).toFixed(3);
  const last = (counter.ms / counter.loops).toFixed(3);
  const time = options.timing ? `time=${first}..${last} ` : '';
  const rows = Math.round(counter.rows / counter.loops);
  return ` (actual ${time}rows=${rows} loops=${counter.loops})`;
}

/** The value of EXPLAIN (FORMAT JSON). */
export function explainJson(plan: PhysicalPlan, options: ExplainOptions): unknown {
  const plans = jsonNode(describePlan(plan, options.verbose), null, options);
  const top: Record<string, unknown> = { Plan: plans };
  if (options.pages !== null) {
    plans['Shared Hit Blocks'] = options.pages.hits;
    plans['Shared Read Blocks'] = options.pages.misses;
  }
  if (options.settings !== null && options.settings.size > 0)
    top['Settings'] = Object.fromEntries(options.settings);
  if (options.summary) {
    top['Planning Time'] = rounded(options.planningMs);
    if (options.counters !== null) {
      top['Peak Memory Bytes'] = options.memoryBytes;
      if (options.spilledBytes > 0) top['Spilled Bytes'] = options.spilledBytes;
      top['Execution Time'] = rounded(options.executionMs);
    }
  }
  return [top];
}

/** PostgreSQL's words for what an input is to the node above. */
function relationship(d: Described, parent: Described, at: number): string {
  if (d.role !== '') return d.role.replace(/ .*/, '');
  if (parent.node.kind === 'setOp') return 'Member';
  return at === 0 ? 'Outer' : 'Inner';
}

function jsonNode(d: Described, place: string | null, options: ExplainOptions): Record<string, unknown> {
  const { node } = d;
  // The kind of a join is a field of its own.
  const title = 'join' in node ? d.title.replace(` ${joinType(node.join)}`, '') : d.title;
  const out: Record<string, unknown> = { 'Node Type': title };
  if (place !== null) out['Parent Relationship'] = place;
  if (d.role !== '') out['Subplan Name'] = d.role;
  if ('join' in node) out['Join Type'] = joinType(node.join);
  if (node.kind === 'scan' || node.kind === 'indexJoin') {
    out['Relation Name'] = node.table.name;
    if (options.verbose) out['Schema'] = node.table.schema;
    out['Alias'] = node.alias ?? node.table.name;
    if (node.index !== null) out['Index Name'] = node.index.name;
  }
  if (options.costs && node.estimate !== undefined) {
    out['Startup Cost'] = rounded(node.estimate.startupCost);
    out['Total Cost'] = rounded(node.estimate.totalCost);
    out['Plan Rows'] = Math.round(node.estimate.rows);
    out['Plan Width'] = widthOf(d);
  }
  if (d.output !== null) out['Output'] = d.output;
  for (const [name, value] of d.properties) out[name] = value;
  const counter = options.counters?.[node.id];
  if (options.counters !== null) {
    const loops = counter?.loops ?? 0;
    const ofOne = Math.max(1, loops);
    if (options.timing) {
      out['Actual Startup Time'] = rounded((counter?.firstMs ?? 0) / ofOne);
      out['Actual Total Time'] = rounded((counter?.ms ?? 0) / ofOne);
    }
    out['Actual Rows'] = rounded((counter?.rows ?? 0) / ofOne);
    out['Actual Loops'] = loops;
    if ((counter?.removed ?? 0) > 0) out['Rows Removed by Filter'] = counter?.removed;
    if (counter?.search !== undefined) out['Search'] = counter.search;
    if (counter?.workers !== undefined) out['Workers Launched'] = counter.workers;
    if (counter?.piecesHelped !== undefined) out['Pieces by Workers'] = counter.piecesHelped;
  }
  const plans = [
    ...(d.parts ?? []).map(partJson),
    ...d.children.map((child, at) => jsonNode(child, relationship(child, d, at), options)),
  ];
  if (plans.length > 0) out['Plans'] = plans;
  return out;
}

function joinType(join: string): string {
  return join.slice(0, 1).toUpperCase() + join.slice(1);
}

function rounded(n: number): number {
  return Math.round(n * 1000) / 1000;
}
