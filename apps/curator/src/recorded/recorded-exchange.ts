// Answers requests of sources with recorded replies, in the place of the network: nothing is asked of anybody.
import { AppError } from '@labmesh/contracts';
import type { HttpReply, HttpRequest } from '../sources/exchange.js';
import { drawnEpic, drawnGibs } from './drawn-pictures.js';
import { GONE, nasaGateway } from './nasa-gateway.js';
import { eonet, gibsCapabilities } from './other-apis.js';
import type { RecordedApi } from './recorded-api.js';

/** Of which hosts there are replies. */
const HOSTS: Readonly<Record<string, RecordedApi>> = {
  'api.nasa.gov': nasaGateway({ keys: { has: () => true }, limit: 1_000, more: [drawnEpic] }),
  'eonet.gsfc.nasa.gov': eonet,
  'gibs.earthdata.nasa.gov': async (request) => (await gibsCapabilities(request)) ?? drawnGibs(request),
};

/** When the replies of a source end: its present, where everything is recorded. */
const ENDS: Readonly<Record<string, string>> = {
  'nasa-donki': '2017-09-30T23:59:59Z',
  'nasa-neows': '2015-09-08T23:59:59Z',
  'nasa-apod': '2023-06-12T23:59:59Z',
};

/** What a lab of recorded data has from its first start. */
export const RECORDED_STREAMS: ReadonlyArray<{ source: string; stream: string; from?: string; to?: string }> = [
  ...['flr', 'cme', 'gst', 'ips', 'sep', 'hss', 'rbe', 'mpc'].map((stream) => ({
    source: 'nasa-donki',
    stream,
    from: '2017-07-01',
    to: '2017-09-30',
  })),
  { source: 'nasa-donki', stream: 'notifications', from: '2017-09-04', to: '2017-09-08' },
  { source: 'nasa-neows', stream: 'feed', from: '2015-09-07', to: '2015-09-08' },
  { source: 'nasa-neows', stream: 'browse' },
  { source: 'nasa-apod', stream: 'pictures', from: '2023-06-12', to: '2023-06-12' },
  { source: 'nasa-eonet', stream: 'events' },
  { source: 'nasa-gibs', stream: 'wms-layers' },
];

/** Unix milliseconds. */
export const recordedNow = (source: string): number => Date.parse(ENDS[source] ?? '2018-12-31T23:59:59Z');

/** @throws AppError upstream_failed for a host of which nothing was recorded */
export async function recordedExchange({
  url,
  method = 'GET',
  headers = {},
  secretHeaders = {},
  body = '',
}: HttpRequest): Promise<HttpReply> {
  const api = HOSTS[url.hostname];
  const answer = await api?.({ method, url, headers: { ...headers, ...secretHeaders }, body });
  // A gateway answers for every path: what is gone there was not recorded here.
  if (answer === undefined || answer.body === GONE.body)
    throw new AppError(
      'upstream_failed',
      `Nothing was recorded of ${url.hostname}${url.pathname}. Start the lab without --demo to ask it.`,
    );
  return { status: answer.status, headers: { ...answer.headers }, bytes: Buffer.from(answer.body as string), url };
}
