// Grouping, filtering and the effect of tools.
import { describe, expect, it } from 'vitest';
import type { ToolInfo } from '../mcp/connection.js';
import { effectOf, groupTools } from './tool-groups.js';

const tool = (name: string, more: Partial<ToolInfo> = {}): ToolInfo => ({ name, inputSchema: {}, ...more });
const TOOLS = [tool('curator_fetch_dataset', { title: 'Read a dataset' }), tool('sentinel_x'), tool('curator_list')];

describe('groupTools', () => {
  it('groups by agent in the order of the server', () => {
    expect(groupTools(TOOLS, '').map((group) => [group.agent, group.tools.map(({ name }) => name)])).toEqual([
      ['curator', ['curator_fetch_dataset', 'curator_list']],
      ['sentinel', ['sentinel_x']],
    ]);
  });

  it('filters by every word, in any case', () => {
    expect(groupTools(TOOLS, ' READ curator ')).toEqual([{ agent: 'curator', tools: [TOOLS[0]] }]);
    expect(groupTools(TOOLS, 'nothing')).toEqual([]);
  });
});

describe('effectOf', () => {
  it('reads the annotations', () => {
    const effect = (annotations: ToolInfo['annotations']) => effectOf(tool('x', { annotations }));
    expect(effect({ readOnlyHint: true, destructiveHint: true })).toBe('read');
    expect(effect({ readOnlyHint: false, destructiveHint: false })).toBe('write');
    expect(effect({ destructiveHint: true })).toBe('destroy');
    expect(effect(undefined)).toBe('unknown');
  });
});
