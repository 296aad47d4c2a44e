// Settings: what comes before what, what the file may hold, and that changing it loses nothing.
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { changedSetting, settingOf } from './changing.js';
import { parsedSettings, profileOf, readSettings } from './settings.js';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-settings-'));
  file = join(folder, 'labmesh/config.json');
});
afterEach(() => rm(folder, { recursive: true }));

const config = (given: { configFile?: string } = {}) => ({
  configFile: undefined,
  places: { config: join(folder, 'labmesh'), state: folder, cache: folder },
  ...given,
});

describe('readSettings', () => {
  it('takes a usual file that is not there for no settings, and one that was named for a mistake', async () => {
    expect(await readSettings({ given: undefined, config: config() })).toEqual({ file, settings: {} });
    for (const where of [
      { given: '/missing/a.json', config: config() },
      { given: undefined, config: config({ configFile: '/missing/a.json' }) },
    ])
      await expect(readSettings(where)).rejects.toMatchObject({
        code: 'invalid_input',
        message: expect.stringContaining('/missing/a.json'),
      });
  });

  it.each([
    ['{', 'not a JSON object'],
    ['[]', 'not a JSON object'],
    ['{"token":"lmk_x"}', 'it has "token"'],
    ['{"output":"yaml"}', 'output must be auto, table, json'],
    ['{"url":5}', 'url must be'],
    ['{"profiles":{"Field":{}}}', 'profiles.Field'],
    ['{"profiles":{"field":{"output":"json"}}}', 'it has "output"'],
  ])('refuses %s', (text, why) => {
    expect(() => parsedSettings(text, 'f.json')).toThrow(why);
  });
});

describe('profileOf', () => {
  const settings = { url: 'http://a', tokenFile: '/a.key', profile: 'b', profiles: { b: { url: 'http://b' }, c: {} } };

  it('lays a profile over the settings, and never takes a token to another lab', () => {
    expect(profileOf({ file, settings }, undefined)).toEqual({ url: 'http://b' });
    expect(profileOf({ file, settings }, 'c')).toEqual({ url: 'http://a', tokenFile: '/a.key' });
    expect(() => profileOf({ file, settings }, 'd')).toThrow(/no profile "d".*there: b, c/);
  });
});

describe('changedSetting', () => {
  it('sets and takes out, and refuses what the file may not hold without touching it', async () => {
    await changedSetting(file, { key: 'url', value: 'http://a' });
    await changedSetting(file, { key: 'url', value: 'http://b', profile: 'field' });
    const before = await readFile(file, 'utf8');
    await expect(changedSetting(file, { key: 'url', value: 'nonsense' })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    await expect(changedSetting(file, { key: 'tokne', value: 'x' })).rejects.toThrow(/there are url/);
    await expect(changedSetting(file, { key: 'output', value: 'json', profile: 'field' })).rejects.toThrow(
      /of a profile/,
    );
    expect(await readFile(file, 'utf8')).toBe(before);
    await changedSetting(file, { key: 'url', value: undefined });
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ profiles: { field: { url: 'http://b' } } });
    await changedSetting(file, { key: undefined, value: undefined, profile: 'field' });
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({});
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('keeps both of two changes at once', async () => {
    await Promise.all([
      changedSetting(file, { key: 'url', value: 'http://a' }),
      changedSetting(file, { key: 'pager', value: '' }),
    ]);
    const settings = parsedSettings(await readFile(file, 'utf8'), file);
    expect([settingOf(settings, { key: 'url' }), settingOf(settings, { key: 'pager' })]).toEqual(['http://a', '']);
  });

  it('does not overwrite what it cannot read', async () => {
    await changedSetting(file, { key: 'url', value: 'http://a' });
    await writeFile(file, 'mine');
    await expect(changedSetting(file, { key: 'url', value: 'http://b' })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    expect(await readFile(file, 'utf8')).toBe('mine');
  });
});
