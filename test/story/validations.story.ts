// A claim about a result: measured by others who do not see its value, confirmed or refuted by those who agree, and paid for once.
import type { LabClient } from '@labmesh/testing';
import { expect } from 'vitest';
import { newcomer } from '../harness/follower.js';
import type { Lab } from '../harness/lab-under-test.js';
import { verifies } from '../requirements.js';

const FLARES = 'ds_donki-solar-flares-2016-2018';

interface Validation {
  readonly validationId: string;
  readonly datasetSha256: string;
  readonly state: string;
  readonly claimed: string | null;
}
interface Asked {
  readonly validation: Validation;
  readonly alreadyAsked: boolean;
}
interface Shown {
  readonly validation: Validation;
  readonly reports: ReadonlyArray<{ measured: string; agrees: boolean | null }> | null;
}

/** Asks for a claim that nobody else has asked for. */
export const askFor = (who: LabClient, more: object = {}): Promise<Asked> =>
  who.call<Asked>('curator_request_validation', {
    ...{ title: `Flares ${crypto.randomUUID()}`, datasetId: FLARES, version: 1, method: 'Count the X flares' },
    ...{ metric: `x-flares-${crypto.randomUUID().slice(0, 8)}`, claimed: '4', tolerance: '0' },
    ...more,
  });

export const reportOn = ({ validationId, datasetSha256 }: Validation, measured: string) => ({
  ...{ validationId, measured, datasetSha256, rows: 1 },
});

export const rewardsOf = async (who: LabClient): Promise<object[]> =>
  (await who.call<{ rewards: object[] }>('chancellor_preview_rewards')).rewards;

