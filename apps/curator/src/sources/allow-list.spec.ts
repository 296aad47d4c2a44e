// Which addresses are allowed, and which never are.
import { describe, expect, it } from 'vitest';
import { addressOf, isPublic } from './addresses.js';
import { allowedBy, parseAllowList } from './allow-list.js';

const allows = (list: string, url: string): boolean => {
  try {
    allowedBy(new URL(url), parseAllowList(list));
    return true;
  } catch {
    return false;
  }
};

describe('the allow-list', () => {
  it.each([
    ['data.example.org', 'https://data.example.org/x.csv', true],
    ['data.example.org', 'https://DATA.example.org.:8443/x', true],
    ['data.example.org:443', 'https://data.example.org/x', true],
    ['data.example.org:443', 'http://data.example.org/x', false],
    ['data.example.org', 'https://data.example.org.evil.test/', false],
    ['data.example.org', 'https://www.data.example.org/', false],
    ['*.example.org', 'https://data.example.org/', true],
    ['*.example.org', 'https://a.b.example.org/', true],
    ['*.example.org', 'https://example.org/', false],
    ['*.example.org', 'https://evilexample.org/', false],
    ['127.0.0.1:8080, [::1]', 'http://0x7f.1:8080/', true],
    ['127.0.0.1:8080, [::1]', 'http://[0:0::1]/', true],
    ['localhost', 'http://127.0.0.1/', false],
    ['', 'https://data.example.org/', false],
    ['data.example.org', 'file:///etc/passwd', false],
    ['data.example.org', 'ftp://data.example.org/', false],
    ['data.example.org', 'https://user:secret@data.example.org/', false],
  ])('%j and %s: %s', (list, url, expected) => {
    expect(allows(list, url)).toBe(expected);
  });

  it('refuses entries that are no hosts', () => {
    for (const entry of ['https://example.org', 'a/b', '*', '*.*', 'user@host', 'host:99999', '*.127.0.0.1'])
      expect(() => parseAllowList(entry)).toThrow('is no host');
  });

  it('says how to allow a host', () => {
    expect(() => allowedBy(new URL('https://example.org/x'), [])).toThrow(/LABMESH_FETCH_ALLOW/);
  });
});

describe('addresses', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '192.0.2.1',
    '::',
    '::1',
    'fe80::1',
    'fc00::1',
    'fd12::1',
    'ff02::1',
    '::ffff:10.0.0.1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    '2001:db8::1',
    'nonsense',
  ])('%s is not public', (address) => {
    expect(isPublic(address)).toBe(false);
  });

  it.each(['1.1.1.1', '129.164.179.22', '2606:4700:4700::1111', '::ffff:1.1.1.1'])('%s is public', (address) => {
    expect(isPublic(address)).toBe(true);
  });

  it('refuses a name when only one of its addresses is not public', async () => {
    const resolve = async () => [
      { address: '1.1.1.1', family: 4 },
      { address: '10.0.0.1', family: 4 },
    ];
    await expect(addressOf('data.example.org', resolve)).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('takes localhost for the loopback, and for nothing else', async () => {
    expect(await addressOf('localhost', async () => [{ address: '127.0.0.1', family: 4 }])).toStrictEqual({
      address: '127.0.0.1',
      family: 4,
    });
    await expect(addressOf('localhost', async () => [{ address: '10.0.0.1', family: 4 }])).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  it('fails for a name that nobody knows', async () => {
    await expect(addressOf('data.example.org', () => Promise.reject(new Error('ENOTFOUND')))).rejects.toMatchObject({
      code: 'upstream_failed',
    });
  });
});
