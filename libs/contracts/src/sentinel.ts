// The Sentinel: who you are, what you may do, and the record of it.
import { z } from 'zod';
import { CallRecord } from './audit.js';
import { definePrompt } from './prompt.js';
import { defineAgent, defineTool } from './tool.js';
import { PermissionName, RoleName, Timestamp, WalletId } from './values.js';

/** Longest life of an access token, seconds. */
export const ACCESS_TOKEN_MAX_S = 3_600;
/** Longest life of a client key, seconds (90 days). */
export const CLIENT_KEY_MAX_S = 90 * 86_400;
/** Life of a pass, seconds: what travels behind the gateway, for one agent. */
export const PASS_TTL_S = 60;
/** Life of a one-time sign-in link, seconds. */
export const SIGN_IN_TTL_S = 600;

const PrincipalShape = z.object({
  walletId: WalletId,
  role: RoleName,
  permissions: z.array(PermissionName),
  toolset: z.array(z.string()).optional(),
  credentialId: z.string(),
});

export const sentinel = defineAgent({
  name: 'sentinel',
  title: 'The Sentinel',
  description: 'Identity, decisions and the audit log.',
  events: {
    /** The operator's wallet id, made at first start; Chancellor opens its account. */
    operator_enrolled: z.object({ walletId: WalletId }),
  },
  tools: {
    generate_wallet_token: defineTool({
      title: 'Make a token for a wallet',
      description:
        'Makes a credential for a wallet: kind "access" is a signed token of at most one hour for programs that can renew it; kind "client_key" is an opaque key of at most 90 days for the configuration file of an AI client. Everyone may make one for their own wallet, the operator for any. It never carries more than the caller’s own permissions or the wallet’s role. The token is shown once.',
      effect: 'write',
      permission: 'token:create',
      input: z.object({
        walletId: WalletId.optional().describe('Whose token; your own wallet when left out'),
        kind: z.enum(['access', 'client_key']).default('access'),
        ttlSeconds: z
          .number()
          .int()
          .min(60)
          .max(CLIENT_KEY_MAX_S)
          .optional()
          .describe('Life in seconds: at most 3600 for access, 7776000 for client_key; the most when left out'),
        permissions: z.array(PermissionName).min(1).optional().describe('Fewer permissions than the role has'),
        toolset: z
          .array(z.string().min(1).max(64))
          .min(1)
          .max(200)
          .optional()
          .describe('The only tools it may use, by gateway name such as curator_fetch_dataset'),
        label: z.string().min(1).max(80).optional().describe('What it is for, to tell it from others later'),
      }),
      output: z.object({
        token: z.string(),
        kind: z.enum(['access', 'client_key']),
        tokenId: z.string(),
        walletId: WalletId,
        role: RoleName,
        permissions: z.array(PermissionName),
        toolset: z.array(z.string()).optional(),
        expiresAt: Timestamp,
      }),
      errors: ['not_found'],
      timeoutMs: 10_000,
    }),
    create_sign_in_link: defineTool({
      title: 'Make a one-time sign-in link for the page',
      description:
        'Makes a code that signs you in to the lab’s page once, within ten minutes. Open <lab address>/#code=<code>. Never share it: whoever opens it first is you.',
      effect: 'write',
      permission: 'token:create',
      input: z.object({}),
      output: z.object({ code: z.string(), expiresAt: Timestamp }),
      errors: [],
      timeoutMs: 5_000,
    }),
    audit_log_stream: defineTool({
      title: 'Read the audit log, live',
      description:
        'Gives audit records after a cursor, oldest first, filtered; with followSeconds it goes on with new ones as they are written. Records hold hashes of arguments and results, never the data itself.',
      effect: 'read',
      permission: 'audit:read',
      input: z.object({
        after: z
          .string()
          .regex(/^\d{1,18}$/, 'a cursor is the number an earlier answer gave')
          .optional()
          .describe('Cursor of an earlier answer; the newest records when left out'),
        limit: z.number().int().min(1).max(1_000).default(100),
        followSeconds: z.number().int().min(0).max(300).default(0).describe('How long to wait for more'),
        walletId: WalletId.optional(),
        agent: z.string().max(40).optional(),
        tool: z.string().max(80).optional(),
        decision: z.enum(['allow', 'deny']).optional(),
        outcome: z.string().max(40).optional(),
      }),
      progress: z.object({ records: z.array(CallRecord.extend({ cursor: z.string() })) }),
      output: z.object({
        records: z.array(CallRecord.extend({ cursor: z.string() })),
        cursor: z.string().describe('Give it as "after" to go on'),
      }),
      errors: [],
      timeoutMs: 310_000,
    }),
    validate_request: defineTool({
      title: 'Decide whether a request is allowed',
      description:
        'The authority: may this wallet, holding these permissions, do this action on this resource? Answers with the decision and the rule that made it.',
      effect: 'read',
      visibility: 'internal',
      permission: null,
      input: z.object({
        subject: z.object({
          type: z.literal('wallet'),
          id: z.string(),
          properties: PrincipalShape.omit({ walletId: true }),
        }),
        action: z.object({ name: z.string().describe('Gateway name of the tool, such as curator_fetch_dataset') }),
        resource: z.object({ type: z.literal('tool'), id: z.string() }),
        context: z.record(z.string(), z.unknown()).default({}),
      }),
      output: z.object({ decision: z.boolean(), context: z.object({ reason: z.string(), rule: z.string() }) }),
      errors: [],
      timeoutMs: 2_000,
    }),
    verify_credential: defineTool({
      title: 'Tell whose credential this is',
      description: 'Checks an access token or a client key and answers with its principal.',
      effect: 'read',
      visibility: 'internal',
      permission: null,
      input: z.object({ credential: z.string().max(8_192) }),
      output: z.object({ principal: PrincipalShape, expiresAt: Timestamp }),
      errors: ['unauthenticated'],
      timeoutMs: 2_000,
    }),
    issue_pass: defineTool({
      title: 'Make a pass for one agent',
      description: 'Exchanges a credential, or the pass an agent was called with, for a 60 s pass to one agent.',
      effect: 'read',
      visibility: 'internal',
      permission: null,
      input: z.object({
        credential: z.string().max(8_192).describe('Access token, client key, or a pass whose audience is the actor'),
        agent: z.string().describe('Who the pass is for'),
        actor: z.string().optional().describe('The agent that calls on behalf; only with a pass'),
      }),
      output: z.object({ pass: z.string(), expiresAt: Timestamp }),
      errors: ['unauthenticated'],
      timeoutMs: 2_000,
    }),
    get_signing_keys: defineTool({
      title: 'Published verification keys',
      description: 'The JSON Web Key Set that tokens and passes verify against (RFC 7517).',
      effect: 'read',
      visibility: 'internal',
      permission: null,
      input: z.object({}),
      output: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }),
      errors: [],
      timeoutMs: 2_000,
    }),
    redeem_sign_in_code: defineTool({
      title: 'Exchange a one-time code for an access token',
      description: 'Uses up a sign-in code. A second use, or one after ten minutes, is refused.',
      effect: 'write',
      visibility: 'internal',
      permission: null,
      input: z.object({ code: z.string().max(200) }),
      output: z.object({ token: z.string(), walletId: WalletId, role: RoleName, expiresAt: Timestamp }),
      errors: ['unauthenticated'],
      timeoutMs: 5_000,
    }),
  },
  prompts: {
    connect_a_client: definePrompt({
      title: 'Connect an AI client',
      description: 'Makes a credential with no more rights than a program needs, and says where it goes.',
      arguments: z.object({
        client: z.string().min(1).max(80).describe('The program, such as a notebook or an editor'),
        kind: z
          .enum(['access', 'client_key'])
          .default('client_key')
          .describe('access lives an hour, client_key up to 90 days'),
      }),
      permission: 'token:create',
    }),
    review_refusals: definePrompt({
      title: 'Review what was refused',
      description: 'Reads the newest refusals in the audit log and tells mistakes from attempts.',
      arguments: z.object({ agent: z.string().max(40).optional().describe('Only calls of this agent') }),
      permission: 'audit:read',
    }),
  },
});
