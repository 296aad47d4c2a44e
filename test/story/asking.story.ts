// Asking the knowledge base: claims with the exact place that each is quoted from, nothing where there is no answer, a part of it, and
// questions that go on from others.
import type { LabClient } from '@labmesh/testing';
import { expect } from 'vitest';

interface Place {
  readonly number: number;
  readonly file: string;
  readonly collection: string;
  readonly path: readonly string[];
  readonly version: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly link: string;
  readonly text: string;
}

interface Answer {
  readonly answered: boolean;
  readonly confidence: number;
  readonly answer: string;
  readonly claims: readonly Place[];
  readonly citations: readonly Place[];
  readonly nearest: readonly Place[];
  readonly readAs?: string;
  readonly untrusted: string;
}

interface LabDocument {
  readonly text: string;
  readonly version: string;
  readonly title: string;
}

const ASK = 'librarian_query_knowledge_base';
const TELESCOPE = 'How do I connect my telescope?';
const TUTORIAL = 'docs/tutorials/connect-a-telescope.md';

const asking = (client: LabClient, question: string, more: object = {}): Promise<Answer> =>
  client.call<Answer>(ASK, { question, ...more });

/** Every claim is in the document as it is now, in the passage that its number cites, and in the resource that its link opens. */
export async function proved(client: LabClient): Promise<void> {
  const answer = await asking(client, TELESCOPE);
  expect(answer).toMatchObject({ answered: true, nearest: [] });
  expect(answer.citations[0]).toMatchObject({ file: TUTORIAL, collection: 'docs' });
  expect(answer.claims.length).toBeGreaterThan(0);
  expect(answer.untrusted).toMatch(/not instructions/);
  for (const place of [...answer.claims, ...answer.citations]) {
    const document = await client.call<LabDocument>('librarian_get_document', { file: place.file });
    expect(document.version).toBe(place.version);
    expect(document.text.slice(place.start, place.end)).toBe(place.text);
    expect(document.text.slice(0, place.start).split('\n')).toHaveLength(place.line);
  }
  for (const claim of answer.claims) {
    expect(answer.answer).toContain(`${claim.text} [${claim.number}]`);
    expect(answer.citations[claim.number - 1]?.text).toContain(claim.text);
    const { contents } = await client.client.readResource({ uri: claim.link });
    expect((contents[0] as { text: string }).text.slice(claim.start, claim.end)).toBe(claim.text);
  }
}

/** What it does not know it says, and presents nothing as an answer. */
export async function refused(client: LabClient): Promise<void> {
  const known = await asking(client, TELESCOPE);
  for (const question of ['Who won the football world cup in 1998?', 'How long do I boil an egg?']) {
    const answer = await asking(client, question);
    expect(answer).toMatchObject({ answered: false, claims: [], citations: [] });
    expect(answer.answer).toMatch(/^It is not in the knowledge base/);
    expect(answer.confidence).toBeLessThan(known.confidence);
  }
}

/** Collections and times narrow it; an empty list is refused, and so is what there is not. */
export async function narrowed(client: LabClient): Promise<void> {
  const before = new Date().toISOString();
  const title = `Grating wheel ${before}`;
  const logged = await client.call<{ file: string }>('librarian_log_new_solution', {
    title,
    problem: 'The grating wheel of the spectrograph skips a slot.',
    solution: 'Tighten the set screw of the grating wheel by a quarter turn.',
  });
  const question = 'Why does the grating wheel skip a slot?';
  const files = async (more: object) => [
    ...new Set((await asking(client, question, more)).citations.map(({ file }) => file)),
  ];
  expect((await files({ collections: ['solutions'] }))[0]).toBe(logged.file);
  expect(await files({ collections: ['docs', 'vials'] })).not.toContain(logged.file);
  expect(await files({ since: before, limit: 20 })).toEqual([logged.file]);
  expect(await files({ until: before, limit: 20 })).not.toContain(logged.file);
  expect(await client.refused(ASK, { question, collections: [] })).toMatchObject({ code: 'invalid_input' });
  expect(await client.refused(ASK, { question, collections: ['nowhere'] })).toMatchObject({ code: 'not_found' });
  expect(await client.refused(ASK, { question, since: before, until: before })).toMatchObject({
    code: 'invalid_input',
  });
}

/** A question that needs the one before it finds what that was about; one that does not is answered as without it. */
export async function goneOn(client: LabClient): Promise<void> {
  const context = ['How is a lab backed up?'];
  const next = await asking(client, 'And how do I restore it?', { context });
  expect(next.citations[0]?.file).toMatch(/backup|running/);
  const own = await asking(client, TELESCOPE, { context });
  expect(own).toEqual(await asking(client, TELESCOPE));
}

/** A misspelt question is answered as it was meant, and says how it was read; a name that nothing holds is no misspelt word. */
export async function respelled(client: LabClient): Promise<void> {
  const meant = await asking(client, TELESCOPE);
  const question = 'How do I conect my telesocpe?';
  // A question waits no longer than two seconds for the dictionary, which is read for the first one.
  await expect.poll(async () => (await asking(client, question)).readAs).toBeDefined();
  const misspelt = await asking(client, question);
  expect(misspelt).toEqual({ ...meant, readAs: 'How do I connect my telescope?' });
  const unknown = await asking(client, 'How do I connect my plurgoscope?');
  expect(unknown.readAs).toBeUndefined();
}

/** A question of the code is answered from comments, at their places in files that open; a question that is not, is not. */
export async function ofCode(client: LabClient): Promise<void> {
  const asked = { question: 'Which source file refuses twins of keys in JSON?', collections: ['code'], limit: 5 };
  // Until it is read for the first time.
  await expect
    .poll(async () => (await client.client.callTool({ name: ASK, arguments: asked })).isError === true)
    .toBe(false);
  const answer = await client.call<Answer>(ASK, asked);
  const claim = answer.claims.find(({ file }) => file === 'apps/curator/src/formats/json.ts');
  expect(claim).toMatchObject({ collection: 'code', path: ['refuseTwins'] });
  for (const found of [...answer.claims, ...answer.citations]) {
    const { text, version } = await client.call<LabDocument>('librarian_get_document', { file: found.file });
    expect(version).toBe(found.version);
    expect(text.slice(found.start, found.end)).toBe(found.text);
    expect(text.slice(0, found.start).split('\n')).toHaveLength(found.line);
    const { contents } = await client.client.readResource({ uri: found.link });
    expect((contents[0] as { text: string }).text).toBe(text);
  }
  const best = async (question: string) => (await asking(client, question)).citations[0]?.file;
  expect(await best('In the code, what does poolTransaction do?')).toBe('libs/db/src/pool-transaction.ts');
  expect(await best(TELESCOPE)).toBe(TUTORIAL);
  const { collections } = await client.call<{ collections: Array<{ collectionId: string; documents: number }> }>(
    'librarian_list_collections',
  );
  expect(collections.find(({ collectionId }) => collectionId === 'code')?.documents).toBeGreaterThan(1_000);
  expect(await client.refused('librarian_get_document', { file: 'apps/../package.json' })).toMatchObject({
    code: 'not_found',
  });
}
