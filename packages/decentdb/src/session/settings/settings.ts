/**
 * The settings of one session.
 *
 * I1  SET lasts for the session but is undone when its transaction (or savepoint) rolls back; SET LOCAL ends with the
 *     transaction either way.
 * I2  `plansKey` changes whenever a setting that plans depend on does: equal keys mean equal values.
 * I3  `types` always mirrors the settings text forms depend on.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { DateOrder, DateStyle, IntervalStyle, ObjectNames, TypeSettings } from '../../types/sql-type.ts';
import { isIdleSetting, planSwitches, settingDefinitions, unknownSetting } from './catalogue.ts';
import { durationMs, memoryBytes, type SettingDefinition } from './definition.ts';

type Values = ReadonlyMap<string, string>;

/** What a savepoint or transaction start remembers. */
export interface SettingsMark {
  readonly session: Values;
  readonly local: Values;
}

export interface ParallelSettings {
  readonly workers: number;
  readonly setupCost: number;
  readonly tupleCost: number;
  readonly scanBytesMin: number;
}

const RULE_PREFIX = 'optimizer.rule.';

export class Settings {
  /** What RESET goes back to: given when the session was opened. */
  #initial: Values = new Map();
  #session: Values = new Map();
  #local: Values = new Map();
  #types: TypeSettings | null = null;
  #plansKey: string | null = null;
  #rulesOff: ReadonlySet<string> | null = null;
  #plansVersion = 0;
  #searchPath: readonly string[] | null = null;
  #timeoutMs = -1;
  #workMemBytes = -1;
  #isReadOnlyByDefault: boolean | null = null;
  readonly #now: () => number;
  readonly #objectNames: ObjectNames | undefined;

  /** `nowMicros`: start of the current transaction, for 'now' and 'today'. */
  constructor(nowMicros: () => number, objectNames?: ObjectNames) {
    this.#now = nowMicros;
    this.#objectNames = objectNames;
  }

  /** A setting as SHOW prints it; throws 42704. */
  get(name: string): string {
    const key = keyOf(name);
    const value = this.#local.get(key) ?? this.#session.get(key) ?? this.#initial.get(key);
    if (value !== undefined) return value;
    const definition = settingDefinitions().get(key);
    if (definition === undefined) throw unknownSetting(name);
    return definition.initial;
  }

  /** The same, or null for names nobody set or defined. */
  find(name: string): string | null {
    const key = keyOf(name);
    return (
      this.#local.get(key) ??
      this.#session.get(key) ??
      this.#initial.get(key) ??
      settingDefinitions().get(key)?.initial ??
      null
    );
  }

  set(name: string, text: string, isLocal: boolean): void {
    const key = keyOf(name);
    const definition = definitionFor(key, name);
    const value = definition === null ? text : definition.parse(text, definition.name);
    if (definition?.isReadOnly === true)
      throw new DecentDbError('55P02', `parameter "${definition.name}" cannot be changed`);
    if (isLocal) this.#local = new Map(this.#local).set(key, value);
    else {
      this.#session = new Map(this.#session).set(key, value);
      this.#local = without(this.#local, key);
    }
    this.#changed();
  }

  reset(name: string, isLocal = false): void {
    const key = keyOf(name);
    const definition = definitionFor(key, name);
    if (isLocal) {
      this.#local = new Map(this.#local).set(key, this.#initial.get(key) ?? definition?.initial ?? '');
    } else {
      this.#session = without(this.#session, key);
      this.#local = without(this.#local, key);
    }
    this.#changed();
  }

  resetAll(): void {
    this.#session = new Map();
    this.#local = new Map();
    this.#changed();
  }

