// NeoWs over recorded days and asteroids: an object of days in no order, links over http:// with the key of who asks, both spellings
// of the link back.
import { isPlainObject, type Json } from '../rows.js';
import { dateOf, dayOf, daysLater, json, type RecordedApi, recordedJson, recordedList } from './recorded-api.js';

const DAYS_MAX = 7;

export const neows: RecordedApi = async (request) => {
  const { pathname } = request.url;
  if (pathname === '/neo/rest/v1/feed') return feed(request);
  if (pathname === '/neo/rest/v1/neo/browse') return browse(request);
  const [, id] = /^\/neo\/rest\/v1\/neo\/([^/]+)$/.exec(pathname) ?? [];
  return id === undefined ? undefined : lookup(id);
};

/** As the provider writes its links: over http, and with the key. */
const link = (path: string, key: string | undefined): string =>
  `http://api.nasa.gov/neo/rest/v1${path}&api_key=${key ?? 'DEMO_KEY'}`;

async function feed({ url, headers }: Parameters<RecordedApi>[0]) {
  const start = dayOf(url.searchParams.get('start_date')) ?? Date.now();
  const end = dayOf(url.searchParams.get('end_date')) ?? daysLater(start, DAYS_MAX);
  if (end < start || end > daysLater(start, DAYS_MAX))
    return json(
      {
        code: 400,
        http_error: 'BAD_REQUEST',
        error_message: 'Date Format Exception - Expected format (yyyy-mm-dd) - The Feed date limit is only 7 Days',
        request: url.pathname,
      },
      400,
    );
  const recorded = await recordedJson('nasa/neows-feed.json');
  const days =
    isPlainObject(recorded) && isPlainObject(recorded.near_earth_objects)
      ? Object.entries(recorded.near_earth_objects)
      : [];
  // The last day first: the keys of the real feed have no order either.
  const found = days.filter(([day]) => day >= dateOf(start) && day <= dateOf(end)).reverse() as Array<[string, Json[]]>;
  const span = (from: number, to: number): string =>
    link(`/feed?start_date=${dateOf(from)}&end_date=${dateOf(to)}&detailed=false`, headers['x-api-key']);
  const back = span(daysLater(start, -1), daysLater(end, -1));
  return json({
    links: {
      next: span(end, daysLater(end, 1)),
      ...(start % 2 === 0 ? { prev: back } : { previous: back }),
      self: span(start, end),
    },
    element_count: found.reduce((sum, [, list]) => sum + list.length, 0),
    near_earth_objects: Object.fromEntries(found),
  });
}

async function browse({ url, headers }: Parameters<RecordedApi>[0]) {
  const [number, size] = [Number(url.searchParams.get('page') ?? 0), Number(url.searchParams.get('size') ?? 20)];
  const recorded = await recordedJson('nasa/neows-browse.json');
  const all = isPlainObject(recorded) && Array.isArray(recorded.near_earth_objects) ? recorded.near_earth_objects : [];
  const pages = Math.ceil(all.length / size);
  return json({
    links: {
      ...(number + 1 < pages
        ? { next: link(`/neo/browse?page=${number + 1}&size=${size}`, headers['x-api-key']) }
        : {}),
      self: link(`/neo/browse?page=${number}&size=${size}`, headers['x-api-key']),
    },
    page: { size, total_elements: all.length, total_pages: pages, number },
    near_earth_objects: all.slice(number * size, (number + 1) * size),
  });
}

async function lookup(id: string) {
  const [found] = (await recordedList('nasa/neows-one.json')).filter((item) => item.id === id);
  return found === undefined ? json({ status: 'NOT_FOUND', message: `Asteroid ${id} not found` }, 404) : json(found);
}
