// The Chancellor's prompts: words only, about tools that exist. No money moves here.
import { asUser, chancellor, expandUri, type PromptHandlers, toolOf } from '@labmesh/contracts';

const balance = toolOf(chancellor, 'get_balance');
const transfer = toolOf(chancellor, 'execute_transaction');

const ownWallet = (walletId: string) => ({
  uri: expandUri(chancellor.resources.wallet.uri, { id: walletId }),
  name: walletId,
  mimeType: 'application/json',
});

export const chancellorPrompts = (): PromptHandlers<typeof chancellor.prompts> => ({
  review_wallet: (_args, { principal }) =>
    asUser(
      `Review my wallet.

1. Call ${balance} without a walletId: it answers for mine.
2. Say what it holds now, in $webxos.
3. List the newest transactions with time, change, counterparty and memo; "issuance" is newly issued money. Go on with nextBefore as before when I ask for older ones.
4. Add up what came in and what went out of the part you read, and say which part that is.

Amounts are decimal strings with up to six digits after the point: add them exactly, without rounding.`,
      ownWallet(principal.walletId),
    ),
  pay_safely: ({ to, amount }, { principal }) =>
    asUser(
      `Pay ${amount} $webxos to ${to}.

1. Call ${balance} and tell me what I hold. Stop if it is less than ${amount}.
2. Show me receiver, amount and memo, and wait for my yes.
3. Choose a new idempotencyKey and call ${transfer} with to "${to}", amount "${amount}" and that key.
4. If no answer comes, or it says "unavailable" or "deadline_exceeded", repeat with the same key and the same input: the key moves money once.
5. Tell me the transactionId and what I hold after it. "replayed": true means that it had moved before, and nothing moved now.`,
      ownWallet(principal.walletId),
    ),
});