export function validationStory(place: () => { readonly lab: Lab; readonly operator: LabClient }): void {
  const person = async (role: string): Promise<LabClient> =>
    place().lab.connect((await newcomer(place().operator, role)).token);
  const listed = async (who: LabClient, which: string): Promise<string[]> => {
    const asked = { which, limit: 100 };
    const { validations } = await who.call<{ validations: Validation[] }>('curator_list_validations', asked);
    return validations.map(({ validationId }) => validationId);
  };

  verifies('data:validated', async () => {
    await using asker = await person('researcher');
    await using one = await person('validator');
    await using two = await person('validator');
    await using three = await person('researcher');
    await using citizen = await person('citizen');
    const report = (who: LabClient, on: Validation, measured: string) =>
      who.call<Asked>('curator_report_validation', reportOn(on, measured));
    const refused = async (who: LabClient, on: Validation, measured: string) =>
      (await who.refused('curator_report_validation', reportOn(on, measured))).code;

    const { validation } = await askFor(asker);
    const { validationId } = validation;
    for (const who of [one, three]) expect(await listed(who, 'open')).toContain(validationId);
    for (const who of [asker, citizen]) expect(await listed(who, 'open')).not.toContain(validationId);
    for (const who of [asker, citizen]) expect(await refused(who, validation, '4')).toBe('forbidden');
    expect(await refused(one, { ...validation, datasetSha256: 'a'.repeat(64) }, '4')).toBe('invalid_input');
    await report(three, validation, '5');
    await report(one, validation, '4.0');
    // Whoever did not measure sees neither what is claimed nor what others measured.
    const look = (who: LabClient) => who.call<Shown>('curator_get_validation', { validationId });
    expect(await look(two)).toMatchObject({ validation: { claimed: null, reportsMade: 2 }, reports: null });
    expect((await look(one)).validation.claimed).toBe('4');
    expect(await report(two, validation, '4')).toMatchObject({ validation: { state: 'confirmed', agreed: '4' } });
    await using late = await person('validator');
    expect(await refused(late, validation, '4')).toBe('conflict');
    expect(await refused(one, validation, '5')).toBe('conflict');
    expect(await report(one, validation, '4')).toMatchObject({ alreadyReported: true });
    expect((await look(citizen)).reports?.map(({ agrees }) => agrees)).toEqual([false, true, true]);

    // A wrong claim is refuted, and that is worth as much. Once it is paid, nothing of the first is still to come.
    const wrong = (await askFor(asker, { claimed: '40' })).validation;
    await report(two, wrong, '4');
    expect((await report(one, wrong, '4')).validation.state).toBe('refuted');
    const paid = { for: 'result_validated', amount: '1.20', status: 'paid', reason: null };
    for (const who of [one, two])
      await expect
        .poll(() => rewardsOf(who))
        .toMatchObject([
          { ...paid, source: wrong.validationId },
          { ...paid, source: validationId },
        ]);
    for (const who of [asker, three, late]) expect(await rewardsOf(who)).toEqual([]);
    const { rules } = await one.call<{ rules: Array<{ event: string; toldBy: string }> }>(
      'chancellor_list_reward_rules',
    );
    expect(rules.find(({ event }) => event === 'result_validated')?.toldBy).toBe('curator');
  });

  verifies('data:validation-private', async () => {
    await using owner = await person('researcher');
    await using other = await person('validator');
    await using third = await person('validator');
    const content = `power\n${Math.random()}\n`;
    const { dataset } = await owner.call<{ dataset: { datasetId: string } }>('curator_submit_dataset', {
      ...{ name: 'Mine', format: 'csv', content },
    });
    const { datasetId } = dataset;
    const read = { datasetId, version: 1 };
    const ofMine = { title: 'Mine', datasetId };
    expect((await owner.refused('curator_request_validation', claimOf(ofMine))).code).toBe('conflict');
    expect((await other.refused('curator_request_validation', claimOf(ofMine))).code).toBe('not_found');
    expect((await other.refused('curator_fetch_dataset', read)).code).toBe('not_found');

    const { validation } = await askFor(owner, { ...ofMine, shareData: true });
    const { validationId } = validation;
    expect(await listed(other, 'open')).toContain(validationId);
    expect(await other.call('curator_fetch_dataset', read)).toMatchObject({ dataset: { version: 1, rows: 1 } });
    await owner.call('curator_cancel_validation', { validationId });
    for (const who of [other, third]) {
      expect((await who.refused('curator_fetch_dataset', read)).code).toBe('not_found');
      expect((await who.refused('curator_get_validation', { validationId })).code).toBe('not_found');
      expect((await who.refused('curator_report_validation', reportOn(validation, '4'))).code).toBe('not_found');
      expect((await who.refused('curator_cancel_validation', { validationId })).code).toBe('not_found');
      for (const which of ['open', 'ended']) expect(await listed(who, which)).not.toContain(validationId);
    }
    expect(await listed(owner, 'ended')).toContain(validationId);
  });

  verifies('data:validation-followed', async () => {
    const [asker, one, two] = [await person('researcher'), await person('validator'), await person('validator')];
    const { dataset } = await asker.call<{ dataset: { datasetId: string } }>('curator_submit_dataset', {
      ...{ name: 'Followed', format: 'csv', content: `power\n${Math.random()}\n` },
    });
    const { validation } = await askFor(asker, { datasetId: dataset.datasetId, shareData: true });
    const uri = `validation://${validation.validationId}`;
    const heard: string[] = [];
    one.client.setNotificationHandler('notifications/resources/updated', ({ params }) => {
      heard.push(params.uri);
    });
    const listening = await one.client.listen({ resourceSubscriptions: [uri] });
    const read = async (who: LabClient) => {
      const [content] = (await who.client.readResource({ uri })).contents;
      return JSON.parse((content as { text: string }).text) as Shown;
    };
    expect((await one.client.listResources()).resources.map(({ uri }) => uri)).toContain(uri);
    await two.call('curator_report_validation', reportOn(validation, '4'));
    await expect.poll(() => heard).toEqual([uri]);
    expect(await read(one)).toMatchObject({ validation: { claimed: null, reportsMade: 1 }, reports: null });
    await one.call('curator_report_validation', reportOn(validation, '4'));
    await expect.poll(() => heard).toEqual([uri, uri]);
    expect(await read(one)).toMatchObject({ validation: { claimed: '4', state: 'confirmed' }, reports: [{}, {}] });
    // It has ended, and the data is its owner's alone again: who had no part in it finds nothing.
    const stranger = await person('validator');
    await expect(read(stranger)).rejects.toMatchObject({ code: -32602 });
    await listening.close();
    for (const who of [asker, one, two, stranger]) await who[Symbol.asyncDispose]();
  });
}

const claimOf = (more: object) => ({
  ...{ version: 1, method: 'None', metric: 'rows', claimed: '1', tolerance: '0', ...more },
});
