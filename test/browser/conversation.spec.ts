// Conversations on the page, in a real browser against a real lab and a scripted model: answers come as they are written, are stopped,
// asked again and branch; tools run with the person's word; all of it is there after a reload.
import { readFile } from 'node:fs/promises';
import type { LabClient } from '@labmesh/testing';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultsInSight } from '../harness/axe.js';
import { newcomer } from '../harness/follower.js';
import { by, DESK, fits, LOOKS, onPage, type PageUnderTest, PHONE_DARK } from '../harness/page.js';
import { type Asked, type ModelProvider, modelProvider, type Turn } from '../sources/model-provider.js';

const HOSTILE =
  '<img src=x onerror="window.hacked=1"> <script>window.hacked=1</script> [x](javascript:alert(1)) ![p](http://127.0.0.1:9/p.png)';

function script({ messages }: Asked, count: number): Turn {
  const { role, content } = messages.at(-1) ?? { role: '', content: '' };
  const words = typeof content === 'string' ? content : JSON.stringify(content);
  if (role === 'tool')
    return { kind: 'say', text: [`Read: ${words.includes('$webxos') || words.includes('balance')}.`] };
  if (words.includes('slow')) return { kind: 'hold', text: ['It begins '] };
  if (words.includes('balance')) return calling('chancellor_get_balance', {});
  if (words.includes('wallet'))
    return calling('curator_submit_dataset', { name: 'Made up', format: 'csv', content: 't,v\n1,2\n' });
  return { kind: 'say', text: [`Answer ${count}.\n\n`, `| a | b |\n| --- | --- |\n| 1 | **2** |\n\n${HOSTILE}`] };
}

const calling = (name: string, input: object): Turn => ({
  kind: 'say',
  calls: [{ id: 'call_0', name, input: JSON.stringify(input) }],
});

let tested: PageUnderTest;
let operator: LabClient;
let model: ModelProvider;
beforeAll(async () => {
  model = await modelProvider({ script });
});
afterAll(() => model?.[Symbol.asyncDispose]());
onPage((page) => {
  tested = page;
  operator = page.operator;
});

const ask = async (page: Page, question: string): Promise<void> => {
  await by(page, 'ask-input').fill(question);
  await page.keyboard.press('Enter');
};
const questions = (page: Page): Promise<string[]> => by(page, 'question').allInnerTexts();
const lastState = (page: Page): Promise<string | null> => by(page, 'answer-turn').last().getAttribute('data-state');

interface Kept {
  readonly messages: ReadonlyArray<{ messageId: string; parentId: string | null; role: string; state: string }>;
}
const keptOf = async (client: LabClient, page: Page): Promise<Kept['messages']> => {
  const conversationId = page.url().split('/').at(-1);
  return (await client.call<Kept>('librarian_get_conversation', { conversationId })).messages;
};

