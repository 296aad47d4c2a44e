// Settings: closed unless opened, and wrong ones are named.
import { describe, expect, it } from 'vitest';
import { readCuratorConfig } from './config.js';

describe('the settings', () => {
  it('allow no host unless told so', () => {
    expect(readCuratorConfig({}).fetchAllow).toStrictEqual([]);
    expect(readCuratorConfig({ LABMESH_FETCH_ALLOW: ' data.example.org:8443 , *.NASA.gov,' }).fetchAllow).toStrictEqual(
      [
        { host: 'data.example.org', port: 8443, wildcard: false },
        { host: 'nasa.gov', port: undefined, wildcard: true },
      ],
    );
  });

  it('are the defaults where they are empty', () => {
    const blank = readCuratorConfig({ LABMESH_FETCH_ALLOW: ' ', LABMESH_DATASET_CACHE_BYTES: '' });
    expect(blank).toStrictEqual(readCuratorConfig({}));
    expect(readCuratorConfig({ LABMESH_DATASET_CACHE_BYTES: ' 0 ' }).cacheBytesMax).toBe(0);
  });

  it.each([
    ['LABMESH_FETCH_ALLOW', 'http://example.org', '"http://example.org" is no host'],
    ['LABMESH_FETCH_ALLOW', 'example.org, *', '"*" is no host'],
    ['LABMESH_FETCH_ALLOW', 'example.org:0', '"example.org:0" is no host'],
    ['LABMESH_FETCH_ALLOW', 'example.org?x', '"example.org?x" is no host'],
    ['LABMESH_FETCH_ALLOW', 'example.org#x', '"example.org#x" is no host'],
    ['LABMESH_FETCH_ALLOW', 'example.org\\x', 'is no host'],
    ...['much', '-1', '1.5', '1e3', '0x10', '1073741825', '99999999999999999999'].map((value) => [
      'LABMESH_DATASET_CACHE_BYTES',
      value,
      'must be a number of bytes from 0 to 1073741824',
    ]),
  ])('name what is wrong: %s=%s', (name, value, why) => {
    expect(() => readCuratorConfig({ [name ?? '']: value })).toThrow(
      expect.objectContaining({
        code: 'invalid_input',
        message: expect.stringContaining(`Cannot start with these settings: ${name}: `),
      }),
    );
    expect(() => readCuratorConfig({ [name ?? '']: value })).toThrow(why);
  });
});
