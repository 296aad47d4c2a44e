// GIBS and EPIC where no picture of theirs was recorded: a test card that says so, and what was asked for.
import type { RecordedAnswer, RecordedApi } from './recorded-api.js';
import { type CardSize, testCard } from './test-card.js';

const SAYS = ['TEST CARD, NO SATELLITE IMAGE', 'DRAWN BY THE LAB: NOTHING WAS RECORDED', ''];
const TILE: CardSize = { width: 512, height: 512 };

const card = (about: readonly string[], size: CardSize): RecordedAnswer => ({
  status: 200,
  headers: { 'content-type': 'image/png' },
  body: testCard([...SAYS, ...about], size),
});

const dateLine = (time: string | null): string => `DATE  ${time === null || time === '' ? 'OF THE LAYER' : time}`;

export const drawnGibs: RecordedApi = async ({ url: { pathname, searchParams } }) => {
  const [, layer, time = '', z, row, column] =
    /^\/wmts\/epsg\d{4}\/best\/([^/]+)\/default\/([^/]+)\/[^/]+\/(\d+)\/(\d+)\/(\d+)\.(?:jpg|png)$/.exec(pathname) ??
    [];
  if (layer !== undefined)
    return card([`LAYER ${layer}`, dateLine(time === 'default' ? null : time), `TILE  ${z}/${row}/${column}`], TILE);
  if (!/^\/wms\/epsg\d{4}\/best\/wms\.cgi$/.test(pathname) || searchParams.get('REQUEST') !== 'GetMap')
    return undefined;
  const pixels = (name: string): number => Math.min(2_048, Math.max(1, Number(searchParams.get(name)) || 256));
  const lines = [
    `LAYER ${searchParams.get('LAYERS')}`,
    dateLine(searchParams.get('TIME')),
    `BOX   ${searchParams.get('BBOX')}`,
    `IN    ${searchParams.get('SRS') ?? searchParams.get('CRS')}`,
  ];
  return card(lines, { width: pixels('WIDTH'), height: pixels('HEIGHT') });
};

export const drawnEpic: RecordedApi = async ({ url }) => {
  const [, collection, year, month, day, image] =
    /^\/EPIC\/archive\/(\w+)\/(\d{4})\/(\d\d)\/(\d\d)\/(?:png|jpg)\/(\w+)\.(?:png|jpg)$/.exec(url.pathname) ?? [];
  if (image === undefined) return undefined;
  return card([`EPIC  ${collection}`, `DATE  ${year}-${month}-${day}`, `IMAGE ${image}`], TILE);
};
