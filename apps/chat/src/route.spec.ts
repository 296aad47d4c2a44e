// The address fragment and the page it names.
import { describe, expect, it } from 'vitest';
import { parseRoute, toolHref } from './route.js';

describe('parseRoute', () => {
  it('opens Ask for an empty or unknown fragment', () => {
    for (const hash of ['', '#', '#/', '#/nowhere', '#code=abc']) expect(parseRoute(hash)).toEqual({ page: 'ask' });
  });

  it('names a tool', () => {
    expect(parseRoute('#/tools')).toEqual({ page: 'tools', tool: undefined });
    expect(parseRoute(toolHref('curator_fetch_dataset'))).toEqual({ page: 'tools', tool: 'curator_fetch_dataset' });
  });

  it('survives a broken escape', () => {
    expect(parseRoute('#/tools/%E0%A4%A')).toEqual({ page: 'tools', tool: '%E0%A4%A' });
  });
});
