// The weather service of docs/sources.md: pages of hourly values, for who shows the key, of one station that it knows.
import { json, type RecordedApi } from '../../apps/curator/src/recorded/recorded-api.js';

const VALUES = [3.5, 3.25, -0.5].map((celsius, hour) => ({
  station: 'HAM',
  at: `2026-01-01T0${hour}:00:00Z`,
  celsius,
}));
const PAGE = 2;

/** `also`: what each value has beside, now. */
export const weather =
  (key: string, also: () => object = () => ({})): RecordedApi =>
  async ({ url, headers }) => {
    if (url.pathname !== '/v1/hourly') return undefined;
    if (headers.authorization !== `Bearer ${key}`) return { ...json({ error: 'who are you?' }), status: 401 };
    const station = url.searchParams.get('station') ?? '';
    if (station !== 'HAM') return { ...json({ error: `no station ${station}` }), status: 404 };
    const page = Number(url.searchParams.get('page'));
    const values = VALUES.slice((page - 1) * PAGE, page * PAGE).map((value) => ({ ...value, ...also() }));
    return json({ page, pages: Math.ceil(VALUES.length / PAGE), values });
  };
