// What validations promise, as tests: the same on each kind of database.
import { generateKeyPairSync, sign } from 'node:crypto';
import type { Role } from '@labmesh/contracts';
import { canonicalJson } from '@labmesh/transparency';
import { describe, expect, it } from 'vitest';
import { type CuratorParts, walletOf } from '../curator.testing.js';

const FLARES = 'ds_donki-solar-flares-2016-2018';
let made = 0;

/** A key of somebody's, and what it signs. */
export function signer() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const key = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64');
  return {
    publicKey: key,
    sign: (statement: object) =>
      sign(null, Buffer.from(canonicalJson({ ...statement, publicKey: key })), privateKey).toString('base64'),
  };
}

export function validationTests(parts: () => CuratorParts): void {
  const wallet = (role?: Role) => walletOf(parts, role);
  type Wallet = ReturnType<typeof wallet>;
  const flares = () => parts().reader.find(FLARES, wallet().call, 1);
  const code = (call: Promise<unknown>) =>
    call.then(
      () => 'ok',
      (error: { code: string }) => error.code,
    );
  /** A claim like no other, on the lab's flares unless it says otherwise. */
  const ask = async (who: Wallet, more: object = {}) =>
    who.use('request_validation', {
      title: 'Which flares eject',
      datasetId: FLARES,
      version: 1,
      method: 'models/flares.onnx on all rows',
      metric: `accuracy-${++made}`,
      claimed: '0.6122',
      tolerance: '0.005',
      ...more,
    });
  const report = async (who: Wallet, validationId: string, measured: string, more: object = {}) =>
    who.use('report_validation', {
      validationId,
      measured,
      rows: 98,
      datasetSha256: (await flares()).sha256,
      ...more,
    });
  const told = async (validationId: string) => {
    const { rows } = await parts().database.pool.query<{ id: string; payload: { payload: Record<string, string> } }>(
      `SELECT id, payload FROM curator.outbox WHERE subject LIKE '%result_validated' AND payload->'payload'->>'validationId' = $1`,
      [validationId],
    );
    return rows.map(({ payload }) => payload.payload);
  };
  const passDeadline = (validationId: string) =>
    parts().database.pool.query(
      `UPDATE curator.validations SET asked_at = asked_at - interval '30 days', deadline = now() - interval '1 second' WHERE id = $1`,
      [validationId],
    );
  const listed = async (who: Wallet, which: string) =>
    (await who.use('list_validations', { which, limit: 100 })).validations.map(({ validationId }) => validationId);

  describe('a claim', () => {
    it('is confirmed by two who agree, each told of once; the third is refused', async () => {
      const [asker, one, two, three] = [wallet(), wallet('validator'), wallet('validator'), wallet('validator')];
      const { validation, alreadyAsked } = await ask(asker);
      const { validationId, datasetSha256 } = validation;
      expect(alreadyAsked).toBe(false);
      expect(validation).toMatchObject({ state: 'open', claimed: '0.6122', mine: true, reportsMade: 0, agreed: null });
      expect(datasetSha256).toBe((await flares()).sha256);
      const first = await report(one, validationId, '0.612');
      expect(first).toMatchObject({ alreadyReported: false, validation: { state: 'open', reportsMade: 1 } });
      expect(await told(validationId)).toEqual([]);
      const second = await report(two, validationId, '0.6130');
      expect(second.validation).toMatchObject({ state: 'confirmed', agreed: '0.6125', reported: true });
      expect(await code(report(three, validationId, '0.612'))).toBe('conflict');
      const events = await told(validationId);
      expect(events.map(({ walletId }) => walletId).toSorted()).toEqual([one.walletId, two.walletId].toSorted());
      for (const event of events)
        expect(event).toMatchObject({ askedBy: asker.walletId, datasetId: FLARES, verdict: 'confirmed' });
      // Said again after a lost answer, also once it is settled.
      expect(await report(one, validationId, '0.61200')).toMatchObject({ alreadyReported: true });
      expect(await code(report(one, validationId, '0.613'))).toBe('conflict');
      expect(await told(validationId)).toHaveLength(2);
    });

    it('is refuted by those who agree on another value; who was alone is not told of', async () => {
      const [asker, ...others] = [wallet(), wallet('validator'), wallet(), wallet('developer')];
      const { validation } = await ask(asker, { claimed: '0.99' });
      const { validationId } = validation;
      const values = ['0.99', '0.61', '0.612'];
      for (const [at, who] of others.entries()) await report(who, validationId, values[at] ?? '');
      const { validation: ended, reports } = await asker.use('get_validation', { validationId });
      expect(ended).toMatchObject({ state: 'refuted', agreed: '0.611', claimed: '0.99' });
      expect(reports?.map(({ agrees }) => agrees)).toEqual([false, true, true]);
      expect((await told(validationId)).map(({ walletId }) => walletId).toSorted()).toEqual(
        others
          .slice(1)
          .map(({ walletId }) => walletId)
          .toSorted(),
      );
    });

    it('is there once for a wallet, however it is written and however many ask at once', async () => {
      const asker = wallet();
      const same = { metric: 'brier-once', claimed: '0.50', tolerance: '0.1' };
      const all = await Promise.all(Array.from({ length: 8 }, () => ask(asker, same)));
      expect(new Set(all.map(({ validation }) => validation.validationId)).size).toBe(1);
      expect(all.filter(({ alreadyAsked }) => !alreadyAsked)).toHaveLength(1);
      const again = await ask(asker, { ...same, claimed: '0.5', tolerance: '0.10', title: 'Said otherwise', days: 3 });
      expect(again).toMatchObject({ alreadyAsked: true, validation: { title: 'Which flares eject' } });
      const { validationId } = again.validation;
      expect((await ask(asker, { ...same, claimed: '0.51' })).alreadyAsked).toBe(false);
      expect((await ask(wallet(), same)).alreadyAsked).toBe(false);
      await passDeadline(validationId);
      const anew = await ask(asker, same);
      expect(anew).toMatchObject({ alreadyAsked: false, validation: { state: 'open' } });
      expect(await asker.use('get_validation', { validationId })).toMatchObject({ validation: { state: 'undecided' } });
    });

    it('is settled once by sixteen reports at once, by as many as it wants', async () => {
      for (const reports of [2, 5]) {
        const { validationId } = (await ask(wallet(), { reports })).validation;
        const ends = await Promise.allSettled(
          Array.from({ length: 16 }, (_, at) => report(wallet('validator'), validationId, `0.61${at % 3}`)),
        );
        expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(reports);
        for (const end of ends) if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'conflict' });
        expect(await told(validationId)).toHaveLength(reports);
      }
    });

    it('is reported on once by a wallet that tries sixteen times at once', async () => {
      const { validationId } = (await ask(wallet())).validation;
      const who = wallet('validator');
      const all = await Promise.all(Array.from({ length: 16 }, () => report(who, validationId, '0.6122')));
      expect(all.filter(({ alreadyReported }) => !alreadyReported)).toHaveLength(1);
      expect((await who.use('get_validation', { validationId })).reports).toHaveLength(1);
    });
  });

  describe('a report', () => {
    it('is not of who asked, of other data, of more rows than there are, or late', async () => {
      const [asker, other] = [wallet(), wallet('validator')];
      const { validationId } = (await ask(asker)).validation;
      expect(await code(report(asker, validationId, '0.6122'))).toBe('forbidden');
      expect(await code(report(other, validationId, '0.6122', { datasetSha256: 'a'.repeat(64) }))).toBe(
        'invalid_input',
      );
      expect(await code(report(other, validationId, '0.6122', { rows: 99 }))).toBe('invalid_input');
      expect(await code(report(other, validationId, '0.6122', { evidence: 'a\0b' }))).toBe('invalid_input');
      expect(await code(report(other, `val_${crypto.randomUUID()}`, '0.6122'))).toBe('not_found');
      await passDeadline(validationId);
      expect(await code(report(other, validationId, '0.6122'))).toBe('conflict');
      const { validation } = await asker.use('get_validation', { validationId });
      expect(validation).toMatchObject({ state: 'undecided', reportsMade: 0, endedAt: validation.deadline });
      expect(await told(validationId)).toEqual([]);
    });

    it('is signed by the key that it says, over what it says, and a key speaks once', async () => {
      const { validation } = await ask(wallet(), { modelSha256: 'b'.repeat(64), reports: 3 });
      const { validationId, datasetId, version, datasetSha256, modelSha256, metric } = validation;
      const about = { validationId, datasetId, version, datasetSha256, modelSha256, metric, rows: 98 };
      const { publicKey, sign: signed } = signer();
      const signature = signed({ ...about, measured: '0.6122' });
      const [one, two] = [wallet('validator'), wallet('validator')];
      const wrong = [
        { publicKey },
        { signature },
        { publicKey: signer().publicKey, signature },
        { publicKey, signature: signed({ ...about, measured: '0.6123' }) },
        { publicKey: 'A'.repeat(44), signature: 'A'.repeat(88) },
        { publicKey: `${'A'.repeat(43)}=`, signature: `${'A'.repeat(86)}==` },
      ];
      for (const given of wrong) expect(await code(report(one, validationId, '0.6122', given))).toBe('invalid_input');
      expect((await report(one, validationId, '0.6122', { publicKey, signature })).alreadyReported).toBe(false);
      const again = { publicKey, signature: signed({ ...about, measured: '0.612' }) };
      expect(await code(report(two, validationId, '0.612', again))).toBe('conflict');
      const { reports } = await one.use('get_validation', { validationId });
      expect(reports).toMatchObject([{ publicKey, signature, measured: '0.6122', mine: true, agrees: null }]);
    });

    it('is hidden, as what is claimed is, from who has not reported', async () => {
      const [asker, one, other] = [wallet(), wallet('validator'), wallet('validator')];
      const { validationId } = (await ask(asker, { claimed: '0.77' })).validation;
      const look = (who: Wallet) => who.use('get_validation', { validationId });
      expect(await look(one)).toMatchObject({ validation: { claimed: null }, reports: null });
      await report(one, validationId, '0.6122');
      expect(await look(one)).toMatchObject({ validation: { claimed: '0.77' }, reports: [{ measured: '0.6122' }] });
      // Who asked could pass it on.
      expect(await look(asker)).toMatchObject({ validation: { claimed: '0.77', reportsMade: 1 }, reports: null });
      expect(await look(other)).toMatchObject({ validation: { claimed: null, reportsMade: 1 }, reports: null });
      const { validations } = await other.use('list_validations', { limit: 100 });
      // As values: a time of day may end in 0.77 s.
      expect(JSON.stringify(validations)).not.toMatch(/"0\.77"|"0\.6122"/);
      await passDeadline(validationId);
      expect((await look(other)).reports).toMatchObject([{ measured: '0.6122', mine: false }]);
    });
  });

  describe('data', () => {
    it('of nobody else’s is not claimed of, and what nobody else could read neither', async () => {
      const owner = wallet();
      const { dataset } = await owner.submit([{ secret: 1 }]);
      const { datasetId } = dataset;
      expect(await code(ask(wallet(), { datasetId }))).toBe('not_found');
      expect(await code(ask(owner, { datasetId }))).toBe('conflict');
      expect(await code(ask(owner, { datasetId, version: 2, shareData: true }))).toBe('not_found');
      expect(await code(ask(owner, { title: 'a\0bc' }))).toBe('invalid_input');
    });

    it('is shared in that version while the validation is open, and not a moment longer', async () => {
      const [owner, other] = [wallet(), wallet('validator')];
      const { dataset } = await owner.submit([{ secret: 1 }]);
      const { datasetId, sha256 } = dataset;
      const rows = [{ secret: 2 }];
      await owner.use('update_dataset', { datasetId, format: 'json', content: JSON.stringify(rows) });
      const read = (version: number) => other.use('fetch_dataset', { datasetId, version });
      expect(await code(read(1))).toBe('not_found');
      const { validationId } = (await ask(owner, { datasetId, shareData: true })).validation;
      expect((await read(1)).rows).toEqual([{ secret: 1 }]);
      expect(await code(read(2))).toBe('not_found');
      expect(await code(other.use('fetch_dataset', { datasetId }))).toBe('not_found');
      const card = await other.use('get_dataset', { datasetId });
      expect(card.versions.map(({ version }) => version)).toEqual([1]);
      // It is lent, not published: lists do not show it.
      const named = async (who: Wallet) =>
        (await who.use('list_available_datasets', { limit: 100 })).datasets.map((one) => one.datasetId);
      expect(await named(owner)).toContain(datasetId);
      expect(await named(other)).not.toContain(datasetId);
      for (const [name, input] of [
        ['update_dataset', { format: 'json', content: '[]' }],
        ['withdraw_dataset', {}],
      ] as const)
        expect(await code(other.use(name, { datasetId, ...input }))).toBe('not_found');
      expect(await code(ask(other, { datasetId, shareData: true }))).toBe('forbidden');
      expect(await listed(other, 'open')).toContain(validationId);

      const third = wallet('validator');
      await report(other, validationId, '1', { rows: 1, datasetSha256: sha256 });
      await report(wallet('validator'), validationId, '1', { rows: 1, datasetSha256: sha256 });
      expect(await code(read(1))).toBe('not_found');
      expect(await code(third.use('get_validation', { validationId }))).toBe('not_found');
      expect(await listed(third, 'ended')).not.toContain(validationId);
      // Who had a part in it still sees what came of it.
      for (const who of [owner, other]) expect(await listed(who, 'ended')).toContain(validationId);
    });

    it('that was withdrawn is not reported on any more', async () => {
      const [owner, other] = [wallet(), wallet('validator')];
      const { dataset } = await owner.submit([{ a: 1 }]);
      const { datasetId, sha256 } = dataset;
      const { validationId } = (await ask(owner, { datasetId, shareData: true, reports: 3 })).validation;
      await report(other, validationId, '1', { rows: 1, datasetSha256: sha256 });
      await owner.use('withdraw_dataset', { datasetId });
      const late = wallet('validator');
      expect(await code(report(late, validationId, '1', { rows: 1, datasetSha256: sha256 }))).toBe('not_found');
      expect(await listed(owner, 'asked')).toContain(validationId);
      expect(await code(owner.use('cancel_validation', { validationId }))).toBe('conflict');
    });
  });

  describe('a list', () => {
    it('has what is open to its caller, page by page, and nothing for who may not report', async () => {
      const [asker, other] = [wallet(), wallet('validator')];
      const ids: string[] = [];
      for (let count = 0; count < 3; count += 1) ids.unshift((await ask(asker)).validation.validationId);
      expect((await listed(other, 'open')).slice(0, 3)).toEqual(ids);
      expect(await listed(asker, 'open')).not.toContain(ids[0]);
      expect(await listed(wallet('citizen'), 'open')).toEqual([]);
      expect(await listed(asker, 'asked')).toEqual(ids);
      const first = await asker.use('list_validations', { which: 'asked', limit: 2 });
      const rest = await asker.use('list_validations', { which: 'asked', limit: 2, cursor: first.nextCursor });
      expect([...first.validations, ...rest.validations].map(({ validationId }) => validationId)).toEqual(ids);
      expect(rest.nextCursor).toBeUndefined();
      const [id = ''] = ids;
      await report(other, id, '0.5');
      expect(await listed(other, 'open')).not.toContain(id);
      expect(await listed(other, 'reported')).toEqual([id]);
    });

    it('of a wallet has no more that are open than may be', async () => {
      const asker = wallet();
      for (let count = 0; count < 50; count += 1) await ask(asker);
      expect(await code(ask(asker))).toBe('conflict');
      const [id = ''] = await listed(asker, 'asked');
      await asker.use('cancel_validation', { validationId: id });
      expect(await code(ask(asker))).toBe('ok');
    });
  });

  describe('a cancellation', () => {
    it('is who asked’s, while nobody has reported, and the same twice', async () => {
      const [asker, other] = [wallet(), wallet('validator')];
      const { validationId } = (await ask(asker, { metric: 'cancelled' })).validation;
      const cancel = (who: Wallet, id = validationId) => who.use('cancel_validation', { validationId: id });
      expect(await code(cancel(other))).toBe('forbidden');
      const cancelled = await cancel(asker);
      expect(cancelled.validation.state).toBe('cancelled');
      expect(await cancel(asker)).toEqual(cancelled);
      expect(await code(report(other, validationId, '0.6122'))).toBe('conflict');
      const again = (await ask(asker, { metric: 'cancelled' })).validation;
      expect(again.state).toBe('open');
      await report(other, again.validationId, '0.6122');
      expect(await code(cancel(asker, again.validationId))).toBe('conflict');
    });

    it('and sixteen reports at once end in one of the two', async () => {
      const asker = wallet();
      const { validationId } = (await ask(asker)).validation;
      const ends = await Promise.all([
        ...Array.from({ length: 8 }, () => code(report(wallet('validator'), validationId, '0.6122'))),
        code(asker.use('cancel_validation', { validationId })),
        ...Array.from({ length: 8 }, () => code(report(wallet('validator'), validationId, '0.6122'))),
      ]);
      const [ok, cancelled] = [ends.filter((end) => end === 'ok').length, ends[8] === 'ok'];
      expect(ok).toBe(cancelled ? 1 : 2);
      expect(await told(validationId)).toHaveLength(cancelled ? 0 : 2);
    });
  });
}
