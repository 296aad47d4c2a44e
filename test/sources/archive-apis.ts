// The Exoplanet Archive's TAP and GIBS as they behave, over rows and layers made for tests.
import { json, type RecordedApi } from '../../apps/curator/src/recorded/recorded-api.js';
import { PIXEL } from './epic-api.js';

const PLANETS = [
  { pl_name: 'Kepler-22 b', hostname: 'Kepler-22', pl_rade: 2.1, disc_year: 2011 },
  { pl_name: 'TRAPPIST-1 e', hostname: 'TRAPPIST-1', pl_rade: 0.92, disc_year: 2017 },
];

const votable = (message: string) => ({
  status: 400,
  headers: { 'content-type': 'text/xml' },
  body: `<?xml version="1.0"?><VOTABLE version="1.4"><RESOURCE type="results"><INFO name="QUERY_STATUS" value="ERROR">${message}</INFO></RESOURCE></VOTABLE>`,
});

export const exoplanets: RecordedApi = async ({ url }) => {
  if (url.pathname !== '/TAP/sync') return undefined;
  const [, columns = '', table = '', where = ''] =
    /^select (.+) from (\w+) where (.+)$/.exec(url.searchParams.get('query') ?? '') ?? [];
  if (!['ps', 'pscomppars'].includes(table)) return votable(`ORA-00942: table or view does not exist`);
  const unknown = columns.split(',').find((column) => !Object.hasOwn(PLANETS[0] ?? {}, column));
  if (unknown !== undefined) return votable(`ORA-00904: &quot;${unknown.toUpperCase()}&quot;: invalid identifier`);
  const rows = PLANETS.filter(({ pl_rade: radius }) => where !== 'pl_rade < 2' || radius < 2);
  return json(
    rows.map((row) =>
      Object.fromEntries(columns.split(',').map((column) => [column, row[column as keyof typeof row]])),
    ),
  );
};

const layer = (name: string, time: string): string => `<Layer>
  <ows:Title xml:lang="en">${name}</ows:Title><ows:Identifier>${name}</ows:Identifier>
  <Dimension><ows:Identifier>Time</ows:Identifier><Default>${time}</Default><Value>2012-05-08/${time}/P1D</Value></Dimension>
  <TileMatrixSetLink><TileMatrixSet>250m</TileMatrixSet></TileMatrixSetLink><Format>image/jpeg</Format></Layer>`;

const CAPABILITIES = `<?xml version="1.0" encoding="UTF-8"?>
<Capabilities xmlns="http://www.opengis.net/wmts/1.0" xmlns:ows="http://www.opengis.net/ows/1.1"><Contents>
${layer('MODIS_Terra_CorrectedReflectance_TrueColor', '2024-01-02')}${layer('VIIRS_SNPP_DayNightBand', '2024-01-01')}
</Contents></Capabilities>`;
const DOMAINS = `<Domains xmlns:ows="http://www.opengis.net/ows/1.1"><DimensionDomain><ows:Identifier>time</ows:Identifier>
<Domain>2023-01-01/2023-12-31/P1D</Domain><Size>1</Size></DimensionDomain></Domains>`;

export const gibs: RecordedApi = async ({ url }) => {
  const xml = { 'content-type': 'text/xml' };
  const { pathname, searchParams } = url;
  if (pathname.endsWith('/1.0.0/WMTSCapabilities.xml')) return { status: 200, headers: xml, body: CAPABILITIES };
  if (/^\/wmts\/epsg\d{4}\/best\/1\.0\.0\/\w+\/default\/\w+\/[^/]+\/[\d-]+\.xml$/.test(pathname))
    return { status: 200, headers: xml, body: DOMAINS };
  const [, time, row, column] =
    /^\/wmts\/epsg4326\/best\/\w+\/default\/([^/]+)\/250m\/\d+\/(\d+)\/(\d+)\.(?:jpg|png)$/.exec(pathname) ?? [];
  const wrong = (text: string) => ({
    status: 400,
    headers: xml,
    body: `<ExceptionReport><ows:ExceptionText>${text}</ows:ExceptionText></ExceptionReport>`,
  });
  // Rows end sooner than columns: who mixes them up is told.
  if (row !== undefined)
    return time === 'current'
      ? wrong('TIME is out of range')
      : Number(row) > 1
        ? wrong(`TILEROW is out of range, maximum value is 1 (column ${column})`)
        : { status: 200, headers: { 'content-type': 'image/png' }, body: PIXEL };
  if (!pathname.endsWith('/wms.cgi')) return undefined;
  const box = (searchParams.get('BBOX') ?? '').split(',').map(Number);
  const latitudes = searchParams.get('VERSION') === '1.3.0' ? [box[0], box[2]] : [box[1], box[3]];
  const fits = latitudes.every((latitude) => Math.abs(latitude ?? 91) <= 90);
  return fits
    ? { status: 200, headers: { 'content-type': 'image/png' }, body: PIXEL }
    : wrong('Invalid values for BBOX');
};
