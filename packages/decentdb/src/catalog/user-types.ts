/**
 * SqlTypes of the types users create: enums, domains, composites, ranges with their multiranges, and the arrays of each.
 *
 * I1  One SqlType object per oid and definition: unchanged definitions keep their object from one catalogue to the next, so
 *     plans of unrelated DDL keep comparing types by identity.
 * I2  An enum's datum is the label's `order`, a double that never changes; comparing datums compares positions.
 * I3  Types are built on first use, so they may refer to each other in any order (never in a cycle: DDL refuses that).
 */
import { DecentDbError } from '../base/errors.ts';
import { makeArrayType } from '../types/array-type.ts';
import { makeMultirangeType } from '../types/multirange.ts';
import { makeRangeType } from '../types/range.ts';
import { typeByOid } from '../types/registry.ts';
import { defineType, type SqlType } from '../types/sql-type.ts';
import { Physical } from '../types/vector.ts';
import { makeCompositeType } from './composite-type.ts';
import type { CompositeForm, DomainForm, EnumForm, TypeDef } from './schema.ts';

export class UserTypes {
  readonly #defs: ReadonlyMap<number, TypeDef>;
  readonly #built: Map<number, SqlType>;
  /** Array type oid -> element type oid. */
  readonly #elements: Map<number, number>;

  constructor(defs: ReadonlyMap<number, TypeDef>, before?: UserTypes) {
    this.#defs = defs;
    this.#built = new Map();
    this.#elements = new Map();
    for (const def of defs.values()) this.#elements.set(def.arrayId, def.id);
    if (before !== undefined) this.#keepUnchanged(before);
  }

  /** The type of that oid, or undefined when no user type has it. */
  get(oid: number): SqlType | undefined {
    const built = this.#built.get(oid);
    if (built !== undefined) return built;
    const elementOid = this.#elements.get(oid);
    const def = this.#defs.get(elementOid ?? oid);
    if (def === undefined) return undefined;
    const type = this.#build(def);
    const array = makeArrayType(def.arrayId, type);
    this.#built.set(def.id, type);
    this.#built.set(def.arrayId, array);
    // A range knows its multirange from here on.
    if (def.form.kind === 'range') this.get(def.form.multirangeId);
    return this.#built.get(oid);
  }

  /** Built-in or user type; throws when the oid is nobody's. */
  resolve(oid: number): SqlType {
    const type = typeByOid(oid) ?? this.get(oid);
    if (type === undefined) throw new DecentDbError('XX000', `cache lookup failed for type ${oid}`);
    return type;
  }

  /** Oids a definition is built from. */
  static references(def: TypeDef): readonly number[] {
    if (def.form.kind === 'domain') return [def.form.baseTypeId];
    if (def.form.kind === 'composite') return def.form.fields.map((field) => field.typeId);
    if (def.form.kind === 'range') return [def.form.subtypeId];
    if (def.form.kind === 'multirange') return [def.form.rangeId];
    return [];
  }

  #keepUnchanged(before: UserTypes): void {
    const isSame = (oid: number): boolean => {
      if (typeByOid(oid) !== undefined) return true;
      const id = this.#elements.get(oid) ?? oid;
      const def = this.#defs.get(id);
      return def !== undefined && def === before.#defs.get(id) && UserTypes.references(def).every(isSame);
    };
    for (const [oid, type] of before.#built) if (isSame(oid)) this.#built.set(oid, type);
  }

  #build(def: TypeDef): SqlType {
    switch (def.form.kind) {
      case 'enum':
        return enumType(def, def.form);
      case 'domain':
        return domainType(def, def.form, this.resolve(def.form.baseTypeId));
      case 'range':
        return makeRangeType(def.id, def.name, this.resolve(def.form.subtypeId), true);
      case 'multirange':
        return makeMultirangeType(def.id, def.name, this.resolve(def.form.rangeId));
      default:
        return this.#composite(def, def.form);
    }
  }

  #composite(def: TypeDef, form: CompositeForm): SqlType {
    const fields = form.fields.map(({ name, typeId, typmod }) => ({
      name,
      type: this.resolve(typeId),
      typmod,
    }));
    return makeCompositeType(def.id, def.name, fields);
  }
}

function enumType(def: TypeDef, form: EnumForm): SqlType {
  const labels = [...form.labels].sort((a, b) => a.order - b.order);
  const orderOf = new Map(labels.map(({ label, order }) => [label, order]));
  const labelOf = new Map(labels.map(({ label, order }) => [order, label]));
  return defineType({
    oid: def.id,
    name: def.name,
    sqlName: def.name,
    kind: 'enum',
    category: 'E',
    physical: Physical.float64,
    labels: labels.map(({ label }) => label),
    input(text) {
      const order = orderOf.get(text);
      if (order === undefined)
        throw new DecentDbError('22P02', `invalid input value for enum ${def.name}: "${text}"`);
      return order;
    },
    output: (value: number) => labelOf.get(value) ?? '',
    toJs: (value: number) => labelOf.get(value) ?? '',
  });
}

function domainType(def: TypeDef, form: DomainForm, base: SqlType): SqlType {
  return defineType({
    oid: def.id,
    name: def.name,
    sqlName: def.name,
    kind: 'domain',
    category: base.category,
    physical: base.physical,
    ...(base.codec === undefined ? {} : { codec: base.codec }),
    baseType: base,
    input: (text, _typmod, settings) => base.input(text, form.typmod, settings),
    output: (value, settings) => base.output(value, settings),
    compare: (a, b) => base.compare(a, b),
    equals: (a, b) => base.equals(a, b),
    hash: (value) => base.hash(value),
    toJs: (value, options) => base.toJs(value, options),
    fromJs: (value, settings) => base.applyTypmod(base.fromJs(value, settings), form.typmod, false),
  });
}
