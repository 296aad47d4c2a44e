// EONET, and what GIBS says that it has in WMS, over recorded replies.
import { json, type RecordedApi, recordedJson, recordedText } from './recorded-api.js';

export const eonet: RecordedApi = async ({ url }) =>
  url.pathname === '/api/v3/events' ? json(await recordedJson('nasa/eonet.json')) : undefined;

export const gibsCapabilities: RecordedApi = async ({ url }) => {
  if (!/^\/wms\/epsg\d{4}\/best\/wms\.cgi$/.test(url.pathname)) return undefined;
  if (url.searchParams.get('REQUEST') !== 'GetCapabilities') return undefined;
  return { status: 200, headers: { 'content-type': 'text/xml' }, body: await recordedText('gibs-wms-1.3.0.xml') };
};
