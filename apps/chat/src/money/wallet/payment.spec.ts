// A payment that is typed: what is wrong with it is said, and what was sent comes back as it had been typed.
import { expect, it } from 'vitest';
import { draftOf, EMPTY, leftAfter, meantBy, problemsOf } from './payment.js';

const id = (end: string): string => `wal_0199f2a0-0000-7000-8000-00000000000${end}`;
const from = { walletId: id('1'), balance: '10.00' };
const draft = { ...EMPTY, to: ` ${id('2')} `, amount: '1,000.5', memo: ' for the beam time ' };

it('says what is wrong', () => {
  expect(problemsOf({ ...draft, amount: '10' }, from)).toEqual({});
  expect(problemsOf(draft, from)).toEqual({ amount: 'More than is available.' });
  expect(problemsOf({ ...draft, to: id('1'), amount: '1e3' }, from)).toEqual({
    to: 'This is the wallet that pays.',
    amount: expect.stringMatching(/digits/),
  });
  expect(problemsOf({ ...draft, to: 'ada', amount: '1' }, from)).toEqual({ to: expect.stringMatching(/wal_/) });
});

it('means one call, and is read back from it', () => {
  const meant = meantBy(draft);
  expect(meant).toEqual({
    tool: 'chancellor_execute_transaction',
    input: { to: id('2'), amount: '1000.5', memo: 'for the beam time' },
  });
  expect(meantBy(draftOf(meant))).toEqual(meant);
  const hold = meantBy({ ...draft, way: 'hold', memo: '', seconds: 3_600 });
  expect(hold).toEqual({
    tool: 'chancellor_hold_transaction',
    input: { to: id('2'), amount: '1000.5', expiresInSeconds: 3_600 },
  });
  expect(meantBy(draftOf(hold))).toEqual(hold);
});

it('subtracts exactly', () => {
  expect(leftAfter('9007199254.740993', '0.000001')).toBe('9007199254.740992');
});
