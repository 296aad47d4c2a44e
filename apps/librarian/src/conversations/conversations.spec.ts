// Conversations on a real database: nobody else's in any way, each message once, the whole tree back, and bounds with clear words.
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CONVERSATION_LIMITS, type NewMessage, type Principal } from '@labmesh/contracts';
import { type Database, openDatabase } from '@labmesh/db';
import { temporaryFolder } from '@labmesh/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callOf, conversationsOver, listed, question, someone, treeOf } from './conversations.testing.js';

let folder: string;
let database: Database;
let rows: ReturnType<typeof conversationsOver>;
beforeAll(async () => {
  folder = await temporaryFolder('conversations');
  database = await openDatabase({ folder: join(folder, 'pg') });
  rows = conversationsOver(database);
});
afterAll(async () => {
  await database?.close();
  await rm(folder, { recursive: true, force: true });
});

const add = (who: Principal, conversationId: string, ...messages: NewMessage[]) =>
  rows.conversations.add({ conversationId, messages }, callOf(who));
const answer = (parentId: string, text: string): NewMessage => ({
  ...question(text, parentId),
  role: 'assistant',
});
const get = (who: Principal, conversationId: string, since = 0) =>
  rows.conversations.get({ conversationId, since, waitSeconds: 0 }, callOf(who));
const titles = async (who: Principal, words?: string) =>
  (await rows.conversations.list(listed({ words }), callOf(who))).conversations.map(({ title }) => title);

