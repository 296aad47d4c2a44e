// The manifests that come with the lab can be read, and wrong ones are told with file, line, place and remedy.
import { describe, expect, it } from 'vitest';
import { readManifest } from './manifest-file.js';
import { readShippedSources } from './source-catalog.js';

describe('the manifests that come with the lab', () => {
  it('can be read', async () => {
    const sources = await readShippedSources();
    expect(sources.map(({ manifest }) => manifest.name)).toStrictEqual([
      'exoplanet-archive',
      'nasa-apod',
      'nasa-donki',
      'nasa-eonet',
      'nasa-epic',
      'nasa-gibs',
      'nasa-mars-photos',
      'nasa-neows',
      'spacex',
    ]);
  });
});

const GOOD = `manifest: 1
name: weather
title: Weather
description: Hourly values
licence: CC0-1.0
homepage: https://weather.example
topics: [weather]
kind: http-json
baseUrl: https://weather.example
streams:
  hourly:
    title: Hourly
    description: Hourly values
    request: { path: /hourly }
`;

describe('a manifest', () => {
  it('may be short', async () => {
    expect(await readManifest(GOOD, 'weather.yaml')).toMatchObject({
      name: 'weather',
      streams: { hourly: { paginator: { kind: 'none' } } },
    });
  });

  it.each([
    ['kind: http-json', 'kind: ftp', /weather\.yaml: line 8, kind: /],
    [
      'request: { path: /hourly }',
      'request: { path: hourly }',
      /line 14, streams\.hourly\.request\.path: must begin with \//,
    ],
    [
      '    title: Hourly',
      '    title: Hourly\n    freshnes: 1h',
      /line 1[23], streams\.hourly: has "freshnes", which nothing here knows/,
    ],
    [
      '    title: Hourly',
      '    title: Hourly\n    freshness: often',
      /line 13, streams\.hourly\.freshness: must be a duration/,
    ],
    [
      '    title: Hourly',
      '    title: Hourly\n    cursor: { field: /at }',
      /streams\.hourly\.cursor: needs a primaryKey.*streams\.hourly\.cursor: needs a range/,
    ],
    ['name: weather', 'name: Weather!', /line 2, name: must be a short name/],
    ['streams:', 'streams: {}\nother:', /streams: has no stream/],
    ['topics: [weather]', 'topics: [weather', /weather\.yaml: .*flow/i],
    [
      'kind: http-json',
      "kind: http-json\nerrors: [{ status: 500, body: '(a+)+', means: x, do: y }]",
      /errors\.0\.body: .*repeat inside a repeat/,
    ],
    ['    title: Hourly', '    title: Hourly\n    schema: { type: nothing }', /streams\.hourly\.schema: /],
    ['baseUrl: https://weather.example', 'baseUrl: file:///etc', /line 9, baseUrl: /],
  ])('that says %s as %s is refused with its place', async (right, wrong, why) => {
    await expect(readManifest(GOOD.replace(right, wrong), 'weather.yaml')).rejects.toThrow(why);
  });

  it('with an alias bomb is refused', async () => {
    const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c, *c, *c, *c, *c, *c]\n`;
    await expect(readManifest(bomb, 'bomb.yaml')).rejects.toMatchObject({ code: 'invalid_input' });
  });
});
