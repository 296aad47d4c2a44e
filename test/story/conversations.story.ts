// Conversations as people have them: kept as a tree, found, renamed, exported, deleted; and to everybody else as if there were none.
import { randomUUID } from 'node:crypto';
import type { LabClient } from '@labmesh/testing';
import { expect } from 'vitest';
import { loose, question, treeOf } from '../harness/asker.js';
import { newcomer } from '../harness/follower.js';
import type { Lab } from '../harness/lab-under-test.js';
import { verifies } from '../requirements.js';

interface Listed {
  readonly conversations: ReadonlyArray<{ conversationId: string; title: string; messages: number }>;
  readonly quota: { readonly conversations: number };
}

export function conversationStory(place: () => { readonly lab: Lab; readonly operator: LabClient }): void {
  const list = (who: LabClient, words?: string) => who.call<Listed>('librarian_list_conversations', { words });
  const answer = (parentId: string, text: string) => ({ ...question(text, parentId), role: 'assistant' });

  verifies('conversations:private', async () => {
    const { lab, operator } = place();
    await using ada = await lab.connect((await newcomer(operator)).token);
    await using bob = await lab.connect((await newcomer(operator, 'validator')).token);
    const conversationId = randomUUID();
    const first = question('Where is the plumbiferous sample?');
    await ada.call('librarian_add_messages', { conversationId, messages: [first] });
    for (const stranger of [bob, operator]) {
      const [before, found] = [await list(stranger), await list(stranger, 'plumbiferous')];
      expect(found.conversations).toEqual([]);
      expect(before.conversations.filter((one) => one.conversationId === conversationId)).toEqual([]);
      const unknown = { conversationId: randomUUID() };
      for (const [tool, more] of [
        ['get_conversation', {}],
        ['rename_conversation', { title: 'mine' }],
        ['delete_conversation', {}],
        ['export_conversation', {}],
        ['stop_answer', { answerId: first.messageId }],
      ] as const) {
        const asked = (id: object) => stranger.refused(`librarian_${tool}`, { ...more, ...id });
        const [theirs, nobodys] = [await asked({ conversationId }), await asked(unknown)];
        expect(theirs).toMatchObject({ code: 'not_found' });
        expect(theirs.message.replace(conversationId, unknown.conversationId)).toBe(nobodys.message);
      }
      const under = { conversationId, messages: [question('x', first.messageId)] };
      expect(await stranger.refused('librarian_add_messages', under)).toMatchObject({ code: 'not_found' });
      // The same ids are free for everybody.
      const mine = { conversationId, messages: [{ ...first, parts: [{ type: 'text', text: 'Another one' }] }] };
      expect(await stranger.call('librarian_add_messages', mine)).toMatchObject({ added: 1, messages: 1 });
      expect((await list(stranger)).quota.conversations).toBe(before.quota.conversations + 1);
      await stranger.call('librarian_delete_conversation', { conversationId });
    }
    expect(await treeOf(ada, conversationId)).toMatchObject([first]);
  });

  verifies('conversations:tree', async () => {
    const { lab, operator } = place();
    await using ada = await lab.connect((await newcomer(operator)).token);
    const conversationId = randomUUID();
    const [first, edited] = [question('How cold?'), question('How cold in kelvin?')];
    const [one, other] = [answer(first.messageId, 'Very.'), answer(first.messageId, '4 K.')];
    const send = (...messages: object[]) => ada.call('librarian_add_messages', { conversationId, messages });
    // All at once, each twice, and the later ones with what they stand on.
    await Promise.all([send(first), send(first), send(first, one), send(first, other), send(edited), send(first, one)]);
    const tree = await treeOf(ada, conversationId);
    expect(loose(tree)).toEqual([]);
    const ids = (all: ReadonlyArray<{ messageId: string }>) => all.map(({ messageId }) => messageId).sort();
    expect(ids(tree)).toEqual(ids([first, edited, one, other]));
    expect(ids(tree.filter(({ parentId }) => parentId === first.messageId))).toEqual(ids([one, other]));
    const changed = { ...first, parts: [{ type: 'text', text: 'Otherwise' }] };
    expect(await ada.refused('librarian_add_messages', { conversationId, messages: [changed] })).toMatchObject({
      code: 'conflict',
    });
    expect(
      await ada.refused('librarian_add_messages', { conversationId, messages: [question('x', randomUUID())] }),
    ).toMatchObject({ code: 'not_found' });
    const follow = ada.call('librarian_get_conversation', { conversationId, since: 4, waitSeconds: 20 });
    const next = question('And now?', other.messageId);
    await send(next);
    expect(await follow).toMatchObject({ messages: [next], version: 5, more: false });
  });

  verifies('conversations:kept', async () => {
    const { lab, operator } = place();
    await using ada = await lab.connect((await newcomer(operator)).token);
    type Answer = { answer: string; answered: boolean; confidence: number; citations: object[]; nearest: object[] };
    const asked = question('Which formats can a dataset have?');
    const {
      answer: text,
      answered,
      confidence,
      citations,
      nearest,
    } = await ada.call<Answer>('librarian_query_knowledge_base', { question: asked.parts[0]?.text });
    const quoted = {
      ...answer(asked.messageId, text),
      parts: [
        { type: 'text', text },
        { type: 'citations', answered, confidence, citations, nearest },
      ],
    };
    const conversationId = randomUUID();
    await ada.call('librarian_add_messages', { conversationId, messages: [asked, quoted] });
    await ada.call('librarian_add_messages', { conversationId: randomUUID(), messages: [question('Another')] });
    const found = (await list(ada, 'formats DATASET')).conversations;
    expect(found).toMatchObject([{ conversationId, title: 'Which formats can a dataset have?', messages: 2 }]);
    await ada.call('librarian_rename_conversation', { conversationId, title: 'Formats' });
    expect((await list(ada)).conversations.map(({ title }) => title)).toContain('Formats');
    type Exported = { text: string; nextCursor?: string };
    const exported = (format: string) =>
      ada.call<Exported>('librarian_export_conversation', { conversationId, format });
    const markdown = (await exported('markdown')).text;
    expect(markdown).toContain('# Formats');
    expect(markdown).toContain('(<kb://');
    const { messages } = JSON.parse((await exported('json')).text) as { messages: object[] };
    expect(messages).toMatchObject([asked, { ...quoted, parts: [quoted.parts[0], { answered, confidence }] }]);
    expect(await ada.call('librarian_delete_conversation', { conversationId })).toEqual({ messages: 2 });
    expect((await list(ada, 'formats')).conversations).toEqual([]);
    expect(await ada.refused('librarian_get_conversation', { conversationId })).toMatchObject({ code: 'not_found' });
  });
}
