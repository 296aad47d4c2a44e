// Knowledge on the page, in a real browser against a real lab: documents are added, found and taken away; a solution is logged, told
// from one like it, voted for and accepted; an error says what it means. What people write stays text.
import type { LabClient } from '@labmesh/testing';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { newcomer, type Person } from '../harness/follower.js';
import { by, DESK, fits, LOOKS, type Look, onPage, type PageUnderTest } from '../harness/page.js';

let tested: PageUnderTest;
let operator: LabClient;
onPage((page) => {
  tested = page;
  operator = page.operator;
});

const ASK = 'librarian_query_knowledge_base';
const HOSTILE = '<img src=x onerror=alert(1)>';

async function asAda(look: Look): Promise<{ page: Page; ada: Person; client: LabClient }> {
  const ada = await newcomer(operator, 'researcher');
  const page = await tested.open(look);
  await tested.signIn(page, ada.token);
  return { page, ada, client: await tested.lab.connect(ada.token) };
}

const go = (page: Page, address: string): Promise<unknown> => page.goto(`${tested.lab.url}/#/knowledge/${address}`);
const text = (page: Page, id: string) => (): Promise<string> => by(page, id).first().innerText();

let tries = 0;
/** Makes words of its own for each test and each try of it, so that none finds what another wrote. */
function ownWords({ width, colorScheme }: Look): (what: string) => string {
  tries += 1;
  const own = `${width}${colorScheme}${tries}`;
  return (what) => `${what}${own}`;
}

describe('documents', () => {
  for (const look of LOOKS) {
    it(`are added, found, quoted and taken away, at ${look.width} px, ${look.colorScheme}`, async () => {
      const { page, client } = await asAda(look);
      await by(page, 'nav-knowledge').click();
      await by(page, 'search-beginning').waitFor();
      await tested.picture(page, 'knowledge-search-empty', look);
      expect(await fits(page)).toBe(true);
      await by(page, 'view-collections').click();
      await by(page, 'collections-nothing').waitFor();
      await by(page, 'collection-new').click();

      await by(page, 'add-go').click();
      await expect.poll(text(page, 'add-form')).toContain('Choose at least one file.');
      const zircon = ownWords(look)('zircon');
      await by(page, 'add-files').setInputFiles([
        {
          name: 'start.md',
          mimeType: 'text/markdown',
          buffer: Buffer.from(
            `# Starting the ${zircon} pump ${HOSTILE}\n\nThe ${zircon} pump is started with the green lever beside the door.\n\n## Stopping\n\nThe ${zircon} pump is stopped with the red lever.\n`,
          ),
        },
        { name: `notes ${HOSTILE}.txt`, mimeType: 'text/plain', buffer: Buffer.from('x\n') },
        { name: 'broken.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 nothing') },
      ]);
      await by(page, 'add-collection').fill('Pump Manuals');
      await expect.poll(text(page, 'add-form')).toContain('Small letters, digits and dashes');
      await tested.picture(page, 'knowledge-add', look);
      await by(page, 'add-collection').fill('pump-manuals');
      await by(page, 'add-go').click();
      await expect.poll(text(page, 'deliveries')).toContain('1 added.');
      await by(page, 'add-cancel').waitFor({ state: 'detached' });
      await by(page, 'deliveries').scrollIntoViewIfNeeded();
      await tested.picture(page, 'knowledge-added', look);
      expect(await fits(page)).toBe(true);

      await go(page, 'collections');
      await expect.poll(text(page, 'collection-pump-manuals')).toContain('start.md');
      expect(await text(page, 'collection-pump-manuals')()).toContain('only its owner reads it');
      await tested.picture(page, 'knowledge-collections', look);
      expect(await fits(page)).toBe(true);

      await go(page, 'search');
      // The dictionary is read for the first question that wants it, which waits no longer than two seconds.
      await expect
        .poll(async () => (await client.call<{ readAs?: string }>(ASK, { question: 'Wich lever?' })).readAs)
        .toBe('Which lever?');
      await by(page, 'search-input').fill(`Wich lever starts the ${zircon} pump?`);
      await by(page, 'search-go').click();
      await by(page, 'citation-1').waitFor();
      expect(await text(page, 'read-as')()).toBe(`Read as: Which lever starts the ${zircon} pump?`);
      expect(await text(page, 'answer')()).toContain('green lever');
      await tested.picture(page, 'knowledge-answer', look);
      expect(await fits(page)).toBe(true);
      await by(page, 'citation-1').click();
      await expect.poll(text(page, 'document-highlight')).toContain('green lever');
      await tested.picture(page, 'knowledge-panel', look);
      await by(page, 'document-open').click();
      await expect.poll(text(page, 'document-title')).toContain(HOSTILE);
      await expect.poll(text(page, 'document-highlight')).toContain('green lever');
      await tested.picture(page, 'knowledge-document', look);
      expect(await fits(page)).toBe(true);
      const title = await text(page, 'document-title')();
      await by(page, 'document-ask').click();
      await expect.poll(() => by(page, 'ask-input').inputValue()).toBe(`About ${title}: `);
      expect(await by(page, 'ask-input').evaluate((box) => box === document.activeElement)).toBe(true);
      await page.goBack();
      await by(page, 'document-title').waitFor();
      await page.goBack();
      await by(page, 'citation-1').waitFor();

      await by(page, 'search-in-vials').click();
      await expect.poll(text(page, 'search-answer')).toContain('It is not in the knowledge base');
      expect(new URL(page.url()).hash).toContain('in=vials');
      await tested.picture(page, 'knowledge-none', look);
      await page.goBack();
      await by(page, 'citation-1').waitFor();

      await go(page, 'collections');
      await by(page, 'collection-remove-pump-manuals').click();
      await tested.picture(page, 'knowledge-remove', look);
      await by(page, 'remove-go').click();
      await by(page, 'collections-nothing').waitFor();
      await client[Symbol.asyncDispose]();
      await page.context().close();
    });
  }
});

