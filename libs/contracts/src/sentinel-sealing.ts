// Secrets that an agent keeps for the lab, such as keys of sources outside: the Sentinel seals them, the agent stores what is sealed.
// They are no wallet's, since an agent needs them when nobody calls; wallets have encrypt_data. Part of the contract in sentinel.ts.
import { z } from 'zod';
import { defineTool } from './tool.js';

const Purpose = z.string().min(1).max(200).describe('What it is for: it opens for the same words alone');

export const sealingTools = {
  seal_secret: defineTool({
    title: 'Seal a secret of an agent',
    description: 'Encrypts a secret that an agent keeps for the lab, under a key of the lab.',
    effect: 'read',
    visibility: 'internal',
    permission: null,
    needed: true,
    input: z.object({ secret: z.string().min(1).max(8_192), purpose: Purpose }),
    output: z.object({ sealed: z.string() }),
    errors: ['conflict'],
    timeoutMs: 5_000,
  }),
  open_secret: defineTool({
    title: 'Open what seal_secret sealed',
    description: 'Answers with the secret, when it was sealed for this purpose and is unchanged.',
    effect: 'read',
    visibility: 'internal',
    permission: null,
    needed: true,
    input: z.object({ sealed: z.string().max(20_000), purpose: Purpose }),
    output: z.object({ secret: z.string() }),
    errors: ['conflict'],
    timeoutMs: 5_000,
  }),
};
