// A dataset of the lab as a document: what it is, where it came from, which columns it has. The same data gives the same text.
import type { Routed } from '@labmesh/contracts';
import { type Document, newDocument } from '../corpus/document.js';

export type RoutedDataset = NonNullable<Routed['dataset']>;

export interface DatasetCard {
  readonly datasetId: string;
  readonly version: number;
  readonly text: string;
}

export const cardOf = (dataset: RoutedDataset, topics: readonly string[]): DatasetCard => ({
  datasetId: dataset.datasetId,
  version: dataset.version,
  text: textOf(dataset, topics),
});

export const fileOf = (datasetId: string): string => `datasets/${datasetId}.md`;

export const documentOf = ({ datasetId, text }: DatasetCard): Document =>
  newDocument({ file: fileOf(datasetId), collection: 'datasets', text });

function textOf(dataset: RoutedDataset, topics: readonly string[]): string {
  const { datasetId, version, name, description, format, rows, license, origin, columns, storedAt } = dataset;
  const about = [
    `Dataset ${datasetId}, version ${version} of ${storedAt.slice(0, 10)}: ${rows} rows as ${format}.`,
    `It came from: ${oneLine(origin)}. Its licence: ${license === null ? 'not said' : oneLine(license)}.`,
    ...(topics.length === 0 ? [] : [`Topics: ${topics.join(', ')}.`]),
  ];
  const list = columns.map((column) => `- \`${oneLine(column.name)}\`: ${column.type}`);
  return `# ${oneLine(name)}

${description.trim()}

${about.join(' ')}

## Columns of ${oneLine(name)}

${list.length === 0 ? 'Its schema names none.' : list.join('\n')}
`;
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
