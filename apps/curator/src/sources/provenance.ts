// Where rows of a source come from, as their dataset tells it: the request without any key, the licence, and what was done.
import type { Provenance } from '../datasets/dataset.js';
import type { Bookmark } from './bookmark.js';
import { requestOf } from './http-pages.js';
import { isHttp, type Manifest, type Stream } from './manifest.js';
import type { HttpStream } from './manifest-http.js';
import type { AskedRange } from './page-state.js';
import { firstPage } from './paging.js';
import type { Values } from './template.js';

interface Origin {
  readonly manifest: Manifest;
  readonly stream: Stream;
  readonly parameters: Values;
  readonly wish: { readonly stream: string };
}

export function provenanceOf(origin: Origin, { run }: Bookmark, recorded: boolean): Provenance {
  const { manifest, wish } = origin;
  const range = run?.range ?? {};
  const span =
    range.from === undefined && range.to === undefined
      ? ''
      : `, ${range.from ?? 'the beginning'} to ${range.to ?? 'the end'}`;
  return {
    source: requestShown(origin, range),
    license: manifest.licence.slice(0, 120),
    obtainedAt: new Date().toISOString(),
    derivedFrom: null,
    note: [
      recorded ? 'RECORDED DATA: replies that were recorded, not asked for now.' : '',
      `Stream "${wish.stream}" of the source ${manifest.name}${span}, ${run?.pages ?? 0} pages.`,
      manifest.attribution ?? '',
    ]
      .filter((part) => part !== '')
      .join(' '),
  };
}

/** The first request of a fetch, without the key: that is never part of one until it is sent. */
export function requestShown({ manifest, stream, parameters }: Omit<Origin, 'wish'>, range: AskedRange): string {
  if (isHttp(manifest)) {
    const paging = { manifest, stream: stream as HttpStream, range };
    const { method, url, body } = requestOf(paging, firstPage(paging), parameters);
    return `${method} ${url.href}${body === undefined ? '' : ` ${body}`}`.slice(0, 2_000);
  }
  if (manifest.kind === 'postgresql') return `postgresql://${manifest.host}:${manifest.port}/${manifest.database}`;
  return manifest.kind === 'sqlite' ? `sqlite file ${manifest.file}` : `folder ${manifest.folder}`;
}
