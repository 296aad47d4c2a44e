// The fields of an entry and what each counts. An index has the same fields from its first entry on.

/** More would not fit into the byte that says which fields hold a term. */
const FIELDS_MAX = 7;

export interface FieldSpec {
  /** How many times over a term of this field counts. */
  readonly weight: number;
  /** How much a long field is held against its entry, from 0 (not at all) to 1 (in full); BM25's b. */
  readonly lengthShare: number;
}

export class FieldSet<F extends string> {
  readonly names: readonly F[];
  readonly specs: readonly FieldSpec[];

  /** @throws RangeError for no field, too many, or a weight or share out of range */
  constructor(fields: Readonly<Record<F, FieldSpec>>) {
    this.names = Object.keys(fields) as F[];
    this.specs = this.names.map((name) => fields[name]);
    if (this.names.length === 0 || this.names.length > FIELDS_MAX)
      throw new RangeError(`An index has 1 to ${FIELDS_MAX} fields, not ${this.names.length}`);
    for (const { weight, lengthShare } of this.specs) {
      if (!(weight > 0 && lengthShare >= 0 && lengthShare <= 1))
        throw new RangeError('A field’s weight is above 0, and its lengthShare from 0 to 1');
    }
  }

  get count(): number {
    return this.names.length;
  }
}