describe('a solution', () => {
  for (const look of LOOKS) {
    it(`is logged, told from one like it, voted for and accepted, at ${look.width} px, ${look.colorScheme}`, async () => {
      const { page, client } = await asAda(look);
      const of = ownWords(look);
      const word = of('grating');
      const problem = `The ${word} slips when the ${of('dome')} turns to ${of('north')}, and ${of('spectrum')} moves.`;
      const solution = `Tighten the *${of('brass')}* ${of('screw')} of the ${word}.\n\n1. Turn ${of('dome')} to ${of('north')}\n2. Tighten by ${of('half')} a ${of('turn')}\n\n<script>alert(1)</script>\n\n[no](javascript:alert(1))`;
      await go(page, 'solutions/new');
      await by(page, 'log-go').click();
      await expect.poll(text(page, 'log-form')).toContain('This field is required.');
      await by(page, 'log-title').fill(`The ${word} slips ${HOSTILE}`);
      await by(page, 'log-problem').fill(problem);
      await by(page, 'log-solution').fill(solution);
      await by(page, 'log-tags').fill(`${word}, dome, <b>bold</b>`);
      await by(page, 'log-evidence').fill('ds_donki-solar-flares-2016-2018\nhttps://example.org/report');
      await page.getByText('Preview', { exact: true }).click();
      await expect.poll(text(page, 'log-preview')).toContain('<script>alert(1)</script>');
      await tested.picture(page, 'knowledge-log', look);
      expect(await fits(page)).toBe(true);
      await by(page, 'log-go').click();
      await expect.poll(text(page, 'solution-title')).toBe(`The ${word} slips ${HOSTILE}`);
      const first = page.url();
      await expect.poll(text(page, 'evidence')).toContain('https://example.org/report');
      const outside = by(page, 'evidence').getByRole('link', { name: 'https://example.org/report' });
      expect(await outside.getAttribute('rel')).toBe('noopener noreferrer');
      await expect.poll(text(page, 'solution-votes')).toBe('0 votes');
      expect(await by(page, 'solution-vote').count()).toBe(0);
      await tested.picture(page, 'knowledge-solution', look);
      expect(await fits(page)).toBe(true);

      await go(page, 'solutions/new');
      await by(page, 'log-title').fill(`Slipping ${word}`);
      await by(page, 'log-problem').fill(problem);
      await by(page, 'log-solution').fill(`${solution}\n\nThen wait.`);
      await by(page, 'log-go').click();
      await expect.poll(text(page, 'log-similar')).toContain(HOSTILE);
      await by(page, 'log-similar').scrollIntoViewIfNeeded();
      await tested.picture(page, 'knowledge-similar', look);
      expect(await fits(page)).toBe(true);
      await by(page, 'similar-variant').click();
      await expect.poll(text(page, 'solution-title')).toBe(`Slipping ${word}`);
      await expect.poll(text(page, 'solution-variants')).toContain(HOSTILE);

      const other = await tested.open(look);
      await tested.signIn(other);
      await other.goto(first);
      await by(other, 'solution-vote').click();
      await expect.poll(text(other, 'solution-votes')).toBe('1 vote');
      await by(other, 'solution-accept').click();
      await tested.picture(other, 'knowledge-accept', look);
      await by(other, 'accept-go').click();
      await by(other, 'solution-is-accepted').waitFor();
      await by(other, 'solution-vote').click();
      await expect.poll(text(other, 'solution-votes')).toBe('0 votes');
      await other.context().close();

      await go(page, 'solutions');
      await by(page, 'solution-words').fill(word);
      await expect.poll(() => by(page, 'solutions').locator('article').count()).toBe(2);
      await by(page, 'solution-accepted').selectOption('yes');
      await expect.poll(() => by(page, 'solutions').locator('article').count()).toBe(1);
      await tested.picture(page, 'knowledge-solutions', look);
      expect(await fits(page)).toBe(true);
      await by(page, 'solutions').getByRole('link', { name: '<b>bold</b>' }).click();
      await expect.poll(text(page, 'solution-tags')).toContain('<b>bold</b>');
      await client[Symbol.asyncDispose]();
      await page.context().close();
    });
  }
});

