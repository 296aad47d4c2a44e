// Sessions and followed resources of the lab in one process: streams that are gone on with, and changes told to who may know.
import { expect, it } from 'vitest';
import { followersOf, isUpdate, newcomer, openSession, pay, walletUri } from '../harness/follower.js';
import { operatedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';

const shared = operatedLab();
const { lab } = shared;

it.each(['2025-03-26', '2025-06-18', '2025-11-25'])(
  'a session of %s goes on where its stream broke off',
  async (version) => {
    const ada = await newcomer(shared.operator);
    const session = await openSession(lab.url, ada.token, version);
    const uri = walletUri(ada.walletId);
    await session.request('resources/subscribe', { uri });
    const stream = await session.listen();
    await pay(shared.operator, ada.walletId);
    await stream.next(isUpdate);
    stream.close();
    await pay(shared.operator, ada.walletId);
    const resumed = await session.listen(stream.events.at(-1)?.id);
    expect((await resumed.next(isUpdate)).params).toEqual({ uri });
    resumed.close();
  },
);

verifies('resources:followed', async () => {
  const { ada, ben, heard, listen } = await followersOf(lab, shared.operator);
  const [adas, bens] = [await listen('ada', ada), await listen('ben', ben)];
  expect(adas.listening.honoredFilter).toEqual({ resourceSubscriptions: [walletUri(ada.walletId)] });
  await pay(shared.operator, ada.walletId);
  await pay(shared.operator, ben.walletId);
  await expect
    .poll(() => heard)
    .toEqual({
      ada: [walletUri(ada.walletId)],
      ben: [walletUri(ben.walletId)],
    });
  for (const { client } of [adas, bens]) await client[Symbol.asyncDispose]();
});

it('who has stored a dataset hears that the list of resources is another, and nobody else does', async () => {
  const [ada, ben] = [await newcomer(shared.operator, 'researcher'), await newcomer(shared.operator, 'researcher')];
  const streams = await Promise.all([ada, ben].map(async ({ token }) => (await openSession(lab.url, token)).listen()));
  await using client = await lab.connect(ada.token);
  await client.call('curator_submit_dataset', { name: 'stars', format: 'csv', content: 'name\r\nSirius\r\n' });
  const changed = { method: 'notifications/resources/list_changed' };
  await streams[0]?.next(({ method }) => method === changed.method);
  expect(streams[1]?.messages).toEqual([]);
  for (const stream of streams) stream.close();
});
