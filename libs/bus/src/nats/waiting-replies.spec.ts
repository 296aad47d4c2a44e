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
  for (let serial = 0; serial < 100; serial += 1) {
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