const TRACE = (word: string): string => `Traceback (most recent call last):
  File "/usr/lib/python3.12/runpy.py", line 198, in _run_module_as_main
    return _run_code(code, main_globals, None)
  File "/home/ada/${word}/fit.py", line 41, in <module>
    main()
  File "/home/ada/${word}/fit.py", line 12, in main
    table["flux"]
KeyError: 'flux ${HOSTILE}'

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/home/ada/${word}/fit.py", line 43, in <module>
    raise RuntimeError("${word} fit failed for star 4711") from error
RuntimeError: ${word} fit failed for star 4711
2026-11-30T10:00:01Z ERROR ${word} disk 3 is full, 17 blocks lost
2026-11-30T10:00:02Z ERROR ${word} disk 4 is full, 23 blocks lost
`;

describe('an error', () => {
  for (const look of LOOKS) {
    it(`says what it means, and is solved for the next, at ${look.width} px, ${look.colorScheme}`, async () => {
      const { page, client } = await asAda(look);
      const word = ownWords(look)('spectro');
      await go(page, 'errors');
      await by(page, 'errors-text').fill(TRACE(word));
      await by(page, 'errors-go').click();
      await expect.poll(text(page, 'trace')).toContain('fit.py:12 in main');
      await expect.poll(text(page, 'events')).toContain('new to you');
      expect(decodeURIComponent(page.url())).not.toContain(word);
      await by(page, 'analysis').scrollIntoViewIfNeeded();
      await tested.picture(page, 'knowledge-error', look);
      expect(await fits(page)).toBe(true);
      await by(page, 'events').scrollIntoViewIfNeeded();
      await tested.picture(page, 'knowledge-events', look);
      await by(page, 'errors-log').click();
      await expect.poll(() => by(page, 'log-errorText').inputValue()).toContain(`${word} disk 3 is full`);
      expect(await by(page, 'log-title').inputValue()).toContain('RuntimeError');
      await by(page, 'log-problem').fill(`The ${word} fit fails when a column is missing.`);
      await by(page, 'log-solution').fill(`Fetch the ${word} table again: it has the column flux.`);
      await by(page, 'log-go').click();
      await by(page, 'solution-title').waitFor();

      await go(page, 'errors');
      await by(page, 'errors-text').fill(`${TRACE(word)}\nERROR ${word} disk 9 is full, 5 blocks lost\n`);
      await by(page, 'errors-go').click();
      await expect.poll(text(page, 'events')).toContain('Known solutions');
      expect(await text(page, 'events')()).toContain('Seen before');
      await by(page, 'events').scrollIntoViewIfNeeded();
      await tested.picture(page, 'knowledge-error-known', look);
      expect(await fits(page)).toBe(true);

      await page.goto(`${tested.lab.url}/#/knowledge/errors?words=${word}`);
      await expect.poll(text(page, 'errors-seen')).toContain('fit failed for star');
      await expect.poll(text(page, 'errors-seen')).toContain('Known solutions');
      await by(page, 'errors-search').fill('nobody has had this');
      await by(page, 'errors-none').waitFor();
      await by(page, 'errors-search').fill(word);
      await by(page, 'errors-seen').scrollIntoViewIfNeeded();
      await tested.picture(page, 'knowledge-errors-seen', look);
      expect(await fits(page)).toBe(true);
      await client[Symbol.asyncDispose]();
      await page.context().close();
    });
  }
});

describe('a search model', () => {
  it('is what operators see, and nobody else', async () => {
    const page = await tested.open(DESK);
    await tested.signIn(page);
    await go(page, 'models');
    await by(page, 'models-nothing').waitFor();
    await by(page, 'model-go').click();
    await expect.poll(text(page, 'model-form')).toContain('Choose a tar.');
    await by(page, 'model-file').setInputFiles({
      name: 'model.tar',
      mimeType: 'application/x-tar',
      buffer: Buffer.alloc(1_024),
    });
    await by(page, 'model-name').fill('nothing-in-it');
    await by(page, 'model-go').click();
    await expect.poll(text(page, 'deliveries')).toMatch(/Cannot/);
    await tested.picture(page, 'knowledge-models', DESK);
    const { page: adas } = await asAda(DESK);
    await go(adas, 'solutions');
    await by(adas, 'view-solutions').waitFor();
    expect(await by(adas, 'view-models').count()).toBe(0);
    await adas.context().close();
    await page.context().close();
  });
});

it('logs no error and breaks no content policy', () => {
  expect(tested.problems).toEqual([]);
});
