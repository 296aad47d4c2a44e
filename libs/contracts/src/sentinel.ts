// The Sentinel: who you are, what you may do, and the record of it.
import { z } from 'zod';
import { definePrompt } from './prompt.js';
import { accessInternals } from './sentinel-access.js';
import { anomalyEvents, anomalyTools } from './sentinel-anomalies.js';
import { auditTools } from './sentinel-audit.js';
import { policyInternals, policyTools } from './sentinel-policies.js';
import { sealingTools } from './sentinel-sealing.js';
import { secretTools } from './sentinel-secrets.js';
import { tokenTools } from './sentinel-tokens.js';
import { holds } from './text-fields.js';
import { defineAgent, defineTool } from './tool.js';
import { PermissionName, RoleName, Timestamp, WalletId } from './values.js';

/** Life of a pass, seconds: what travels behind the gateway, for one agent. */
export const PASS_TTL_S = 60;
/** How long a client may take to answer what a tool asked, seconds. */
export const REQUEST_STATE_TTL_S = 900;
/** Life of a one-time sign-in link, seconds. */
export const SIGN_IN_TTL_S = 600;

/** Whoever asked decides by no older policy than this. */
const PolicyVersion = z.number().int().min(0).default(0);

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
    /** A new policy is in force; its document is in the Sentinel's table. */
    policy_set: z.object({ version: z.number().int().min(1) }),
    /** A wallet has another role; `change` counts the changes of this wallet, so that an older one never undoes a newer. */
    role_set: z.object({ walletId: WalletId, role: RoleName, change: z.number().int().min(1) }),
    /** Credentials that are good no more, whatever caches say. */
    credentials_revoked: z.object({ tokenIds: z.array(z.string()).min(1) }),
    ...anomalyEvents,
  },
  /** A wallet that was opened a moment ago: its role, before the event about it arrives. */
  needs: { chancellor: ['get_wallet'] },
  /** Its own, too: whichever replica made the change, one of them tells everybody of it. */
  hears: {
    mesh: ['calls_recorded', 'unusual_texts_found'],
    chancellor: ['wallet_created'],
    sentinel: ['credentials_revoked', 'policy_set', 'role_set', 'restriction_changed'],
  },
  tools: {
    ...tokenTools,
    create_sign_in_link: defineTool({
      title: 'Make a one-time sign-in link for the page',
      description:
        'Makes a code that signs you in to the lab’s page once, within ten minutes. Open <lab address>/#code=<code>. Never share it: whoever opens it first is you.',
      keywords: [
        'log in with a browser',
        'open the web page',
        'login',
        'sign in to the website',
        'open the site without a password',
        'link to log in',
        'use it on my phone',
      ],
      effect: 'write',
      permission: 'token:create',
      input: z.object({}),
      output: z.object({ code: z.string(), expiresAt: Timestamp }),
      errors: [],
      timeoutMs: 5_000,
    }),
    ...auditTools,
    ...anomalyTools,
    ...secretTools,
    ...sealingTools,
    ...policyTools,
    explain_access: defineTool({
      title: 'Explain who may use a tool',
      description:
        'Says whether a wallet may use a tool, by which rule, and what would change it. Your own rights as this token has them; those of another wallet need access:evaluate.',
      keywords: [
        'why was I refused',
        'denied, forbidden',
        'am I allowed',
        'missing permission',
        "why can't I do this",
        'access denied, what now',
        'what am I missing',
        'what can I do',
        'who could do this for me',
        'not permitted',
        'not allowed',
        'I get forbidden',
        'why did you refuse me',
        'am I permitted to run something',
        'do I have the right',
        'who has this permission',
        'what permission am I lacking',
      ],
      effect: 'read',
      everyday: true,
      about: ['walletId'],
      permission: 'access:explain',
      input: z.object({
        tool: holds(
          'identifier',
          z.string().min(1).max(64).describe('Name of the tool, such as curator_fetch_dataset'),
        ),
        walletId: WalletId.optional().describe('Whose; your own when left out'),
      }),
      output: z.object({
        tool: z.string(),
        walletId: WalletId,
        role: RoleName,
        allowed: z.boolean(),
        rule: z.string().describe('A rule of the policy by its id: policy:<id>'),
        reason: z.string(),
        policyVersion: z.number().int().describe('The policy that decided'),
        roles: z.array(RoleName).describe('Roles that may use it'),
        changes: z.array(z.string()).describe('What would turn the answer around, the least first'),
      }),
      errors: ['not_found'],
      timeoutMs: 5_000,
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
      output: z.object({
        decision: z.boolean(),
        context: z.object({ reason: z.string(), rule: z.string(), policyVersion: z.number().int() }),
      }),
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
      output: z.object({
        principal: PrincipalShape,
        expiresAt: Timestamp,
        audience: z.string().optional().describe('The only place where it is good; every endpoint when absent'),
        policyVersion: PolicyVersion,
      }),
      errors: ['unauthenticated'],
      timeoutMs: 2_000,
    }),
    issue_pass: defineTool({
      title: 'Make a pass for one agent',
      description:
        'Exchanges a credential, or the pass an agent was called with, for a 60 s pass to one agent. An agent’s pass is good for the tools alone that its contract says it needs.',
      effect: 'read',
      visibility: 'internal',
      permission: null,
      input: z.object({
        credential: z.string().max(8_192).describe('Access token, client key, or a pass whose audience is the actor'),
        agent: z.string().describe('Who the pass is for'),
        actor: z.string().optional().describe('The agent that calls on behalf; only with a pass'),
      }),
      output: z.object({ pass: z.string(), expiresAt: Timestamp, policyVersion: PolicyVersion }),
      errors: ['unauthenticated'],
      timeoutMs: 2_000,
    }),
    seal_state: defineTool({
      title: 'Seal what a tool wants back with the answers',
      description:
        'Encrypts a text for its way through the client: it opens for the same wallet and purpose only, and not for long.',
      effect: 'read',
      visibility: 'internal',
      permission: null,
      input: z.object({
        credential: z.string().max(8_192),
        state: z.string().max(64_000),
        purpose: z.string().min(1).max(200),
      }),
      output: z.object({ sealed: z.string() }),
      errors: ['unauthenticated'],
      timeoutMs: 2_000,
    }),
    open_state: defineTool({
      title: 'Open what seal_state sealed',
      description: 'Answers with the text, when it is the wallet’s own, for this purpose, unchanged and in time.',
      effect: 'read',
      visibility: 'internal',
      permission: null,
      input: z.object({
        credential: z.string().max(8_192),
        sealed: z.string().max(100_000),
        purpose: z.string().min(1).max(200),
      }),
      output: z.object({ state: z.string() }),
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
      output: z.object({
        keys: z.array(z.record(z.string(), z.unknown())),
        auditLog: z
          .object({ name: z.string(), verifierKey: z.string() })
          .optional()
          .describe('The audit log and the key that its tree heads are signed with'),
      }),
      errors: [],
      timeoutMs: 2_000,
    }),
    ...policyInternals,
    ...accessInternals,
    renew_access: defineTool({
      title: 'Renew an access token without another one',
      description:
        'As refresh_token, for a program that has nothing else to show any more. With `renewal`, a secret that the caller wrote down before it asked, the same request is the same exchange: it is answered again as long as the next refresh token was not used.',
      effect: 'write',
      visibility: 'internal',
      permission: null,
      input: tokenTools.refresh_token.input.extend({
        renewal: z
          .string()
          .regex(/^[A-Za-z0-9_-]{43,128}$/, 'a renewal is 32 random bytes in base64url')
          .optional(),
      }),
      output: tokenTools.refresh_token.output,
      errors: ['unauthenticated'],
      timeoutMs: 5_000,
    }),
    end_sign_in: defineTool({
      title: 'End a sign-in',
      description:
        'Withdraws a refresh token and all that came of its sign-in. One that is not known, or over, stays so.',
      effect: 'destroy',
      idempotent: true,
      visibility: 'internal',
      permission: null,
      input: z.object({ refreshToken: holds('data', z.string().max(200)) }),
      output: z.object({}),
      errors: [],
      timeoutMs: 5_000,
    }),
    redeem_sign_in_code: defineTool({
      title: 'Exchange a one-time code for an access token',
      description: 'Uses up a sign-in code. A second use, or one after ten minutes, is refused.',
      effect: 'write',
      visibility: 'internal',
      permission: null,
      input: z.object({
        code: z.string().max(200),
        refreshable: z.boolean().default(false).describe('Also a refresh token, good for 30 days'),
      }),
      output: z.object({
        token: z.string(),
        walletId: WalletId,
        role: RoleName,
        expiresAt: Timestamp,
        refreshToken: z.string().optional(),
        refreshExpiresAt: Timestamp.optional(),
      }),
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
