// A reply finds who waits for it; a late one finds nobody, though its place is taken again.
import { expect, it } from 'vitest';
import { type Waiting, WaitingReplies } from './waiting-replies.js';

const somebody = (): Waiting => ({ reply() {}, nobodyThere() {}, connectionLost() {} });

it('finds each by its token, until it is removed', () => {
  const replies = new WaitingReplies();
  const [one, two] = [somebody(), somebody()];
  const tokens = [replies.add(one), replies.add(two)] as const;
  expect(replies.get(tokens[0])).toBe(one);
  expect(replies.get(tokens[1])).toBe(two);
  expect(replies.remove(tokens[0])).toBe(true);
  expect(replies.remove(tokens[0])).toBe(false);
  expect(replies.values()).toEqual([two]);
});

it('keeps a late reply from whoever waits in the same place by then', () => {
  const replies = new WaitingReplies();
  for (let round = 0; round < 100; round += 1) {
    const late = replies.add(somebody());
    replies.remove(late);
    const next = replies.add(somebody());
    expect(replies.get(late)).toBeUndefined();
    expect(replies.remove(late)).toBe(false);
    expect(replies.get(next)).toBeDefined();
    replies.remove(next);
  }
});

it('finds nobody for what is no token', () => {
  const replies = new WaitingReplies();
  const token = replies.add(somebody());
  for (const wrong of ['', '-', '0', 'x', '0-', `-${token}`, '7-1', '-1-1', '0.5-1', '1e9-1'])
    expect(replies.get(wrong)).toBeUndefined();
});

it('gives tokens of which one says nothing about the next', () => {
  const replies = new WaitingReplies();
  const tokens = Array.from({ length: 1_000 }, () => replies.add(somebody()));
  const secrets = tokens.map((token) => token.slice(token.indexOf('-') + 1).replaceAll('-', ''));
  expect(new Set(secrets).size).toBe(1_000);
  // Each of the 32 digits of a token takes every value that it may: none counts up.
  const values = Array.from({ length: 32 }, (_, at) => new Set(secrets.map((secret) => secret[at])).size);
  expect(values.filter((size) => size === 16)).toHaveLength(30);
});
