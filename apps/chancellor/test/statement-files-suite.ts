// Statements as files: whole whatever their length, for who may read the wallet, and not for ever. On whichever database it is given.
import type { Call, Principal } from '@labmesh/contracts';
import { describe, expect, it } from 'vitest';
import { chancellorBlobs } from '../src/chancellor.blobs.js';
import { type Bed, newKey, principal } from './bed.js';

const ALL = { account: 'available', as: 'link' } as const;
/** Memos as long as they may be, so that a few hundred payments are more than an answer holds. */
const MEMO = 'é'.repeat(190);

export function statementFilesSuite(bed: () => Bed): void {
  const opened = async (id: string, who: Principal) =>
    chancellorBlobs(bed().statementFiles).open(id, { principal: who } as Call);
  const textOf = async (id: string, who: Principal): Promise<string> => {
    const content = await bed().references.store.read((await opened(id, who)).sha256);
    return Buffer.concat(await content.toArray()).toString();
  };
  const payer = async (payments: number): Promise<Principal> => {
    const { owner, ledger } = bed();
    const [who, payee] = [await owner(1_000_000_000n), await owner()];
    for (let at = 0; at < payments; at += 100) {
      const transfers = Array.from({ length: Math.min(100, payments - at) }, (_, one) => ({
        to: payee.walletId,
        amount: '0.01',
        memo: `${at + one} ${MEMO}`,
        idempotencyKey: newKey(),
      }));
      await ledger.batch({ transfers, linked: false }, who);
    }
    return who;
  };
  const link = async (who: Principal, format: 'csv' | 'json' = 'csv') => {
    const { link } = await bed().statements.export({ ...ALL, format }, { principal: who });
    return link?.blobId ?? '';
  };

  describe('a statement as a file', () => {
    it('is made when it is asked for, and has what the pages have', async () => {
      const { statements } = bed();
      const who = await payer(3);
      for (const format of ['csv', 'json'] as const) {
        const page = await statements.export({ ...ALL, as: 'content', format }, { principal: who });
        const file = await statements.export({ ...ALL, format }, { principal: who });
        expect(file).toMatchObject({
          entries: 4,
          walletId: who.walletId,
          sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        });
        expect(file.link).toMatchObject({ name: `${who.walletId}-available.${format}`, bytes: expect.any(Number) });
        expect(file).not.toHaveProperty('content');
        expect(await textOf(file.link?.blobId ?? '', who)).toBe(page.content);
      }
      const none = await statements.export({ ...ALL, format: 'json', kind: 'reward' }, { principal: who });
      expect([none.entries, await textOf(none.link?.blobId ?? '', who)]).toEqual([0, '[]\n']);
    });

    it('is made in the place of an answer that is too large, of all that follows', async () => {
      const { statements } = bed();
      const who = await payer(900);
      const wanted = { ...ALL, as: 'content', format: 'json' } as const;
      const answer = await statements.export(wanted, { principal: who });
      expect([answer.entries, answer.content, answer.nextAfter]).toEqual([901, undefined, undefined]);
      const entries = JSON.parse(await textOf(answer.link?.blobId ?? '', who)) as Array<{
        memo: string;
        balanceAfter: string;
      }>;
      expect([entries.length, entries.at(-1)?.balanceAfter]).toEqual([901, '991.00']);
      const rest = await statements.export({ ...wanted, after: '900' }, { principal: who });
      expect(rest.entries).toBe(2);
    });

    it('is read by its wallet and by who may read any, and by nobody else', async () => {
      const [who, other] = [await payer(1), await payer(1)];
      const operator = principal(other.walletId, 'operator');
      const id = await link(who);
      expect(await opened(id, who)).toMatchObject({ mediaType: 'text/csv' });
      expect(await opened(id, operator)).toMatchObject({ mediaType: 'text/csv' });
      await expect(opened(id, other)).rejects.toMatchObject({ code: 'not_found' });
      await expect(
        bed().statements.export({ ...ALL, walletId: who.walletId, format: 'csv' }, { principal: other }),
      ).rejects.toMatchObject({
        code: 'forbidden',
      });
      const theirs = await bed().statements.export(
        { ...ALL, walletId: who.walletId, format: 'csv' },
        { principal: operator },
      );
      expect(await opened(theirs.link?.blobId ?? '', who)).toMatchObject({ sha256: theirs.sha256 });
    });

    it('is there for a day', async () => {
      const { database, statementFiles } = bed();
      const who = await payer(1);
      const [old, young] = [await link(who), await link(who)];
      await database.pool.query(
        `UPDATE chancellor.statement_files SET made_at = made_at - interval '24 hours' WHERE blob_id = $1`,
        [old],
      );
      await expect(opened(old, who)).rejects.toMatchObject({ code: 'not_found' });
      expect(await statementFiles.sweep()).toBe(1);
      expect(await bed().references.find(old)).toBeUndefined();
      expect(await opened(young, who)).toMatchObject({ mediaType: 'text/csv' });
    });

    it('gives way to newer ones of whoever asks, by their number and by their bytes', async () => {
      const { statementFiles } = bed();
      const [who, other] = [await payer(1), await payer(1)];
      const kept = await link(other);
      const ids: string[] = [];
      for (let count = 0; count < 12; count += 1) ids.push(await link(who));
      const there = async (id: string) => (await statementFiles.find(id)) !== undefined;
      expect(await Promise.all(ids.map(there))).toEqual(ids.map((_, at) => at >= 2));
      const [content] = [await opened(ids.at(-1) ?? '', who)];
      const file = { ...content, walletId: who.walletId, madeFor: who.walletId };
      const last = await statementFiles.keep(file, content.bytes * 2);
      expect(await Promise.all([...ids.slice(-2), last].map(there))).toEqual([false, true, true]);
      expect(await there(kept)).toBe(true);
    });
  });
}
