// Settings from the environment, and the lab's address as people give it.
import { describe, expect, it } from 'vitest';
import { labUrl, readCliConfig } from './config.js';

describe('readCliConfig', () => {
  it('takes empty variables as absent', () => {
    const config = readCliConfig({ LABMESH_URL: '', LABMESH_TOKEN: '', LABMESH_HOME: '', NO_COLOR: '' }, 'linux');
    expect(config).toEqual({
      url: undefined,
      token: undefined,
      home: undefined,
      colourAllowed: true,
      hasDisplay: false,
    });
  });

  it('knows where a browser can be shown', () => {
    const display = (env: NodeJS.ProcessEnv, platform: string) => readCliConfig(env, platform).hasDisplay;
    expect(display({ DISPLAY: ':0' }, 'linux')).toBe(true);
    expect(display({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
    expect(display({}, 'darwin')).toBe(true);
    expect(display({ SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' }, 'darwin')).toBe(false);
  });

  it('keeps colour off for NO_COLOR and dumb terminals', () => {
    expect(readCliConfig({ NO_COLOR: '1' }).colourAllowed).toBe(false);
    expect(readCliConfig({ TERM: 'dumb' }).colourAllowed).toBe(false);
  });
});

describe('labUrl', () => {
  it.each(['http://lab:3000', 'http://lab:3000/', 'http://lab:3000/mcp', 'http://lab:3000/mcp/'])(
    'reads %s',
    (given) => {
      expect(labUrl(given, 'LABMESH_URL')).toBe('http://lab:3000');
    },
  );

  it('keeps a path in front', () => {
    expect(labUrl('https://example.org/lab/mcp', '--url')).toBe('https://example.org/lab');
  });

  it('refuses what is no http address, and names where it came from', () => {
    for (const given of ['lab:3000', '3000', 'file:///x']) expect(() => labUrl(given, '--url')).toThrow(/^--url /);
  });
});
