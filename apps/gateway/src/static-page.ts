// Serves the built web page from memory, compressed where that is wanted, with a policy that lets it load nothing from elsewhere.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { AppError } from '@labmesh/contracts';
import { wantsGzip } from '@labmesh/endpoint';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
};

const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
};

/** Pictures and fonts are compressed in themselves, and less than this fits in a packet. */
const COMPRESSED = /^(?:text\/|application\/json|image\/svg)/;
const COMPRESSED_BYTES_MIN = 1_024;

interface Asset {
  readonly body: Buffer;
  readonly type: string;
  readonly etag: string;
  readonly cacheControl: string;
  /** Made when it is first asked for. */
  gzipped: Promise<Buffer> | undefined;
}

const compress = promisify(gzip);

export class StaticPage {
  readonly #assets = new Map<string, Asset>();

  /** @param folder the page's build output; a missing one leaves the page unavailable, the rest of the gateway works */
  constructor(folder: string) {
    for (const file of filesBelow(folder)) {
      const path = `/${relative(folder, file).split(sep).join('/')}`;
      const body = readFileSync(file);
      this.#assets.set(path, {
        body,
        type: TYPES[extname(file)] ?? 'application/octet-stream',
        etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
        // Built assets carry a hash in their name; the page itself is always asked for anew.
        cacheControl: path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
        gzipped: undefined,
      });
    }
  }

  async serve(req: IncomingMessage, res: ServerResponse, path: string): Promise<void> {
    if (req.method !== 'GET' && req.method !== 'HEAD')
      throw new AppError('not_found', `Nothing answers ${req.method ?? ''} here`);
    const asset = this.#assets.get(path === '/' ? '/index.html' : path);
    if (asset === undefined) {
      const built = this.#assets.size > 0;
      throw new AppError(
        'not_found',
        built ? `Nothing is at ${path.slice(0, 200)}` : 'The page is not built: run npm run build, then start again',
      );
    }
    const smaller = COMPRESSED.test(asset.type) && asset.body.length >= COMPRESSED_BYTES_MIN;
    const isGzipped = smaller && wantsGzip(req.headers['accept-encoding']);
    const etag = isGzipped ? asset.etag.replace(/"$/, '-gzip"') : asset.etag;
    const headers = {
      ...SECURITY_HEADERS,
      etag,
      'cache-control': asset.cacheControl,
      'content-type': asset.type,
      ...(smaller ? { vary: 'accept-encoding' } : {}),
      ...(isGzipped ? { 'content-encoding': 'gzip' } : {}),
    };
    if (req.headers['if-none-match'] === etag) {
      res.writeHead(304, headers).end();
      return;
    }
    const body = isGzipped ? await gzippedOf(asset) : asset.body;
    res.writeHead(200, { ...headers, 'content-length': body.length }).end(req.method === 'HEAD' ? undefined : body);
  }
}

function gzippedOf(asset: Asset): Promise<Buffer> {
  asset.gzipped ??= compress(asset.body, { level: constants.Z_BEST_COMPRESSION });
  return asset.gzipped;
}

function filesBelow(folder: string): string[] {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
