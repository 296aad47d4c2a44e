// EPIC as it behaves, over pictures made for tests: lists by day, days, and pictures at their addresses.
import { json, type RecordedApi } from '../../apps/curator/src/recorded/recorded-api.js';

/** The smallest PNG there is: one pixel. */
export const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const DAYS = ['2019-05-30', '2019-05-29'];

const picture = (day: string, at: number) => ({
  identifier: `${day.replaceAll('-', '')}00${at}`,
  caption: 'This image was taken by NASA’s EPIC camera onboard the NOAA DSCOVR spacecraft',
  image: `epic_1b_${day.replaceAll('-', '')}00${at}`,
  version: '03',
  centroid_coordinates: { lat: 17.2, lon: -150.5 - at },
  dscovr_j2000_position: { x: 523131.5, y: 1241862.25, z: 530563.125 },
  attitude_quaternions: { q0: -0.32542, q1: 0.07131, q2: 0.17346, q3: 0.92675 },
  date: `${day} 0${at}:31:45`,
});

export const epic: RecordedApi = async ({ url }) => {
  const [, collection, rest = ''] = /^\/EPIC\/api\/(natural|enhanced)(?:\/(.*))?$/.exec(url.pathname) ?? [];
  if (/^\/EPIC\/archive\/(natural|enhanced)\/\d{4}\/\d\d\/\d\d\/png\/\w+\.png$/.test(url.pathname))
    return { status: 200, headers: { 'content-type': 'image/png' }, body: PIXEL };
  if (collection === undefined) return undefined;
  const of = (day: string) => (DAYS.includes(day) ? [0, 1, 2].map((at) => picture(day, at)) : []);
  if (rest === '') return json(of(DAYS[0] ?? ''));
  if (rest === 'all') return json(DAYS.map((date) => ({ date })));
  if (rest === 'available') return json(DAYS);
  return rest.startsWith('date/') ? json(of(rest.slice(5))) : undefined;
};
