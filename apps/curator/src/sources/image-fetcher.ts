// A picture that a source makes of parameters, to look at. Its type is what its first bytes say, never what a header claims.
import {
  AppError,
  type Call,
  type curator,
  imageBlock,
  type ToolInput,
  type ToolOutput,
  textBlock,
} from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { shownUrl } from './exchange.js';
import { addressOf } from './http-pages.js';
import { isHttp } from './manifest.js';
import { SourceCatalog } from './source-catalog.js';
import { askSource } from './source-client.js';
import { SourceKinds } from './source-kinds.js';
import { parametersOf } from './stream-asked.js';

type Fetch = (typeof curator.tools)['get_imagery'];

/** Largest picture, bytes: an answer holds it in base64. */
const IMAGE_BYTES_MAX = 2 * 1024 * 1024;
const FIRST_BYTES = { 'image/png': '89504e470d0a1a0a', 'image/jpeg': 'ffd8ff' } as const;

@Injectable()
export class ImageFetcher {
  constructor(
    @Inject(SourceCatalog) private readonly catalog: SourceCatalog,
    @Inject(SourceKinds) private readonly kinds: SourceKinds,
  ) {}

  async fetch(
    { source, image, parameters: given }: ToolInput<Fetch>,
    call: Pick<Call, 'deadline' | 'signal'>,
  ): Promise<ToolOutput<Fetch>> {
    const { manifest } = await this.catalog.find(source);
    const images = isHttp(manifest) ? manifest.images : {};
    const spec = Object.hasOwn(images, image) ? images[image] : undefined;
    if (!isHttp(manifest) || spec === undefined)
      throw new AppError(
        'not_found',
        `Cannot find the picture "${image}" in the source ${source}: it has ${Object.keys(images).join(', ') || 'none'}.`,
      );
    const parameters = await parametersOf(spec.parameters, given ?? {});
    const url = addressOf(manifest, spec, parameters);
    const asking = { ...(await this.kinds.asking(manifest, call)), bytesMax: IMAGE_BYTES_MAX };
    const bytes = await askSource(asking, { url }, async (reply) => reply.bytes);
    const type = spec.types.find((name) => bytes.subarray(0, 8).toString('hex').startsWith(FIRST_BYTES[name]));
    if (type === undefined)
      throw new AppError(
        'upstream_failed',
        `Cannot show what ${source} sent for ${shownUrl(url)}: it is no picture of ${spec.types.join(' or ')}.`,
      );
    const about = `${spec.title}, ${manifest.title}. ${manifest.attribution ?? manifest.licence}`;
    const recorded = this.kinds.recorded ? 'RECORDED DATA. ' : '';
    return {
      content: [textBlock(`${recorded}${about}`), imageBlock(type, bytes)],
      structured: { source, image, parameters, request: url.href, mimeType: type, bytes: bytes.length },
    };
  }
}
