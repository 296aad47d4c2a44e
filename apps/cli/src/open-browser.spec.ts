// The opener of each platform, and a machine that has none.
import { describe, expect, it } from 'vitest';
import { openBrowser, openerFor } from './open-browser.js';

describe('openBrowser', () => {
  it('uses the platform’s own opener', () => {
    const commands = ['linux', 'freebsd', 'darwin', 'win32'].map((platform) => openerFor(platform, 'http://x').command);
    expect(commands).toEqual(['xdg-open', 'xdg-open', 'open', 'cmd']);
  });

  it('says so when there is none, and does not wait for one that runs', async () => {
    await expect(openBrowser('http://x', { command: 'labmesh-no-such-opener', args: [] })).resolves.toBe(false);
    await expect(openBrowser('http://x', { command: process.execPath, args: ['-e', ''] })).resolves.toBe(true);
  });
});
