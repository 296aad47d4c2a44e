// Builds donki-solar-flares-2016-2018.json beside this file from the monthly FLR replies of DONKI.
//   node build-flares.mjs <folder with events-FLR_<from>_<to>.json> [date obtained, ISO 8601]
// Sorts and removes repeats, and names what looks wrong. Never corrects a value.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder, obtainedAt = '2026-11-21T00:00:00Z'] = process.argv.slice(2);
if (folder === undefined) throw new Error('Name the folder that holds the monthly events-FLR_*.json files.');

const files = readdirSync(folder).filter((name) => /^events-FLR_201[678]-.*\.json$/.test(name)).sort();
if (files.length !== 36) throw new Error(`Expected 36 monthly files of 2016 to 2018, found ${files.length} in ${folder}.`);

const all = files.flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
const byId = new Map();
for (const flare of all) {
  const known = byId.get(flare.flrID);
  // Of two versions of one flare the later counts.
  if (known === undefined || flare.versionId > known.versionId) byId.set(flare.flrID, flare);
}
const order = ({ beginTime, flrID }) => `${beginTime} ${flrID}`;
const rows = [...byId.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1));

const HOUR_MS = 3_600_000;
/** What looks wrong, by rule; the values stay as DONKI has them. */
const RULES = [
  ['the peak is before the begin', (flare) => Date.parse(flare.peakTime) < Date.parse(flare.beginTime), 'peakTime'],
  ['the end is before the peak', (flare) => flare.endTime !== null && Date.parse(flare.endTime) < Date.parse(flare.peakTime), 'endTime'],
  ['it would have lasted longer than a day', (flare) => flare.endTime !== null && Date.parse(flare.endTime) - Date.parse(flare.beginTime) > 24 * HOUR_MS, 'endTime'],
  ['the latitude or longitude has one digit instead of two', (flare) => !/^[NS]\d{2}[EW]\d{2,3}$/.test(flare.sourceLocation), 'sourceLocation'],
  ['no end is given', (flare) => flare.endTime === null, 'endTime'],
  ['no active region is given', (flare) => flare.activeRegionNum === null, 'activeRegionNum'],
];
const anomalies = rows.flatMap((flare) =>
  RULES.filter(([, applies]) => applies(flare)).map(([what, , field]) => ({ flrID: flare.flrID, field, value: flare[field], what })),
);

const time = (description) => ({ type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}Z$', description });
const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Solar flare, as DONKI reports it',
  type: 'object',
  properties: {
    flrID: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}-FLR-\\d{3}$', description: 'DONKI activity id' },
    instruments: {
      type: 'array',
      description: 'Instruments that saw it',
      items: { type: 'object', properties: { displayName: { type: 'string' } }, required: ['displayName'] },
    },
    beginTime: time('Begin of the X-ray flare, UTC to the minute'),
    peakTime: time('Peak of the X-ray flux, UTC to the minute'),
    endTime: { ...time('End, UTC to the minute; null where none is given'), type: ['string', 'null'] },
    classType: { type: 'string', pattern: '^[ABCMX]\\d+(\\.\\d+)?$', description: 'GOES class: letter and factor of the peak flux at 0.1 to 0.8 nm (M1.0 is 1e-5 W/m2)' },
    sourceLocation: { type: 'string', description: 'Heliographic position: degrees north or south, then east or west, such as S10W05' },
    activeRegionNum: { type: ['integer', 'null'], description: 'NOAA active region, five digits' },
    note: { type: 'string' },
    submissionTime: time('When this version was submitted to DONKI, UTC to the minute'),
    versionId: { type: 'integer', minimum: 1 },
    link: { type: 'string', format: 'uri' },
    linkedEvents: {
      type: ['array', 'null'],
      description: 'Events that DONKI connects with it, such as coronal mass ejections',
      items: { type: 'object', properties: { activityID: { type: 'string' } }, required: ['activityID'] },
    },
  },
  required: ['flrID', 'instruments', 'beginTime', 'peakTime', 'endTime', 'classType', 'sourceLocation', 'activeRegionNum', 'note', 'submissionTime', 'versionId', 'link', 'linkedEvents'],
};

const odd = anomalies.filter(({ value }) => value !== null);
const counted = odd.map(({ flrID, field, what }) => `${flrID} ${field} (${what})`).join(', ');
const dataset = {
  datasetId: 'ds_donki-solar-flares-2016-2018',
  name: 'DONKI solar flares 2016-2018',
  description:
    'Solar flares that NASA’s DONKI catalogued from 2016-01-01 to 2018-12-31: begin, peak and end (UTC), GOES class, place on the Sun, ' +
    'active region and linked events. One row per flare, in the order of their begin. Not every flare of those years: DONKI lists notable ones.',
  provenance: {
    source: 'NASA CCMC, Space Weather Database Of Notifications, Knowledge, Information (DONKI): https://kauai.ccmc.gsfc.nasa.gov/DONKI/',
    license: 'CC0-1.0',
    obtainedAt,
    derivedFrom: null,
    note:
      `Built from ${files.length} monthly FLR replies, ${all.length} entries, ${rows.length} flares; period 2016-01-01 to 2018-12-31. Values are as DONKI has them. ` +
      `${rows.filter(({ endTime }) => endTime === null).length} flares have no end, ${rows.filter(({ activeRegionNum }) => activeRegionNum === null).length} no active region. ` +
      `Left uncorrected: ${counted}.`,
  },
  schema,
  anomalies,
  rows,
};

const list = (items) => `[\n${items.map((item) => `    ${JSON.stringify(item)}`).join(',\n')}\n  ]`;
const parts = Object.entries(dataset).map(
  ([key, value]) => `  ${JSON.stringify(key)}: ${Array.isArray(value) ? list(value) : JSON.stringify(value, null, 2).replaceAll('\n', '\n  ')}`,
);
writeFileSync(new URL('donki-solar-flares-2016-2018.json', import.meta.url), `{\n${parts.join(',\n')}\n}\n`);
console.log(`${rows.length} flares, ${anomalies.length} remarks, ${all.length - rows.length} repeats`);