  /** Values the session starts with. */
  setInitial(name: string, text: string): void {
    const key = keyOf(name);
    const definition = definitionFor(key, name);
    this.#initial = new Map(this.#initial).set(
      key,
      definition === null ? text : definition.parse(text, definition.name),
    );
    this.#changed();
  }

  mark(): SettingsMark {
    return { session: this.#session, local: this.#local };
  }

  rollbackTo(mark: SettingsMark): void {
    if (this.#session === mark.session && this.#local === mark.local) return;
    this.#session = mark.session;
    this.#local = mark.local;
    this.#changed();
  }

  /** What SET left for the session, without what a transaction set for itself: the same map until one of them changes. */
  get ofSession(): Values {
    return this.#session;
  }

  /** Takes over what another session of the same user has set. */
  adopt(values: Values): void {
    if (this.#session === values) return;
    this.#session = values;
    this.#changed();
  }

  /** The transaction is over: local values go. */
  endTransaction(): void {
    if (this.#local.size === 0) return;
    this.#local = new Map();
    this.#changed();
  }

  /** Every setting with its value, by name. */
  all(): readonly { readonly definition: SettingDefinition; readonly value: string }[] {
    return [...settingDefinitions().values()]
      .map((definition) => ({ definition, value: this.get(definition.name) }))
      .sort((a, b) => (a.definition.name.toLowerCase() < b.definition.name.toLowerCase() ? -1 : 1));
  }

  isOn(name: string): boolean {
    return this.get(name) === 'on';
  }

  isRuleOn(rule: string): boolean {
    this.#rulesOff ??= this.#findRulesOff();
    return !this.#rulesOff.has(rule);
  }

  #findRulesOff(): ReadonlySet<string> {
    const keys = [...this.#initial.keys(), ...this.#session.keys(), ...this.#local.keys()];
    const off = keys.filter((key) => key.startsWith(RULE_PREFIX) && this.get(key) === 'off');
    return new Set(off.map((key) => key.slice(RULE_PREFIX.length)));
  }

  /** Text forms of values. */
  get types(): TypeSettings {
    this.#types ??= this.#makeTypes();
    return this.#types;
  }

  /** Plans made so far must not be used any more. */
  changePlans(): void {
    this.#plansVersion++;
    this.#plansKey = null;
  }

  /** Equal for sessions whose settings are equal, custom ones included. */
  get digest(): string {
    const names = new Set([...this.#initial.keys(), ...this.#session.keys(), ...this.#local.keys()]);
    return [...names]
      .sort()
      .map((name) => `${name}=${this.find(name)}`)
      .join('\n');
  }

  /** When work may be shared with other threads, and how it is weighed. */
  get parallel(): ParallelSettings {
    return {
      workers: Number(this.get('max_parallel_workers_per_gather')),
      setupCost: Number(this.get('parallel_setup_cost')),
      tupleCost: Number(this.get('parallel_tuple_cost')),
      scanBytesMin: memoryBytes(this.get('min_parallel_table_scan_size')),
    };
  }

  /** Equal for equal values of all settings plans depend on. */
  get plansKey(): string {
    if (this.#plansKey !== null) return this.#plansKey;
    const parts: string[] = [`${this.#plansVersion}`];
    const names = new Set([...this.#initial.keys(), ...this.#session.keys(), ...this.#local.keys()]);
    for (const key of [...names].sort()) {
      if (settingDefinitions().get(key)?.affectsPlans === true) parts.push(`${key}=${this.get(key)}`);
    }
    this.#plansKey = parts.join('\n');
    return this.#plansKey;
  }

  /** Settings plans depend on that are not what they are by default, by name. */
  changedForPlans(): ReadonlyMap<string, string> {
    const changed = new Map<string, string>();
    for (const { name, initial, affectsPlans } of settingDefinitions().values())
      if (affectsPlans && this.get(name) !== initial) changed.set(name, this.get(name));
    return changed;
  }

  /** Schemas of search_path in order; `$user` stands for a schema nobody has. */
  get searchPath(): readonly string[] {
    this.#searchPath ??= splitNames(this.get('search_path')).filter(
      (name) => name !== '$user' && name !== '',
    );
    return this.#searchPath;
  }

  get statementTimeoutMs(): number {
    if (this.#timeoutMs === -1) this.#timeoutMs = durationMs(this.get('statement_timeout'));
    return this.#timeoutMs;
  }

  /** Room for the notes of a search index before commits merge them. */
  get searchPendingBytes(): number {
    return memoryBytes(this.get('decentdb.trigram_pending_bytes'));
  }

  /** Rows noted in a search index before commits merge them. */
  get searchPendingRows(): number {
    return Number(this.get('decentdb.trigram_pending_rows'));
  }

  /** default_transaction_read_only: of transactions that do not say. */
  get isReadOnlyByDefault(): boolean {
    this.#isReadOnlyByDefault ??= this.isOn('default_transaction_read_only');
    return this.#isReadOnlyByDefault;
  }

  get workMemBytes(): number {
    if (this.#workMemBytes === -1) this.#workMemBytes = memoryBytes(this.get('work_mem'));
    return this.#workMemBytes;
  }

  #changed(): void {
    this.#types = null;
    this.#plansKey = null;
    this.#rulesOff = null;
    this.#searchPath = null;
    this.#timeoutMs = -1;
    this.#workMemBytes = -1;
    this.#isReadOnlyByDefault = null;
  }

  #makeTypes(): TypeSettings {
    const [style, order] = this.get('DateStyle').split(', ') as [DateStyle, DateOrder];
    const types: TypeSettings = {
      timeZone: this.get('TimeZone'),
      dateStyle: style,
      dateOrder: order,
      intervalStyle: this.get('IntervalStyle') as IntervalStyle,
      extraFloatDigits: Number(this.get('extra_float_digits')),
      byteaOutput: this.get('bytea_output') as 'hex' | 'escape',
      nowMicros: this.#now,
    };
    return this.#objectNames === undefined ? types : { ...types, objectNames: this.#objectNames };
  }
}

function keyOf(name: string): string {
  const key = name.toLowerCase();
  return planSwitches[key] ?? key;
}

const CUSTOM_NAME = /^[a-z_\u0080-\uffff][\w$\u0080-\uffff]*(?:\.[a-z_\u0080-\uffff][\w$\u0080-\uffff]*)+$/;

/** Null for settings without a definition that may be set all the same: custom ones with a dot, and idle ones. */
function definitionFor(key: string, name: string): SettingDefinition | null {
  const definition = settingDefinitions().get(key);
  if (definition !== undefined) return definition;
  if (key.startsWith('optimizer.') || key.startsWith('decentdb.')) throw unknownSetting(name);
  if (isIdleSetting(key)) return null;
  if (!key.includes('.')) throw unknownSetting(name);
  if (CUSTOM_NAME.test(key)) return null;
  throw new DecentDbError('42602', `invalid configuration parameter name "${name}"`, {
    detail: 'Custom parameter names must be two or more simple identifiers separated by dots.',
  });
}

function without(values: Values, key: string): Values {
  if (!values.has(key)) return values;
  const next = new Map(values);
  next.delete(key);
  return next;
}

/** `a, "B c", d`: plain names fold to lower case, quoted ones do not. */
export function splitNames(text: string): readonly string[] {
  const names: string[] = [];
  for (const match of text.matchAll(/"((?:[^"]|"")*)"|([^,\s"]+)/g)) {
    names.push(match[1] === undefined ? (match[2] as string).toLowerCase() : match[1].replaceAll('""', '"'));
  }
  return names;
}
