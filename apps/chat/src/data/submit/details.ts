// What somebody says of the data they add, and how the submit and update tools take it.
import type { Dataset } from '../dataset.js';

export interface Details {
  readonly name: string;
  readonly description: string;
  readonly format: string;
  readonly license: string;
  readonly source: string;
  /** As it is typed: words with commas or blanks between. */
  readonly topics: string;
  /** What has changed; of a new version only. */
  readonly note: string;
}

export const EMPTY: Details = {
  name: '',
  description: '',
  format: '',
  license: '',
  source: '',
  topics: '',
  note: '',
};

/** A new version begins with what is said of the last. */
export const detailsOf = ({ name, description, format, provenance, topics }: Dataset): Details => ({
  ...EMPTY,
  name,
  description,
  format,
  license: provenance.license ?? '',
  source: provenance.source,
  topics: topics.join(', '),
});

export const topicsIn = (text: string): readonly string[] => [
  ...new Set(text.toLowerCase().split(/[\s,;]+/).filter((topic) => topic !== '')),
];

const TOPIC = /^[a-z0-9][a-z0-9-]{0,39}$/;
const TOPICS_MAX = 20;

/** What of the fields the lab would refuse; undefined when nothing. */
export function problemIn({ topics }: Pick<Details, 'topics'>): string | undefined {
  const list = topicsIn(topics);
  const wrong = list.find((topic) => !TOPIC.test(topic));
  if (wrong !== undefined) return `“${wrong}” is no topic: letters, digits and dashes, such as solar-flares.`;
  return list.length > TOPICS_MAX ? `At most ${TOPICS_MAX} topics.` : undefined;
}

/** @param of the dataset that gets a version; then a version that came meanwhile is not overwritten unseen */
export function inputOf(details: Details, of: Dataset | undefined): Readonly<Record<string, unknown>> {
  const said = (text: string): string | undefined => text.trim() || undefined;
  const topics = topicsIn(details.topics);
  return {
    name: details.name.trim(),
    description: details.description.trim(),
    license: said(details.license),
    source: said(details.source),
    topics: topics.length === 0 && of === undefined ? undefined : topics,
    ...(of ? { datasetId: of.datasetId, expectedVersion: of.version, note: said(details.note) } : {}),
  };
}
