// Validations in one process; and a lab that is killed right after a claim was settled.
import { expect } from 'vitest';
import { newcomer } from '../harness/follower.js';
import { oneProcessLab } from '../harness/lab-under-test.js';
import { operatedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';
import { askFor, reportOn, rewardsOf, validationStory } from './validations.story.js';

const shared = operatedLab();

validationStory(() => shared);

verifies('data:validation-crash', async () => {
  await using lab = await oneProcessLab();
  const operator = await lab.connect(lab.operatorToken());
  const { validation } = await askFor(operator);
  const tokens = [(await newcomer(operator, 'validator')).token, (await newcomer(operator, 'validator')).token];
  for (const token of tokens) {
    await using client = await lab.connect(token);
    await client.call('curator_report_validation', reportOn(validation, '4'));
  }
  // Nobody has waited for the event to leave.
  await lab.crashAndRestart();
  for (const token of tokens) {
    await using client = await lab.connect(token);
    const told = { for: 'result_validated', source: validation.validationId, amount: '1.20', status: 'paid' };
    await expect.poll(() => rewardsOf(client)).toMatchObject([told]);
    // What is told again pays nothing more.
    expect(await client.call('chancellor_get_balance')).toMatchObject({ balance: '1.20' });
  }
  await operator[Symbol.asyncDispose]();
});
