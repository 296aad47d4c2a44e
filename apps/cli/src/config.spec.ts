// Settings from the environment, and the lab's address as people give it.
import { describe, expect, it } from 'vitest';
import { labUrl, readCliConfig, sendableToken } from './config.js';

describe('sendableToken', () => {
  it.each([
    ['lmk_“quoted”', 'character 5 of it is “ (U+201C)'],
    ['"lmk_x"', 'character 1 of it is " (U+0022)'],
    ['lmk_x\n', 'character 6 of it is a line break (U+000A)'],
    [' lmk_x', 'character 1 of it is a space (U+0020)'],
    ['lmk_\u200bx', 'character 5 of it is unseen (U+200B)'],
    ['lmk_é', 'character 5 of it is é (U+00E9)'],
    ['lmk_🔑', 'character 5 of it is 🔑 (U+1F511)'],
    ['lmk_\0', 'character 5 of it is unseen (U+0000)'],
  ])('says which character of %j no token has', (token, why) => {
    expect(() => sendableToken(token, 'LABMESH_TOKEN')).toThrow(`LABMESH_TOKEN holds no token: ${why}`);
  });

  it('gives back what can be sent', () => {
    for (const token of ['lmk_0123abc', 'eyJ.a-_b.c', 'a+/=~']) expect(sendableToken(token, 'x')).toBe(token);
  });
});

describe('readCliConfig', () => {
  it('takes the folders of the XDG specification, where they are absolute', () => {
    const { places } = readCliConfig({
      HOME: '/h',
      XDG_CONFIG_HOME: '/c',
      XDG_STATE_HOME: 'relative',
      XDG_CACHE_HOME: '',
    });
    expect(places).toEqual({ config: '/c/labmesh', state: '/h/.local/state/labmesh', cache: '/h/.cache/labmesh' });
  });

  it('takes empty variables as absent', () => {
    const names = ['URL', 'TOKEN', 'TOKEN_FILE', 'PROFILE', 'CONFIG', 'OUTPUT', 'HOME'].map(
      (name) => `LABMESH_${name}`,
    );
    const empty = Object.fromEntries([...names, 'NO_COLOR'].map((name) => [name, '']));
    const config = readCliConfig({ ...empty, HOME: '/home/ada' }, 'linux');
    expect(config).toEqual({
      tokenFile: undefined,
      profile: undefined,
      configFile: undefined,
      output: undefined,
      pager: undefined,
      places: {
        config: '/home/ada/.config/labmesh',
        state: '/home/ada/.local/state/labmesh',
        cache: '/home/ada/.cache/labmesh',
      },
      servers: {
        natsUrl: undefined,
        databaseUrl: undefined,
        redisUrl: undefined,
        blobsUrl: undefined,
        publicUrl: undefined,
      },
      url: undefined,
      token: undefined,
      home: undefined,
      secrets: { backupPassphrase: undefined, masterKey: undefined, masterKeyNext: undefined },
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
