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

  it('name what is wrong', () => {
    expect(() => readCuratorConfig({ LABMESH_FETCH_ALLOW: 'http://example.org' })).toThrow(/LABMESH_FETCH_ALLOW/);
    expect(() => readCuratorConfig({ LABMESH_DATASET_CACHE_BYTES: 'much' })).toThrow(/LABMESH_DATASET_CACHE_BYTES/);
  });
});
