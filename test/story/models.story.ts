// A sentence encoder as an operator has it: brought, used, and ranking what its readers may see; taken away, all is as it was. The
// model is of random weights: what it finds near means nothing, and that it finds it shows that it is asked.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PackedFile, packModel } from '@labmesh/encoder';
import type { LabClient } from '@labmesh/testing';
import { expect } from 'vitest';
import { tinyModel } from '../../libs/encoder/src/tiny-model.testing.js';
import { newcomer } from '../harness/follower.js';
import type { Lab } from '../harness/lab-under-test.js';
import { bring } from '../harness/tus.js';
import { verifies } from '../requirements.js';

interface Listed {
  readonly models: ReadonlyArray<{ name: string; state: string; documents: number }>;
  readonly documents: number;
}
type Files = ReadonlyArray<{ file: string }>;

/** How often replicas are asked: they answer by turns. */
const ASKED = 4;

async function packed(seed: number): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'labmesh-model-story-'));
  try {
    const files = Object.entries(tinyModel({ seed })).map(([name, bytes]) => ({
      name: name as PackedFile['name'],
      bytes: bytes.byteLength,
      content: () => [bytes],
    }));
    await packModel(files, join(folder, 'model.tar'));
    return await readFile(join(folder, 'model.tar'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function modelStory(place: () => { readonly lab: Lab; readonly operator: LabClient }): void {
  verifies('knowledge:model', async () => {
    const { lab, operator } = place();
    const ada = await newcomer(operator, 'researcher');
    await using her = await lab.connect(ada.token);
    await using bob = await lab.connect((await newcomer(operator, 'researcher')).token);
    const { collectionId } = await her.call<{ collectionId: string }>('librarian_ingest_source', {
      collection: 'unsaid',
      text: { name: 'turn.md', content: 'Rotate it slowly by hand.\n' },
    });
    const found = async (who: LabClient): Promise<string[]> => {
      const asked = { question: 'zirconium hygrometer', limit: 20, collections: ['docs', collectionId] };
      const answer = await who.call<{ citations: Files; nearest: Files }>('librarian_query_knowledge_base', asked);
      return [...answer.citations, ...answer.nearest].map(({ file }) => file);
    };
    const nearHers = async (): Promise<boolean> => {
      const asked = { question: 'zirconium hygrometer', collections: [collectionId] };
      const answer = await her.call<{ nearest: Files }>('librarian_query_knowledge_base', asked);
      return answer.nearest.some(({ file }) => file === `${collectionId}/turn.md`);
    };
    expect(await nearHers()).toBe(false);

    const path = await bring({ url: lab.url, token: lab.operatorToken() }, await packed(1));
    const uploadId = path.split('/').at(-1);
    const add = { uploadId, name: 'story-model' };
    expect(await bob.refused('librarian_add_encoder', add)).toMatchObject({ code: 'forbidden' });
    await operator.call('librarian_add_encoder', add);
    await operator.call('librarian_use_encoder', { name: 'story-model' });
    await expect
      .poll(
        async () => {
          const { models, documents } = await operator.call<Listed>('librarian_list_encoders');
          return documents - (models.find(({ name }) => name === 'story-model')?.documents ?? 0);
        },
        { timeout: 240_000 },
      )
      .toBe(0);
    // It has no word of the question.
    for (let at = 0; at < ASKED; at += 1) await expect.poll(nearHers).toBe(true);
    await expect(found(bob)).rejects.toMatchObject({ code: 'not_found' });

    await operator.call('librarian_use_encoder', {});
    await expect.poll(nearHers).toBe(false);
    await operator.call('librarian_remove_encoder', { name: 'story-model' });
    expect((await operator.call<Listed>('librarian_list_encoders')).models).toEqual([]);
    await her.call('librarian_remove_source', { collectionId });
  });
}
