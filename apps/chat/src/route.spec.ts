// The address fragment and the page it names.
import { describe, expect, it } from 'vitest';
import { askAboutHref, dataHref, knowledgeHref, moneyHref, parseRoute, securityHref, toolHref } from './route.js';

describe('parseRoute', () => {
  it('opens Home for an empty or unknown fragment', () => {
    for (const hash of ['', '#', '#/', '#/home', '#/nowhere', '#code=abc'])
      expect(parseRoute(hash)).toEqual({ page: 'home' });
    expect(parseRoute('#/ask')).toEqual({ page: 'ask', conversation: undefined, about: undefined });
    expect(parseRoute('#/ask/0192-a')).toEqual({ page: 'ask', conversation: '0192-a', about: undefined });
    const about = 'Pumps & “valves”? 50 %';
    expect(parseRoute(askAboutHref(about))).toEqual({ page: 'ask', conversation: undefined, about });
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

  it('names a dataset, its view, and what is asked of it', () => {
    const route = { page: 'data', item: undefined, view: undefined, asked: '' };
    expect(parseRoute('#/data')).toEqual(route);
    expect(parseRoute(dataHref(undefined, undefined, { q: 'a/b & c?', format: '' }))).toEqual({
      ...route,
      asked: 'q=a%2Fb+%26+c%3F',
    });
    expect(parseRoute(dataHref('ds_1', 'rows', { from: 200, version: undefined }))).toEqual({
      page: 'data',
      item: 'ds_1',
      view: 'rows',
      asked: 'from=200',
    });
    expect(parseRoute('#/database')).toEqual({ page: 'home' });
  });

  it('names a view of Money, whose, and what is asked of it', () => {
    const route = { page: 'money', view: undefined, item: undefined, asked: '' };
    expect(parseRoute('#/money')).toEqual(route);
    expect(parseRoute(moneyHref('wallet', undefined, { kind: 'payment', to: '' }))).toEqual({
      ...route,
      view: 'wallet',
      asked: 'kind=payment',
    });
    expect(parseRoute(moneyHref('wallet', 'wal_1/2'))).toEqual({ ...route, view: 'wallet', item: 'wal_1/2' });
    expect(parseRoute('#/moneyless')).toEqual({ page: 'home' });
  });

  it('names a view of Knowledge: a document by its path, a search by its words', () => {
    const route = { page: 'knowledge', item: undefined, view: undefined, asked: '' };
    expect(parseRoute('#/knowledge')).toEqual(route);
    expect(parseRoute(knowledgeHref('document', 'docs/a b.md', { start: 3, end: 9 }))).toEqual({
      ...route,
      view: 'document',
      item: 'docs/a b.md',
      asked: 'start=3&end=9',
    });
    expect(parseRoute(knowledgeHref('search', undefined, { q: 'a/b?' }))).toEqual({
      ...route,
      view: 'search',
      asked: 'q=a%2Fb%3F',
    });
    expect(parseRoute('#/knowledgeable')).toEqual({ page: 'home' });
  });

  it('survives a broken escape', () => {
    expect(parseRoute('#/tools/%E0%A4%A')).toEqual({ page: 'tools', tool: '%E0%A4%A' });
  });
});
