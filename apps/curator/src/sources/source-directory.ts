// What the lab can tell of its sources: which there are, what they have, how fresh their datasets are. Asks nobody outside.
import type { curator, ToolInput, ToolOutput } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import type { Manifest, Stream } from './manifest.js';
import { schemasOf } from './parameter-schemas.js';
import { type Source, SourceCatalog } from './source-catalog.js';
import { type Slice, SourceStateRepository } from './source-state.repository.js';
import { SourcesRepository } from './sources.repository.js';

type Tools = typeof curator.tools;
type Summary = ToolOutput<Tools['list_sources']>['sources'][number];
type Status = Summary['status'];
type Found = ToolOutput<Tools['get_source']>;

@Injectable()
export class SourceDirectory {
  constructor(
    @Inject(SourceCatalog) private readonly catalog: SourceCatalog,
    @Inject(SourceStateRepository) private readonly state: SourceStateRepository,
    @Inject(SourcesRepository) private readonly repository: SourcesRepository,
  ) {}

  async list({ topic }: ToolInput<Tools['list_sources']>): Promise<ToolOutput<Tools['list_sources']>> {
    const [sources, slices, keys] = await Promise.all([
      this.catalog.all(),
      this.state.slices(),
      this.repository.keyNames(),
    ]);
    const about = sources.filter(({ manifest }) => topic === undefined || topicsOf(manifest).includes(topic));
    return { sources: about.map((source) => summaryOf(source, { slices, keys })) };
  }

  async get({ source: name }: ToolInput<Tools['get_source']>): Promise<Found> {
    const source = await this.catalog.find(name);
    const [slices, keys] = await Promise.all([this.state.slices(name), this.repository.keyNames()]);
    const { streams: _names, images: _pictures, ...summary } = summaryOf(source, { slices, keys });
    const { manifest } = source;
    return {
      ...summary,
      description: manifest.description,
      homepage: manifest.homepage,
      attribution: manifest.attribution ?? null,
      streams: Object.entries(manifest.streams).map(([stream, spec]) => describedStream(stream, spec)),
      images:
        'images' in manifest ? Object.entries(manifest.images).map(([image, spec]) => described(image, spec)) : [],
      datasets: slices.map(fetchedOf(manifest)),
      manifest: source.text,
    };
  }

  async summary(source: Source): Promise<Summary> {
    const [slices, keys] = await Promise.all([this.state.slices(source.manifest.name), this.repository.keyNames()]);
    return summaryOf(source, { slices, keys });
  }
}

function summaryOf(
  { manifest, shipped }: Source,
  { slices, keys }: { slices: readonly Slice[]; keys: ReadonlySet<string> },
): Summary {
  const own = slices
    .filter(({ source }) => source === manifest.name)
    .map((slice) => statusOf(slice, manifest.streams[slice.stream]));
  const worst = (['gone', 'fetching', 'frozen', 'stale', 'fresh'] as const).find((status) => own.includes(status));
  return {
    name: manifest.name,
    title: manifest.title,
    kind: manifest.kind,
    topics: topicsOf(manifest),
    streams: Object.keys(manifest.streams),
    images: 'images' in manifest ? Object.keys(manifest.images) : [],
    licence: manifest.licence,
    shipped,
    key: keyOf(manifest, keys),
    status: worst ?? 'never',
  };
}

const topicsOf = (manifest: Manifest): string[] => [
  ...new Set([...manifest.topics, ...Object.values(manifest.streams).flatMap(({ topics }) => topics ?? [])]),
];

function keyOf(manifest: Manifest, keys: ReadonlySet<string>): Summary['key'] {
  const { auth } = manifest as { auth?: { key: string; default?: string | undefined; required?: boolean } };
  if (auth === undefined) return 'none';
  if (keys.has(auth.key)) return 'set';
  if (auth.default !== undefined) return 'public';
  return auth.required === false ? 'none' : 'missing';
}

/** Frozen: what came last was not taken. Stale: the last fetch failed, or it is older than the manifest says it may be. */
export function statusOf(slice: Slice, stream: Stream | undefined): Status {
  if (slice.goneAt !== null) return 'gone';
  if (slice.busy) return 'fetching';
  if (slice.bookmark.withheld === 'all') return 'frozen';
  if (slice.fetchedAt === null) return slice.failure === null ? 'never' : 'stale';
  const old = stream?.freshness !== undefined && slice.fetchedAt.getTime() + stream.freshness < Date.now();
  return slice.failure !== null || old ? 'stale' : 'fresh';
}

export const freshnessOf = (slice: Slice, stream: Stream | undefined) => ({
  status: statusOf(slice, stream),
  fetchedAt: slice.fetchedAt?.toISOString() ?? null,
  refreshAt: slice.refreshAt?.toISOString() ?? null,
  message: slice.failure,
});

const fetchedOf =
  (manifest: Manifest) =>
  (slice: Slice): Found['datasets'][number] => ({
    datasetId: slice.datasetId,
    stream: slice.stream,
    parameters: { ...slice.parameters },
    ...freshnessOf(slice, manifest.streams[slice.stream]),
  });

const described = (
  name: string,
  {
    title,
    description,
    parameters,
  }: { title: string; description: string; parameters: Record<string, Record<string, unknown>> },
) => ({
  name,
  title,
  description,
  parameters: schemasOf(parameters),
});

const describedStream = (name: string, stream: Stream): Found['streams'][number] => ({
  ...described(name, {
    title: stream.title,
    description: stream.description,
    parameters: 'parameters' in stream ? stream.parameters : {},
  }),
  range: 'range' in stream ? (stream.range?.format ?? null) : null,
  schema: stream.schema ?? null,
  drift: stream.drift,
  freshSeconds: stream.freshness === undefined ? null : stream.freshness / 1_000,
});
