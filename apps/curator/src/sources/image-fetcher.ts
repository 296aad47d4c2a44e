// A picture that a source makes of parameters, to look at. It is kept by its request, and asked for once in a day. Its type is what
// its first bytes say, never what a header claims.
import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { type BlobReference, BlobReferences } from '@labmesh/blobs';
import {
  AppError,
  type Call,
  type curator,
  imageBlock,
  LINK_ABOVE_BYTES,
  linkBlock,
  type ToolInput,
  type ToolOutput,
  textBlock,
  toAppError,
} from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { shownUrl } from './exchange.js';
import { addressOf } from './http-pages.js';
import { type HttpManifest, isHttp } from './manifest.js';
import type { ImageRequest } from './manifest-streams.js';
import { Pictures } from './pictures.repository.js';
import { SourceCatalog } from './source-catalog.js';
import { askSource } from './source-client.js';
import { SourceKinds } from './source-kinds.js';
import { parametersOf } from './stream-asked.js';
import type { Values } from './template.js';

type Fetch = (typeof curator.tools)['get_imagery'];
type Within = Pick<Call, 'deadline' | 'signal'>;

/** Largest picture, bytes. */
const IMAGE_BYTES_MAX = 20 * 1024 * 1024;
/** Largest one that an answer holds in base64, bytes. */
const INLINE_BYTES_MAX = 2 * 1024 * 1024;
const FIRST_BYTES = { 'image/png': '89504e470d0a1a0a', 'image/jpeg': 'ffd8ff' } as const;

/** What is asked of whom. */
interface Asked {
  readonly manifest: HttpManifest;
  readonly spec: ImageRequest;
  readonly image: string;
  readonly url: URL;
}

@Injectable()
export class ImageFetcher {
  /** Requests under way in this process: who wants the same waits for it. */
  readonly #asking = new Map<string, Promise<BlobReference>>();

  constructor(
    @Inject(SourceCatalog) private readonly catalog: SourceCatalog,
    @Inject(SourceKinds) private readonly kinds: SourceKinds,
    @Inject(Pictures) private readonly pictures: Pictures,
    @Inject(BlobReferences) private readonly references: BlobReferences,
  ) {}

  async fetch(
    { source, image, parameters: given, inline }: ToolInput<Fetch>,
    call: Within,
  ): Promise<ToolOutput<Fetch>> {
    const { manifest } = await this.catalog.find(source);
    const images = isHttp(manifest) ? manifest.images : {};
    const spec = Object.hasOwn(images, image) ? images[image] : undefined;
    if (!isHttp(manifest) || spec === undefined)
      throw new AppError(
        'not_found',
        `Cannot find the picture "${image}" in the source ${source}: it has ${Object.keys(images).join(', ') || 'none'}.`,
      );
    const parameters: Values = await parametersOf(spec.parameters, given ?? {});
    const asked: Asked = { manifest, spec, image, url: addressOf(manifest, spec, parameters) };
    const picture = await this.#pictureOf(asked, call);
    const { id: blobId, name, mediaType, bytes } = picture;
    const about = `${spec.title}, ${manifest.title}. ${manifest.attribution ?? manifest.licence}`;
    // No picture was recorded: what a lab of recorded data has is drawn by itself.
    const drawn = this.kinds.recorded;
    const marked = drawn ? 'TEST CARD, NO PICTURE OF THE SOURCE: drawn by the lab, since none was recorded. ' : '';
    const shown = bytes <= (inline ? INLINE_BYTES_MAX : LINK_ABOVE_BYTES);
    return {
      content: [
        textBlock(`${marked}${about}`),
        shown ? imageBlock(mediaType, await this.#bytesOf(picture)) : linkBlock({ blobId, name, mediaType, bytes }),
      ],
      structured: { source, image, parameters, request: asked.url.href, mimeType: mediaType, bytes, blobId, drawn },
    };
  }

  /** As it was brought before, or asked for now, once for all of this process who want it. */
  async #pictureOf(asked: Asked, call: Within): Promise<BlobReference> {
    const { manifest, spec, url } = asked;
    const words = JSON.stringify([manifest.name, url.href, spec.types, this.kinds.recorded]);
    const request = createHash('sha256').update(words).digest('hex');
    const kept = await this.pictures.of(request);
    if (kept !== undefined) return kept;
    const others = this.#asking.get(request);
    if (others !== undefined) return others.catch((error: unknown) => this.#after(error, asked, call));
    const own = this.#brought(request, asked, call).finally(() => this.#asking.delete(request));
    this.#asking.set(request, own);
    return own;
  }

  /** That others gave up is no reason to: it is asked for again. */
  async #after(error: unknown, asked: Asked, call: Within): Promise<BlobReference> {
    const { code } = toAppError(error);
    if ((code !== 'cancelled' && code !== 'deadline_exceeded') || call.signal.aborted) throw error;
    return this.#pictureOf(asked, call);
  }

  async #brought(request: string, { manifest, spec, image, url }: Asked, call: Within): Promise<BlobReference> {
    const asking = { ...(await this.kinds.asking(manifest, call)), bytesMax: IMAGE_BYTES_MAX };
    const bytes = await askSource(asking, { url }, async (reply) => reply.bytes);
    const type = spec.types.find((name) => bytes.subarray(0, 8).toString('hex').startsWith(FIRST_BYTES[name]));
    if (type === undefined)
      throw new AppError(
        'upstream_failed',
        `Cannot show what ${manifest.name} sent for ${shownUrl(url)}: it is no picture of ${spec.types.join(' or ')}.`,
      );
    const content = await this.references.store.put([bytes]);
    const name = `${manifest.name}-${image}${this.kinds.recorded ? '-test-card' : ''}.${type === 'image/png' ? 'png' : 'jpg'}`;
    return this.pictures.keep(request, { ...content, mediaType: type, name });
  }

  async #bytesOf({ sha256 }: BlobReference): Promise<Buffer> {
    return buffer(await this.references.store.read(sha256));
  }
}
