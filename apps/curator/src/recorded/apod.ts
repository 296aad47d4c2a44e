// APOD over the recorded picture: one object for a date, a list for a range or a count, errors of its own.
import { dateOf, dayOf, json, type RecordedApi, recordedList } from './recorded-api.js';

const FIRST = '1995-06-16';
const refused = (msg: string) => json({ code: 400, msg, service_version: 'v1' }, 400);

export const apod: RecordedApi = async ({ url }) => {
  if (url.pathname !== '/planetary/apod') return undefined;
  const { searchParams: asked } = url;
  const pictures = await recordedList('nasa/apod.json');
  const count = asked.get('count');
  const [start, end] = [asked.get('start_date'), asked.get('end_date') ?? dateOf(Date.now())];
  if (count !== null) {
    if (start !== null || asked.has('date'))
      return refused('Bad Request: invalid field combination passed. Allowed request fields for apod method are count');
    if (!/^\d+$/.test(count) || Number(count) < 1 || Number(count) > 100)
      return refused('Count must be positive and cannot exceed 100');
    return json(Array.from({ length: Number(count) }, (_, at) => pictures[at % pictures.length]));
  }
  const wrong = [start, asked.get('end_date'), asked.get('date')].find(
    (date) => date !== null && dayOf(date) === undefined,
  );
  if (wrong !== undefined) return refused(`time data '${wrong}' does not match format '%Y-%m-%d'`);
  const [from, to] =
    start === null ? [asked.get('date') ?? dateOf(Date.now()), asked.get('date') ?? dateOf(Date.now())] : [start, end];
  if (from < FIRST || to > dateOf(Date.now()))
    return refused(`Date must be between Jun 16, 1995 and ${new Date().toUTCString().slice(5, 16)}.`);
  const found = pictures.filter(({ date }) => String(date) >= from && String(date) <= to);
  if (start !== null) return json(found);
  return found[0] === undefined
    ? json({ code: 404, msg: `No data available for date: ${from}`, service_version: 'v1' }, 404)
    : json(found[0]);
};
