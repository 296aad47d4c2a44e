// Who may do what, for other systems of the lab and for those who ask about themselves.
import { expect } from 'vitest';
import { sharedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';
import { decisionsForOthers } from './access.story.js';

const lab = sharedLab();

verifies('access:decided', () => decisionsForOthers(lab));

verifies('access:decided', async () => {
  await using operator = await lab.connect(lab.operatorToken());
  const { walletId } = await operator.call<{ walletId: string }>('chancellor_create_boilerplate_wallet', {
    role: 'researcher',
  });
  const { token } = await operator.call<{ token: string }>('sentinel_generate_wallet_token', { walletId });
  await using researcher = await lab.connect(token);
  expect(await researcher.call('sentinel_explain_access', { tool: 'sentinel_rotate_keys' })).toMatchObject({
    allowed: false,
    roles: ['operator'],
    changes: ['A wallet with one of the roles operator'],
  });
});
