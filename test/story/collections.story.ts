// Collections of the knowledge base as people have them: brought, found, brought again, shared, removed; and to everybody else as if
// they did not exist.
import type { LabClient } from '@labmesh/testing';
import { expect } from 'vitest';
import { newcomer } from '../harness/follower.js';
import type { Lab } from '../harness/lab-under-test.js';
import { bring } from '../harness/tus.js';
import { verifies } from '../requirements.js';

interface Ingested {
  readonly collectionId: string;
  readonly sourceId: string;
  readonly added: number;
}
interface Listed {
  readonly collections: ReadonlyArray<{ collectionId: string; name: string; owner: string; documents: number }>;
}

export function collectionStory(place: () => { readonly lab: Lab; readonly operator: LabClient }): void {
  /** Documents of collections that are cited, or near where nothing answers. */
  const cited = async (who: LabClient, question: string): Promise<string[]> => {
    type Files = ReadonlyArray<{ file: string }>;
    const { citations, nearest } = await who.call<{ citations: Files; nearest: Files }>(
      'librarian_query_knowledge_base',
      {
        question,
      },
    );
    const files = [...citations, ...nearest].map(({ file }) => file).filter((file) => file.startsWith('col_'));
    // Several passages of a file may fit.
    return [...new Set(files)];
  };
  const ids = async (who: LabClient): Promise<string[]> =>
    (await who.call<Listed>('librarian_list_collections')).collections.map(({ collectionId }) => collectionId);

  verifies('knowledge:collections', async () => {
    const { lab, operator } = place();
    await using ada = await lab.connect((await newcomer(operator, 'researcher')).token);
    await using bob = await lab.connect((await newcomer(operator, 'researcher')).token);
    const ingest = (who: LabClient, more: object) =>
      who.call<Ingested>('librarian_ingest_source', {
        collection: 'cryostats',
        text: { name: 'start.md', content: '# Start\n\nThe hydrargyrum gauge is read before the start.\n' },
        ...more,
      });
    const { collectionId } = await ingest(ada, {});
    const file = `${collectionId}/start.md`;
    const ask = 'When is the hydrargyrum gauge read?';
    expect(await cited(ada, ask)).toEqual([file]);
    expect(await ada.call('librarian_get_document', { file })).toMatchObject({
      title: 'Start',
      collectionName: 'cryostats',
    });
    const read = (who: LabClient) => who.client.readResource({ uri: `kb://${file}` });
    expect((await read(ada)).contents).toMatchObject([{ text: expect.stringContaining('hydrargyrum') }]);
    for (const stranger of [bob, operator]) {
      expect(await cited(stranger, ask)).toEqual([]);
      expect(await ids(stranger)).not.toContain(collectionId);
      expect(await stranger.refused('librarian_get_document', { file })).toMatchObject({ code: 'not_found' });
      expect(await stranger.refused('librarian_remove_source', { collectionId })).toMatchObject({ code: 'not_found' });
      await expect(read(stranger)).rejects.toThrow();
    }
    expect(
      await bob.refused('librarian_ingest_source', {
        collection: 'x',
        text: { name: 'a', content: 'a' },
        readers: 'lab',
      }),
    ).toMatchObject({
      code: 'forbidden',
    });
    expect(await bob.refused('librarian_ingest_source', { collection: 'x', folder: '/etc' })).toMatchObject({
      code: 'forbidden',
    });
    expect(await operator.refused('librarian_ingest_source', { collection: 'x', folder: '/etc' })).toMatchObject({
      code: 'forbidden',
    });

    const shared = await ingest(operator, { readers: 'lab' });
    expect(await cited(bob, ask)).toEqual([`${shared.collectionId}/start.md`]);
    expect(await ids(bob)).toContain(shared.collectionId);
    expect(await bob.refused('librarian_remove_source', { collectionId: shared.collectionId })).toMatchObject({
      code: 'not_found',
    });
    await operator.call('librarian_remove_source', { collectionId: shared.collectionId });
    expect(await cited(bob, ask)).toEqual([]);
    expect(await ada.call('librarian_remove_source', { collectionId })).toEqual({ removed: 1 });
    expect(await cited(ada, ask)).toEqual([]);
  });

  verifies('knowledge:project', async () => {
    const { lab, operator } = place();
    await using ada = await lab.connect((await newcomer(operator, 'researcher')).token);
    await using bob = await lab.connect((await newcomer(operator, 'researcher')).token);
    const made = await ada.call<{ project: { projectId: string } }>('architect_instantiate_template', {
      ...{ template: 'data-scientist-vial', name: 'cryostat-study', place: 'archive' },
    });
    const project = made.project.projectId;
    const ask = async (question: string, more: object = {}) => {
      type Places = ReadonlyArray<{ file: string; line: number; start: number; end: number; text: string }>;
      const asked = { question, project, limit: 20, ...more };
      const answer = await ada.call<{ citations: Places; nearest: Places }>('librarian_query_knowledge_base', asked);
      return [...answer.citations, ...answer.nearest];
    };
    const [own] = await ask('How is the model trained?', { collections: [project] });
    expect(own?.file).toMatch(new RegExp(`^projects/${project}/.`));
    const { text } = await ada.call<{ text: string }>('librarian_get_document', { file: own?.file });
    expect(text.slice(own?.start, own?.end)).toBe(own?.text);

    const word = `hydrargyrum${crypto.randomUUID().replaceAll(/[^a-f]/g, '')}`;
    const content = `# Start\n\nThe ${word} gauge is read before the start.\n`;
    const bring = (collection: string, more: object) =>
      ada.call<Ingested>('librarian_ingest_source', { collection, text: { name: 'start.md', content }, ...more });
    const { collectionId } = await bring('for-it', { project });
    await bring('for-nothing', {});
    const said = { title: 'Gauge sticks', problem: `The ${word} gauge sticks at four.`, solution: 'Tap it once.' };
    const log = (who: LabClient, more: object) =>
      who.call<{ file: string; alreadyLogged: boolean }>('librarian_log_new_solution', { ...said, ...more });
    // Whoever logged it first: it is of the project of everyone who says so, and only they see that.
    await log(bob, {});
    const { file, alreadyLogged } = await log(ada, { project });
    expect(alreadyLogged).toBe(true);
    const files = (await ask(`Which gauge, ${word}?`)).map((each) => each.file);
    expect([...new Set(files)].sort()).toEqual([`${collectionId}/start.md`, file].sort());
    const solutions = async (who: LabClient, more: Record<string, unknown>) =>
      (await who.call<{ solutions: Array<{ file: string; projects: string[] }> }>('librarian_list_solutions', more))
        .solutions;
    expect(await solutions(ada, { project })).toMatchObject([{ file, projects: [project] }]);
    expect(await solutions(bob, { words: word })).toMatchObject([{ file, projects: [] }]);
    const { collections } = await ada.call<Listed>('librarian_list_collections', { project });
    expect(collections).toMatchObject([{ collectionId, project }]);

    const refusals = async (id: string) => {
      const own = { collection: 'x', text: { name: 'a.md', content: 'a' } };
      const attempts: ReadonlyArray<readonly [string, Record<string, unknown>]> = [
        ['librarian_query_knowledge_base', { question: word, project: id }],
        ['librarian_get_document', { file: `projects/${id}/README.md` }],
        ['librarian_list_solutions', { project: id }],
        ['librarian_list_collections', { project: id }],
        ['librarian_ingest_source', { ...own, project: id }],
        ['librarian_log_new_solution', { ...said, project: id }],
      ];
      const told = await Promise.all(attempts.map(([tool, input]) => bob.refused(tool, input)));
      return told.map(({ code, message }) => `${code} ${message.replaceAll(id, '')}`);
    };
    const theirs = await refusals(project);
    expect(theirs).toEqual(await refusals('prj_01920000-0000-7000-8000-000000000009'));
    for (const refusal of theirs) expect(refusal).toMatch(/^not_found .*none of yours/);

    await ada.call('architect_delete_project', { projectId: project });
    expect(await ada.refused('librarian_query_knowledge_base', { question: word, project })).toMatchObject({
      code: 'not_found',
    });
    expect((await ada.call<Listed>('librarian_list_collections')).collections).toContainEqual(
      expect.objectContaining({ collectionId }),
    );
  });

  verifies('knowledge:ingested', async () => {
    const { lab, operator } = place();
    const { token } = await newcomer(operator, 'researcher');
    await using ada = await lab.connect(token);
    const port = (number: number) =>
      ada.call<Ingested>('librarian_ingest_source', {
        collection: 'manuals',
        text: { name: 'port.html', content: `<h1>Port</h1><p>The vibrograph listens on ${number}.` },
      });
    expect(await port(7001)).toMatchObject({ added: 1, changed: 0, unchanged: 0 });
    const [file = ''] = await cited(ada, 'On which port does the vibrograph listen?');
    const text = async () => (await ada.call<{ text: string }>('librarian_get_document', { file })).text;
    expect(await text()).toContain('7001');
    expect(await port(7001)).toMatchObject({ added: 0, changed: 0, unchanged: 1 });
    const { sourceId, collectionId } = await port(7002);
    expect(await text()).not.toContain('7001');
    expect(await cited(ada, 'vibrograph 7002')).toEqual([file]);

    const bytes = Buffer.from(
      '"""Vibrographs of the lab."""\ndef start():\n    """Warm the vibrograph for a zeptosecond."""\n',
    );
    const path = await bring({ url: lab.url, token }, bytes, { filename: 'vibrograph.py' });
    const uploadId = path.slice(path.lastIndexOf('/') + 1);
    expect(await ada.call('librarian_ingest_source', { collection: 'manuals', uploadId })).toMatchObject({
      added: 1,
      collectionId,
    });
    expect(await cited(ada, 'zeptosecond')).toEqual([`${collectionId}/vibrograph.py`]);
    expect(await ada.refused('librarian_ingest_source', { collection: 'manuals', uploadId })).toMatchObject({
      code: 'not_found',
    });
    expect(
      await ada.refused('librarian_ingest_source', {
        collection: 'manuals',
        text: { name: 'a.pdf', content: '%PDF-1.4 broken' },
      }),
    ).toMatchObject({ code: 'unsupported_format', message: expect.stringContaining('a.pdf') });

    await ada.call('librarian_remove_source', { collectionId, sourceId });
    expect(await cited(ada, 'vibrograph 7002')).toEqual([`${collectionId}/vibrograph.py`]);
    expect(await ada.refused('librarian_get_document', { file })).toMatchObject({ code: 'not_found' });
  });
}
