// The tree of a conversation, and the one way through it that is shown.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localMessage, type Message } from './message.js';
import { chosenWith, type Messages, pathOf, ROOT } from './tree.js';

const message = (messageId: string, parentId: string | null, second: number): Message =>
  localMessage({ messageId, parentId, role: 'user', createdAt: new Date(second * 1_000).toISOString() });

const treeOf = (...all: Message[]): Messages => new Map(all.map((each) => [each.messageId, each]));
const ids = (messages: Messages, chosen = new Map<string, string>()): string[] =>
  pathOf(messages, chosen).map((step) => step.message.messageId);

describe('the way through a conversation', () => {
  const tree = treeOf(
    message('q1', null, 1),
    message('a1', 'q1', 2),
    message('a2', 'q1', 3),
    message('q2', 'a1', 4),
    message('q1b', null, 5),
  );

  it('takes what came last where nothing was chosen', () => {
    expect(ids(tree)).toEqual(['q1b']);
    expect(ids(tree, new Map([[ROOT, 'q1']]))).toEqual(['q1', 'a2']);
  });

  it('takes what was chosen, and tells what stands beside it in the order of coming', () => {
    const path = pathOf(tree, chosenWith(new Map(), tree, 'q2'));
    expect(path.map(({ message: { messageId }, beside }) => [messageId, beside])).toEqual([
      ['q1', ['q1', 'q1b']],
      ['a1', ['a1', 'a2']],
      ['q2', ['q2']],
    ]);
  });

  it('does not end in an answer that was stopped before it said anything, while something else stands there', () => {
    const late: Message = { ...message('late', 'q1', 9), role: 'assistant', state: 'stopped' };
    const half: Message = { ...late, parts: [{ type: 'text', text: 'It begins' }] };
    const question = message('q1', null, 1);
    expect(ids(treeOf(question, message('q2', 'q1', 2), late))).toEqual(['q1', 'q2']);
    expect(ids(treeOf(question, message('q2', 'q1', 2), half))).toEqual(['q1', 'late']);
    expect(ids(treeOf(question, late))).toEqual(['q1', 'late']);
    expect(ids(treeOf(question, message('q2', 'q1', 2), late), new Map([['q1', 'late']]))).toEqual(['q1', 'late']);
  });

  it('leaves out what has no way to the beginning, until that comes', () => {
    expect(ids(treeOf(message('a1', 'q1', 2)))).toEqual([]);
    expect(ids(treeOf(message('a1', 'q1', 2), message('q1', null, 1)))).toEqual(['q1', 'a1']);
  });

  it('ends whatever the parents say', () => {
    const link = fc.tuple(fc.nat(12), fc.option(fc.nat(12)));
    fc.assert(
      fc.property(fc.array(link, { maxLength: 30 }), (links) => {
        const messages = treeOf(
          ...links.map(([id, parent], at) => message(`${id}`, parent === null ? null : `${parent}`, at)),
        );
        const path = ids(messages);
        expect(new Set(path).size).toBe(path.length);
        for (const id of messages.keys())
          expect(chosenWith(new Map(), messages, id).size).toBeLessThanOrEqual(messages.size + 1);
      }),
    );
  });
});