describe('a conversation without a model', () => {
  it('asks what belongs to a project, when one is chosen', async () => {
    const ada = await newcomer(operator, 'researcher');
    await using client = await tested.lab.connect(ada.token);
    const { project } = await client.call<{ project: { projectId: string } }>('architect_instantiate_template', {
      ...{ template: 'gateway-vial', name: 'page-study', place: 'archive' },
    });
    const page = await tested.open(DESK);
    await tested.signIn(page, ada.token);
    await page.goto(`${tested.lab.url}/#/ask`);
    await by(page, 'ask-project').selectOption(project.projectId);
    await ask(page, 'What is this project for?');
    await by(page, 'answer-turn').last().waitFor();
    await expect.poll(() => page.locator(`text=projects/${project.projectId}/`).count()).toBeGreaterThan(0);
    expect(await faultsInSight(page)).toEqual([]);
    await page.context().close();
  });

  it('is kept with its sources, found, renamed, saved and deleted', async () => {
    const ada = await newcomer(operator, 'researcher');
    const page = await tested.open(DESK);
    await tested.signIn(page, ada.token);
    await page.goto(`${tested.lab.url}/#/ask`);
    await ask(page, 'Which formats can a dataset have?');
    await by(page, 'citation-1').waitFor();
    await expect.poll(() => by(page, 'history').innerText()).toContain('Which formats');
    await page.reload();
    await by(page, 'citation-1').waitFor();
    expect(await questions(page)).toEqual(['Which formats can a dataset have?']);
    await by(page, 'citation-1').click();
    await by(page, 'document-highlight').first().waitFor();
    await page.keyboard.press('Escape');
    await by(page, 'conversation-rename').click();
    await by(page, 'rename-title').fill('Formats <i>of data</i>');
    await by(page, 'rename-go').click();
    await expect.poll(() => by(page, 'conversation-title').innerText()).toBe('Formats <i>of data</i>');
    await expect.poll(() => by(page, 'history').innerText()).toContain('Formats <i>of data</i>');
    await by(page, 'conversation-export').click();
    const saved = page.waitForEvent('download');
    await by(page, 'export-go').click();
    expect(await readFile((await (await saved).path()) ?? '', 'utf8')).toContain('Which formats can a dataset have?');
    await page.keyboard.press('Alt+n');
    await expect.poll(() => page.url()).toMatch(/#\/ask$/);
    await by(page, 'history-search').fill('nothing of this kind');
    await expect.poll(() => by(page, 'history').getByRole('link').count()).toBe(0);
    await by(page, 'history-search').fill('formats');
    await by(page, 'history').getByRole('link').click();
    await by(page, 'conversation-delete').click();
    await by(page, 'delete-go').click();
    await by(page, 'history-search').fill('');
    await expect.poll(() => by(page, 'history').getByRole('link').count()).toBe(0);
    await page.context().close();
  });
});

describe('a conversation with a model', () => {
  it('is connected by the operator, whose key is nowhere afterwards', async () => {
    const page = await tested.open(DESK);
    await tested.signIn(page);
    await page.goto(`${tested.lab.url}/#/ask`);
    await by(page, 'model-connect').click();
    await by(page, 'model-name').fill('scripted');
    await by(page, 'model-model').fill('m');
    await by(page, 'model-baseUrl').fill(model.url);
    expect(await by(page, 'model-key').getAttribute('type')).toBe('password');
    await by(page, 'model-key').fill('sk-very-secret');
    await by(page, 'model-dialog-go').click();
    await by(page, 'model-choice').waitFor();
    expect(await page.content()).not.toContain('sk-very-secret');
    await page.context().close();
  });

  for (const look of LOOKS) {
    it(`streams, branches, and is all there after a reload, at ${look.width} px, ${look.colorScheme}`, async () => {
      const ada = await newcomer(operator, 'researcher');
      const page = await tested.open(look);
      await tested.signIn(page, ada.token);
      await page.goto(`${tested.lab.url}/#/ask`);
      await by(page, 'model-choice').waitFor();
      await ask(page, 'First question');
      await expect.poll(() => lastState(page)).toBe('complete');
      expect(await by(page, 'answer').innerText()).toContain('<script>window.hacked=1</script>');
      expect(await page.evaluate(() => [document.querySelectorAll('main img').length, 'hacked' in window])).toEqual([
        0,
        false,
      ]);
      await by(page, 'answer-again').click();
      await expect.poll(() => by(page, 'branches').innerText()).toMatch(/2\s*\/\s*2/);
      await expect.poll(() => lastState(page)).toBe('complete');
      await by(page, 'question-edit').first().click();
      await by(page, 'question-changed').fill('First question, changed');
      await page.keyboard.press('Enter');
      await expect.poll(() => lastState(page)).toBe('complete');
      expect(await questions(page)).toEqual(['First question, changed']);
      await page.keyboard.press('Alt+Shift+ArrowLeft');
      await expect.poll(() => questions(page)).toEqual(['First question']);
      expect(await fits(page)).toBe(true);
      await tested.picture(page, 'conversation', look);
      expect(await faultsInSight(page)).toEqual([]);
      await page.reload();
      await by(page, 'question').waitFor();
      expect(await questions(page)).toEqual(['First question, changed']);
      await page.getByRole('button', { name: 'The question before' }).click();
      await expect.poll(() => questions(page)).toEqual(['First question']);
      await page.context().close();
    });
  }

  it('a stop and the next question within a moment leave one root, and nothing orphaned or missing', async () => {
    const ada = await newcomer(operator, 'researcher');
    await using client = await tested.lab.connect(ada.token);
    const page = await tested.open(DESK);
    await tested.signIn(page, ada.token);
    await page.goto(`${tested.lab.url}/#/ask`);
    await by(page, 'model-choice').waitFor();
    for (const [first, second] of [
      ['slow one', 'fast one'],
      ['slow two', 'fast two'],
    ]) {
      await by(page, 'ask-input').fill(first ?? '');
      await page.keyboard.press('Enter');
      // The second time, after some of it has come.
      if (first === 'slow two') await expect.poll(() => by(page, 'answer').last().innerText()).toContain('It begins');
      await page.keyboard.press('Escape');
      await ask(page, second ?? '');
      await expect.poll(() => lastState(page)).toBe('complete');
    }
    const shown = await questions(page);
    expect(shown).toEqual(['slow one', 'fast one', 'slow two', 'fast two']);
    const kept = await keptOf(client, page);
    const ids = new Set(kept.map(({ messageId }) => messageId));
    expect(kept.filter(({ parentId }) => parentId === null)).toHaveLength(1);
    expect(kept.filter(({ parentId }) => parentId !== null && !ids.has(parentId))).toEqual([]);
    expect(kept.filter(({ role }) => role === 'user')).toHaveLength(4);
    await expect
      .poll(async () => (await keptOf(client, page)).filter(({ state }) => state === 'streaming'))
      .toEqual([]);
    await page.reload();
    await by(page, 'question').first().waitFor();
    await expect.poll(() => questions(page)).toEqual(shown);
    await page.context().close();
  });

  it('what is asked before the address has changed is of the same conversation', async () => {
    const ada = await newcomer(operator, 'researcher');
    const page = await tested.open(DESK);
    await tested.signIn(page, ada.token);
    await page.goto(`${tested.lab.url}/#/ask`);
    await by(page, 'model-choice').waitFor();
    // Within one turn of the page: no browser tells of the new address so soon.
    await by(page, 'ask-input').evaluate(async (box: HTMLTextAreaElement) => {
      const put = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')?.set;
      for (const question of ['at once', 'and another']) {
        put?.call(box, question);
        box.dispatchEvent(new Event('input', { bubbles: true }));
        await Promise.resolve();
        box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
        await Promise.resolve();
      }
    });
    await expect.poll(() => questions(page)).toEqual(['at once', 'and another']);
    await page.context().close();
  });

  it('one branch is written while another question is asked beside it', async () => {
    const ada = await newcomer(operator, 'researcher');
    const page = await tested.open(DESK);
    await tested.signIn(page, ada.token);
    await page.goto(`${tested.lab.url}/#/ask`);
    await by(page, 'model-choice').waitFor();
    await ask(page, 'a slow beginning');
    await expect.poll(() => by(page, 'answer').innerText()).toContain('It begins');
    await by(page, 'question-edit').click();
    await by(page, 'question-changed').fill('a quick one');
    await page.keyboard.press('Enter');
    await expect.poll(() => lastState(page)).toBe('complete');
    await page.getByRole('button', { name: 'The question before' }).click();
    await expect.poll(() => lastState(page)).toBe('streaming');
    await by(page, 'ask-stop').click();
    await by(page, 'answer-stopped').waitFor();
    await page.context().close();
  });

  it('an answer that another tab waits for is stopped from this one', async () => {
    const ada = await newcomer(operator, 'researcher');
    await using client = await tested.lab.connect(ada.token);
    const asking = await tested.open(DESK);
    await tested.signIn(asking, ada.token);
    await asking.goto(`${tested.lab.url}/#/ask`);
    await by(asking, 'model-choice').waitFor();
    await ask(asking, 'a slow one');
    await expect.poll(() => by(asking, 'answer').innerText()).toContain('It begins');
    const following = await tested.open(DESK);
    await tested.signIn(following, ada.token);
    await following.goto(asking.url());
    await expect.poll(() => lastState(following)).toBe('streaming');
    await by(following, 'ask-stop').click();
    await by(following, 'answer-stopped').waitFor();
    expect((await keptOf(client, following)).map(({ state }) => state)).toEqual(['complete', 'stopped']);
    await by(asking, 'answer-stopped').waitFor();
    expect(await by(asking, 'answer').innerText()).toContain('It begins');
    for (const page of [asking, following]) await page.context().close();
  });

  for (const look of [DESK, PHONE_DARK]) {
    it(`what reads runs by itself, what writes waits for the person, at ${look.width} px`, async () => {
      const ada = await newcomer(operator, 'researcher');
      await using client = await tested.lab.connect(ada.token);
      const datasets = async (): Promise<number> =>
        (await client.call<{ datasets: unknown[] }>('curator_list_available_datasets', { owner: 'mine' })).datasets
          .length;
      const page = await tested.open(look);
      await tested.signIn(page, ada.token);
      await page.goto(`${tested.lab.url}/#/ask`);
      await by(page, 'model-choice').waitFor();
      await ask(page, 'what is my balance');
      await expect.poll(() => by(page, 'answer').last().innerText()).toContain('Read: true');
      await ask(page, 'submit a dataset about my wallet');
      await by(page, 'call-run').waitFor();
      await tested.picture(page, 'conversation-tool', look);
      expect(await faultsInSight(page)).toEqual([]);
      expect([await datasets(), await fits(page)]).toEqual([0, true]);
      await by(page, 'call-decline').click();
      await expect.poll(() => by(page, 'answer').last().innerText()).toContain('Read: false');
      await ask(page, 'submit a dataset about my wallet after all');
      await by(page, 'call-change').click();
      const changed = { name: 'Changed by me', format: 'csv', content: 't,v\n1,2\n' };
      await by(page, 'call-arguments').fill(JSON.stringify(changed));
      await by(page, 'call-run').click();
      await expect.poll(datasets).toBe(1);
      await page.context().close();
    });
  }

  it('ten thousand messages are a few on the page', async () => {
    const ada = await newcomer(operator, 'researcher');
    const page = await tested.open(DESK);
    const id = (n: number) => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
    await page.route('**/mcp*', async (route) => {
      const body = route.request().postDataJSON() as { id?: unknown; params?: { name?: string } } | null;
      if (body?.params?.name !== 'librarian_get_conversation') return route.continue();
      const at = new Date(0).toISOString();
      const messages = Array.from({ length: 10_000 }, (_, n) => ({
        messageId: id(n + 1),
        parentId: n === 0 ? null : id(n),
        role: n % 2 === 0 ? 'user' : 'assistant',
        parts: [{ type: 'text', text: `Message ${n + 1}` }],
        ...{ state: 'complete', failure: null, model: null, usage: null, leftOut: 0, cutShort: false },
        ...{ createdAt: at, updatedAt: at, version: n + 1 },
      }));
      const structuredContent = { conversationId: id(0), title: 'Long', messages, version: 10_000, more: false };
      const result = { content: [], structuredContent, resultType: 'complete' };
      await route.fulfill({ json: { jsonrpc: '2.0', id: body.id, result } });
    });
    await tested.signIn(page, ada.token);
    await page.goto(`${tested.lab.url}/#/ask/${id(0)}`);
    await expect.poll(() => by(page, 'turns').innerText()).toContain('Message 10000');
    const nodes = (): Promise<number> => page.locator('main *').count();
    expect(await nodes()).toBeLessThan(1_500);
    await page.evaluate(() => scrollTo({ top: 0 }));
    await expect.poll(() => by(page, 'turns').innerText()).toMatch(/Message 1\n/);
    expect(await nodes()).toBeLessThan(1_500);
    await page.context().close();
  });

  it('has a list of its keys', async () => {
    const page = await tested.open(DESK);
    await tested.signIn(page);
    await page.goto(`${tested.lab.url}/#/ask`);
    await by(page, 'ask-input').waitFor();
    await page.keyboard.press('?');
    await by(page, 'shortcuts').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => by(page, 'shortcuts').count()).toBe(0);
    await page.keyboard.press('/');
    await page.keyboard.type('typed ?');
    expect(await by(page, 'ask-input').inputValue()).toBe('typed ?');
    await page.context().close();
  });

  it('logs no error and breaks no content policy', () => {
    expect(tested.problems).toEqual([]);
  });
});
