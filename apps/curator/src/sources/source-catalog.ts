// Which sources the lab has: those that come with it and those the operator added, each as its manifest.
import { readdir, readFile } from 'node:fs/promises';
import { AppError } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { CURATOR_CONFIG, type CuratorConfig } from '../config.js';
import { isHttp, type Manifest, type Stream } from './manifest.js';
import { SourcesRepository } from './sources.repository.js';

/** The same from src and from dist. */
const SHIPPED = new URL('../../sources/', import.meta.url);
const SOURCES_MAX = 500;

export interface Source {
  readonly manifest: Manifest;
  /** Its text, as it was written. */
  readonly text: string;
  readonly shipped: boolean;
}

/** They are files of the program: read once. */
let shippedSources: Promise<readonly Source[]> | undefined;
const shipped = (): Promise<readonly Source[]> => {
  shippedSources ??= readShippedSources();
  return shippedSources;
};

/** What reads YAML is much code: it is loaded when somebody asks of sources. */
const readManifest = async (text: string, file: string): Promise<Manifest> =>
  (await import('./manifest-file.js')).readManifest(text, file);

@Injectable()
export class SourceCatalog {
  /** Manifests by their text: reading one takes longer than asking whether it is still the same. */
  readonly #read = new Map<string, Promise<Manifest>>();

  constructor(
    @Inject(SourcesRepository) private readonly repository: SourcesRepository,
    @Inject(CURATOR_CONFIG) private readonly config: CuratorConfig,
  ) {}

  /** By name. */
  async all(): Promise<Source[]> {
    const [ours, added] = [await shipped(), await this.repository.added()];
    const own = new Map(added.map((source) => [source.name, source.manifest]));
    const kept = ours.filter(({ manifest }) => !own.has(manifest.name));
    const others = await Promise.all(
      [...own].flatMap(([name, text]) => (text === null ? [] : [this.#source(text, name)])),
    );
    return [...kept, ...others]
      .map((source) => ({ ...source, manifest: this.#placed(source.manifest) }))
      .sort((one, other) => (one.manifest.name < other.manifest.name ? -1 : 1));
  }

  /** @throws AppError not_found naming the sources that there are */
  async find(name: string): Promise<Source> {
    const all = await this.all();
    const found = all.find(({ manifest }) => manifest.name === name);
    if (found !== undefined) return found;
    throw new AppError(
      'not_found',
      `Cannot find the source "${name}": there are ${all.map(({ manifest }) => manifest.name).join(', ') || 'none'}.`,
    );
  }

  /** @throws AppError not_found naming the streams that there are */
  async stream(name: string, stream: string): Promise<{ source: Source; stream: Stream }> {
    const source = await this.find(name);
    const { streams } = source.manifest;
    if (Object.hasOwn(streams, stream)) return { source, stream: streams[stream] as Stream };
    throw new AppError(
      'not_found',
      `Cannot find "${stream}" in the source ${name}: it has ${Object.keys(streams).join(', ')}.`,
    );
  }

  /** Takes in a manifest, in the place of one of the same name. @throws AppError invalid_input; conflict when there are too many */
  async add(text: string, addedBy: string): Promise<Source> {
    const manifest = await readManifest(text, 'that was given');
    const added = await this.repository.added();
    if (added.length >= SOURCES_MAX && !added.some(({ name }) => name === manifest.name))
      throw new AppError('conflict', `Cannot add the source: there are ${SOURCES_MAX} already. Remove one first.`);
    await this.repository.put(manifest.name, text, addedBy);
    await this.repository.reopen(manifest.name);
    return { manifest: this.#placed(manifest), text, shipped: false };
  }

  /** The datasets that were fetched stay. @throws AppError not_found */
  async remove(name: string, removedBy: string): Promise<void> {
    await this.find(name);
    const comesWithLab = (await shipped()).some(({ manifest }) => manifest.name === name);
    if (comesWithLab) await this.repository.put(name, null, removedBy);
    else await this.repository.drop(name);
    await this.repository.forgetStreams(name);
  }

  /** Another base URL, where the operator set one. */
  #placed(manifest: Manifest): Manifest {
    const baseUrl = this.config.sourceUrls.get(manifest.name);
    return baseUrl === undefined || !isHttp(manifest) ? manifest : { ...manifest, baseUrl };
  }

  async #source(text: string, name: string): Promise<Source> {
    const read = this.#read.get(text) ?? readManifest(text, `of the source ${name}`);
    if (this.#read.size > SOURCES_MAX) this.#read.clear();
    this.#read.set(text, read);
    return { manifest: await read, text, shipped: false };
  }
}

/** The manifests in `folder`. @throws AppError invalid_input naming the file that is wrong */
export async function readShippedSources(folder: URL = SHIPPED): Promise<Source[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml')).sort();
  return Promise.all(
    files.map(async (file) => {
      const text = await readFile(new URL(file, folder), 'utf8');
      return { manifest: await readManifest(text, file), text, shipped: true };
    }),
  );
}
