// A file of payments: what is read from it, and what is told of one that cannot be paid from.
import { describe, expect, it } from 'vitest';
import { paymentsIn } from './batch-file.js';

const ADA = 'wal_01990000-0000-7000-8000-000000000001';
const BEN = 'wal_01990000-0000-7000-8000-000000000002';
const numbered = (row: number): string => `base/${row}`;
const refusal = (message: RegExp) =>
  expect.objectContaining({ code: 'invalid_input', message: expect.stringMatching(message) });

describe('a file of payments', () => {
  it('has a payment a row, with a key of its own or one by its number', () => {
    const text = `to,amount,memo,key\n${ADA},2.5,"Sequencing, part 1",my-own-key\n${BEN},0.000001,,\n`;
    expect(paymentsIn(text, numbered)).toEqual([
      { to: ADA, amount: '2.5', memo: 'Sequencing, part 1', idempotencyKey: 'my-own-key' },
      { to: BEN, amount: '0.000001', idempotencyKey: 'base/2' },
    ]);
  });

  it('is read as spreadsheets write it: a mark before it, other line ends, columns in any order, blanks', () => {
    const text = `\ufeffAmount, TO\r\n\r\n 7 , ${ADA} \r\n\r\n`;
    expect(paymentsIn(text, numbered)).toEqual([{ to: ADA, amount: '7', idempotencyKey: 'base/1' }]);
  });

  it.each([
    ['nothing', '', /no payment/],
    ['a header alone', 'to,amount\n', /no payment/],
    ['no header', `${ADA},5\n`, /no column/],
    ['no amounts', `to,memo\n${ADA},x\n`, /column amount/],
    ['a column of another kind', `to,amount,note\n${ADA},5,x\n`, /“note”/],
    ['a column twice', `to,amount,to\n${ADA},5,${ADA}\n`, /twice/],
    ['too few cells', `to,amount\n${ADA}\n`, /line 2/],
    ['a quote that stays open', `to,amount\n"${ADA},5\n`, /Quote/i],
    ['a wallet that is none', `to,amount\n${ADA},5\nben,5\n`, /line 3: “ben” is no wallet/],
    ['a key that is too short', `to,amount,key\n${ADA},5,short\n`, /line 2: its key/],
    ['a memo that is too long', `to,amount,memo\n${ADA},5,${'x'.repeat(141)}\n`, /line 2: its memo/],
  ])('with %s is refused as a whole', (_what, text, why) => {
    expect(() => paymentsIn(text, numbered)).toThrow(refusal(why));
  });

  it.each(['0', '0.00', '-1', '1.5000001', '1e3', 'NaN', '2,50', '9223372036854.775808', '9'.repeat(10_000), ''])(
    'that pays “%.20s” is refused',
    (amount) => {
      const text = `to,amount\n${ADA},"${amount}"\n`;
      expect(() => paymentsIn(text, numbered)).toThrow(refusal(/line 2: the amount/));
    },
  );

  it('tells the first problems, and how many there are', () => {
    const text = `to,amount\n${`${ADA},x\n`.repeat(8)}`;
    expect(() => paymentsIn(text, numbered)).toThrow(refusal(/line 2: .*line 6: .*and 3 more/));
  });
});
