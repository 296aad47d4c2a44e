// What a list of datasets can be narrowed by, as the list tool names it, and how its values read.
import { formatLabel } from '../submit/file-format.js';

export interface FacetValue {
  readonly value: string;
  readonly count: number;
}

export type Facets = Readonly<Record<string, readonly FacetValue[]>>;

const WITHIN: Readonly<Record<string, string>> = {
  day: 'a day',
  week: 'a week',
  month: 'a month',
  year: 'a year',
};
const OWNERS: Readonly<Record<string, string>> = { lab: 'the lab', mine: 'you' };
const ORIGINS: Readonly<Record<string, string>> = {
  lab: 'shipped with the lab',
  submission: 'submitted',
  transformed: 'made from another',
};

export interface FacetInfo {
  readonly name: string;
  readonly label: string;
  readonly read: (value: string) => string;
  /** Where values have an order of their own; else those that most have come first. */
  readonly order?: readonly string[];
}

/** In the order of the page. */
export const FACETS: readonly FacetInfo[] = [
  { name: 'owner', label: 'Owner', read: (value) => OWNERS[value] ?? value },
  { name: 'origin', label: 'Source', read: (value) => ORIGINS[value] ?? value },
  { name: 'topic', label: 'Topic', read: (value) => value },
  { name: 'format', label: 'Format', read: formatLabel },
  { name: 'license', label: 'Licence', read: (value) => value },
  { name: 'updatedWithin', label: 'Changed within', read: (value) => WITHIN[value] ?? value, order: Object.keys(WITHIN) },
];

/** The choices that an address names: those that the lab can narrow by, and nothing else. */
export function chosenIn(asked: URLSearchParams): Readonly<Record<string, string>> {
  const chosen = FACETS.map(({ name }) => [name, asked.get(name) ?? ''] as const);
  return Object.fromEntries(chosen.filter(([, value]) => value !== '').map(([name, value]) => [name, value.slice(0, 120)]));
}

export const ordered = (values: readonly FacetValue[], { order }: FacetInfo): readonly FacetValue[] =>
  order === undefined ? values : values.toSorted((a, b) => order.indexOf(a.value) - order.indexOf(b.value));