describe('a conversation', () => {
  it('begins with its first message, whose words are its title', async () => {
    const [who, id] = [someone(), randomUUID()];
    const first = question('  Why does the\npump stall? '.repeat(10));
    expect(await add(who, id, first)).toMatchObject({ conversationId: id, messages: 1, added: 1, version: 1 });
    const [title = ''] = await titles(who);
    expect(title).toMatch(/^Why does the pump stall\?.*…$/);
    expect(Array.from(title).length).toBeLessThanOrEqual(81);
    expect((await get(who, id)).messages).toMatchObject([
      { ...first, state: 'complete', failure: null, model: null, usage: null, leftOut: 0 },
    ]);
  });

  it('keeps each message once, however often and with whatever it is sent', async () => {
    const [who, id] = [someone(), randomUUID()];
    const first = question('One');
    const second = question('Two', first.messageId);
    await Promise.all(Array.from({ length: 8 }, () => add(who, id, first)));
    expect(await add(who, id, first, second)).toMatchObject({ added: 1, messages: 2 });
    expect(await add(who, id, first, second)).toMatchObject({ added: 0, messages: 2 });
    const tree = await treeOf(rows.conversations, who, id);
    expect([...tree.values()].filter(({ parentId }) => parentId === null)).toHaveLength(1);
    await expect(add(who, id, { ...first, parts: [{ type: 'text', text: 'Another' }] })).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('is a tree: an edited question and a second answer stand beside the first ones', async () => {
    const [who, id] = [someone(), randomUUID()];
    const first = question('A?');
    const edited = question('A, really?');
    const answers = [answer(first.messageId, 'a'), answer(first.messageId, 'aa'), answer(edited.messageId, 'b')];
    await add(who, id, first, ...answers.slice(0, 2), edited, ...answers.slice(2));
    const tree = await treeOf(rows.conversations, who, id);
    const under = (parent: string | null) =>
      [...tree.values()].filter(({ parentId }) => parentId === parent).map(({ messageId }) => messageId);
    expect(under(null)).toEqual([first.messageId, edited.messageId]);
    expect(under(first.messageId)).toEqual(answers.slice(0, 2).map(({ messageId }) => messageId));
    expect(under(edited.messageId)).toHaveLength(1);
  });

  it('takes nothing without its parent, and nothing of what came with it', async () => {
    const [who, id] = [someone(), randomUUID()];
    const lost = question('Two', randomUUID());
    await expect(add(who, id, question('One'), lost)).rejects.toMatchObject({ code: 'not_found' });
    await expect(add(who, id, lost)).rejects.toMatchObject({ code: 'not_found' });
    expect(await titles(who)).toEqual([]);
  });

  it.each<[string, (parent: string) => NewMessage]>([
    ['an answer to begin with', () => ({ ...question('x'), role: 'assistant' })],
    ['an answer to an answer', (parent) => answer(parent, 'x')],
    [
      'results that nobody asked for',
      (parent) => ({
        ...question('x', parent),
        role: 'tool',
        parts: [{ type: 'tool_result', callId: 'c', tool: 't', outcome: 'ok', text: 'x' }],
      }),
    ],
    [
      'a question with results in it',
      (parent) => ({
        ...question('x', parent),
        parts: [{ type: 'tool_result', callId: 'c', tool: 't', outcome: 'ok', text: 'x' }],
      }),
    ],
  ])('refuses %s', async (_what, made) => {
    const [who, id] = [someone(), randomUUID()];
    const first = question('One');
    const second = answer(first.messageId, 'Two');
    await add(who, id, first, second);
    await expect(add(who, id, made(second.messageId))).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('tells by versions what has changed, a page at a time, and waits for it', async () => {
    const [who, id] = [someone(), randomUUID()];
    const large = 'x'.repeat(CONVERSATION_LIMITS.pageCharacters / 2);
    const first = question('One');
    const others = Array.from({ length: 5 }, (_, at) => question(`${at}${large}`, first.messageId));
    await add(who, id, first, ...others);
    const page = await get(who, id);
    expect(page).toMatchObject({ more: true });
    expect(page.messages.length).toBeLessThan(6);
    expect((await treeOf(rows.conversations, who, id)).size).toBe(6);
    const { version } = await add(who, id);
    expect(await get(who, id, version)).toMatchObject({ messages: [], more: false, version });
    const waiting = rows.conversations.get({ conversationId: id, since: version, waitSeconds: 20 }, callOf(who));
    const last = question('More', first.messageId);
    await add(who, id, last);
    expect(await waiting).toMatchObject({ messages: [{ messageId: last.messageId }], version: version + 1 });
    await rows.conversations.rename({ conversationId: id, title: 'Renamed' }, callOf(who));
    expect(await get(who, id, version + 1)).toMatchObject({ title: 'Renamed', messages: [], version: version + 2 });
  });

  it('is gone with all that is in it once it is deleted', async () => {
    const [who, id] = [someone(), randomUUID()];
    const first = question('Delete me');
    await add(who, id, first, answer(first.messageId, 'yes'));
    expect(await rows.conversations.remove({ conversationId: id }, callOf(who))).toEqual({ messages: 2 });
    await expect(get(who, id)).rejects.toMatchObject({ code: 'not_found' });
    expect(await rows.messages.all({ walletId: who.walletId, conversationId: id })).toEqual([]);
    await expect(add(who, id, question('After', first.messageId))).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('other wallets', () => {
  it('have another conversation by the same ids, and see nothing of this one', async () => {
    const [mine, theirs, id] = [someone(), someone(), randomUUID()];
    const first = question('Where is the argentiferous key?');
    await add(mine, id, first);
    for (const ask of [
      () => get(theirs, id),
      () => rows.conversations.rename({ conversationId: id, title: 'x' }, callOf(theirs)),
      () => rows.conversations.remove({ conversationId: id }, callOf(theirs)),
      () => rows.exports.export({ conversationId: id, format: 'json' }, theirs),
      () => add(theirs, id, question('x', first.messageId)),
    ])
      await expect(ask()).rejects.toMatchObject({ code: 'not_found' });
    expect(await titles(theirs, 'argentiferous')).toEqual([]);
    const { quota } = await rows.conversations.list(listed(), callOf(theirs));
    expect(quota).toMatchObject({ conversations: 0, characters: 0 });
    const same: NewMessage = { ...first, parts: [{ type: 'text', text: 'Mine' }] };
    expect(await add(theirs, id, same)).toMatchObject({ added: 1, messages: 1, version: 1 });
    expect((await get(mine, id)).messages).toMatchObject([first]);
  });
});

describe('the list', () => {
  it('has what changed last first, page by page', async () => {
    const who = someone();
    const ids = Array.from({ length: 5 }, () => randomUUID());
    for (const [at, id] of ids.entries()) await add(who, id, question(`Number ${at}`));
    await add(who, ids[1] ?? '', question('Again'));
    const seen: string[] = [];
    for (let cursor: string | undefined, turn = 0; turn < 9; turn += 1) {
      const page = await rows.conversations.list(listed({ limit: 2, cursor }), callOf(who));
      seen.push(...page.conversations.map(({ title }) => title));
      cursor = page.nextCursor;
      if (cursor === undefined) break;
    }
    expect(seen).toEqual(['Number 1', 'Number 4', 'Number 3', 'Number 2', 'Number 0']);
    await expect(rows.conversations.list(listed({ cursor: 'AAAA' }), callOf(who))).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });

  it('finds all words in titles and messages together, as they are written', async () => {
    const who = someone();
    const first = question('The Cryostat warms up');
    await add(who, randomUUID(), first, answer(first.messageId, 'Close the 100%_valve.'));
    await add(who, randomUUID(), question('Another cryostat'));
    expect(await titles(who, 'cryostat VALVE')).toEqual(['The Cryostat warms up']);
    expect(await titles(who, '100%_valve')).toHaveLength(1);
    expect(await titles(who, '100__valve')).toEqual([]);
    expect(await titles(who, 'cryostat')).toHaveLength(2);
    const { conversations } = await rows.conversations.list(listed({ words: 'valve' }), callOf(who));
    expect(conversations[0]?.excerpt).toBe('Close the 100%_valve.');
  });
});

describe('an export', () => {
  it('has every branch, in Markdown that no text breaks out of, and in JSON that is whole', async () => {
    const [who, id] = [someone(), randomUUID()];
    const first = question('How?');
    const code = answer(first.messageId, 'So:\n```\nrun\n```');
    const other = answer(first.messageId, 'Or so.');
    await add(who, id, first, code, question('And then?', code.messageId), other);
    const { text, name, mediaType } = await rows.exports.export({ conversationId: id, format: 'markdown' }, who);
    expect([name, mediaType]).toEqual([`conversation-${id}.md`, 'text/markdown']);
    expect(text.match(/^## .*/gm)).toEqual(['## 1. Question', '## 2. Answer', '## 3. Question', '## 4. Answer']);
    expect(text).toContain('## 4. Answer\n\n*Follows 1.*');
    const json = await rows.exports.export({ conversationId: id, format: 'json' }, who);
    expect(JSON.parse(json.text)).toMatchObject({ conversationId: id, messages: [first, code, {}, other] });
  });

  it('comes in pages that belong together, and cuts no character in two', async () => {
    const [who, id] = [someone(), randomUUID()];
    const first = question('Long');
    const long = Array.from({ length: 3 }, (_, at) => question(`${at}${'𝔊'.repeat(60_000)}`, first.messageId));
    await add(who, id, first, ...long);
    let whole = '';
    let cursor: string | undefined;
    for (let turn = 0; turn < 20; turn += 1) {
      const page = await rows.exports.export({ conversationId: id, format: 'json', cursor }, who);
      whole += page.text;
      expect(page.text.isWellFormed()).toBe(true);
      cursor = page.nextCursor;
      if (cursor === undefined) break;
    }
    expect(JSON.parse(whole)).toMatchObject({ messages: [first, ...long] });
    const begun = await rows.exports.export({ conversationId: id, format: 'json' }, who);
    await add(who, id, question('Meanwhile'));
    await expect(
      rows.exports.export({ conversationId: id, format: 'json', cursor: begun.nextCursor }, who),
    ).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('bounds', () => {
  it('refuse a message that is too long, and keep nothing of a call that is over a quota', async () => {
    const [who, id] = [someone(), randomUUID()];
    const long = question('x'.repeat(CONVERSATION_LIMITS.messageCharacters));
    await expect(add(who, id, long)).rejects.toMatchObject({ code: 'too_large' });
    const first = question('One');
    await add(who, id, first);
    const place = [who.walletId, id];
    await database.pool.query('UPDATE librarian.conversations SET messages = $3 WHERE wallet_id = $1 AND id = $2', [
      ...place,
      CONVERSATION_LIMITS.messages,
    ]);
    await expect(add(who, id, question('Two'))).rejects.toMatchObject({ code: 'quota_exceeded' });
    expect((await get(who, id)).messages).toHaveLength(1);
    await database.pool.query(
      'UPDATE librarian.conversations SET messages = 1, characters = $3 WHERE wallet_id = $1 AND id = $2',
      [...place, CONVERSATION_LIMITS.characters],
    );
    await expect(add(who, randomUUID(), question('Three'))).rejects.toMatchObject({ code: 'quota_exceeded' });
    expect(await titles(who)).toEqual(['One']);
  });
});
