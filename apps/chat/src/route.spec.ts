// The address fragment and the page it names.
import { describe, expect, it } from 'vitest';
import { parseRoute, securityHref, toolHref } from './route.js';

describe('parseRoute', () => {
  it('opens Ask for an empty or unknown fragment', () => {
    for (const hash of ['', '#', '#/', '#/nowhere', '#code=abc']) expect(parseRoute(hash)).toEqual({ page: 'ask' });
  });

  it('names a tool', () => {
    expect(parseRoute('#/tools')).toEqual({ page: 'tools', tool: undefined });
    expect(parseRoute(toolHref('curator_fetch_dataset'))).toEqual({ page: 'tools', tool: 'curator_fetch_dataset' });
  });

  it('names a view of Security, and what it is about', () => {
    expect(parseRoute('#/security')).toEqual({ page: 'security', view: undefined, item: undefined });
    expect(parseRoute(securityHref('tokens'))).toEqual({ page: 'security', view: 'tokens', item: undefined });
    expect(parseRoute(securityHref('tokens', 'wal_1/2'))).toEqual({
      page: 'security',
      view: 'tokens',
      item: 'wal_1/2',
    });
  });

  it('survives a broken escape', () => {
    expect(parseRoute('#/tools/%E0%A4%A')).toEqual({ page: 'tools', tool: '%E0%A4%A' });
  });
});
