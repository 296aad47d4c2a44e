// The Sentinel's tools for credentials: making, renewing, listing and withdrawing them.
import { z } from 'zod';
import { AUDIENCES } from './audience.js';
import { holds } from './text-fields.js';
import { defineTool } from './tool.js';
import { PermissionName, RoleName, Timestamp, WalletId, words } from './values.js';

/** Longest life of an access token, seconds. */
export const ACCESS_TOKEN_MAX_S = 3_600;
/** Longest life of a client key, seconds (90 days). */
export const CLIENT_KEY_MAX_S = 90 * 86_400;
/** Longest life of refresh tokens from one sign-in, seconds (30 days): renewing does not make it longer. */
export const REFRESH_TOKEN_MAX_S = 30 * 86_400;

/** How much of a key's SHA-256 tells it from others to people, hex digits. */
export const FINGERPRINT_CHARS = 16;
/** Most hashes or ids of one question. */
export const FIND_TOKENS_MAX = 500;

const TokenKind = z.enum(['access', 'client_key', 'refresh']);
const TokenState = z.enum(['good', 'expired', 'revoked', 'used']).describe('used: a refresh token that was exchanged');
const Audience = z.enum(AUDIENCES);
const TokenId = z.string().regex(/^cred_[0-9a-f-]{36}$/, 'a token id looks like cred_ and a UUID');

export const tokenTools = {
  generate_wallet_token: defineTool({
    title: 'Make a token for a wallet',
    description:
      'Makes a credential for a wallet, shown once. access: a signed token of at most an hour, for programs that renew it; client_key: an opaque key of at most 90 days, for the configuration file of an AI client. For your own wallet, or by the operator for any; never with more rights than you or the wallet’s role have.',
    keywords: [
      'create an API key',
      'new credentials',
      'access for a script, notebook or AI client',
      'password',
      'login for a script or program',
      'connect my program, bot or agent',
      'get a key',
      'create a token',
      'credentials for a colleague',
      'read-only key',
      'connect my AI assistant, Claude or ChatGPT',
      'access for an app or device',
      'password for a robot',
      'get a token for the command line',
    ],
    effect: 'write',
    everyday: true,
    about: ['walletId'],
    brief: ['permissions'],
    permission: 'token:create',
    input: z.object({
      walletId: WalletId.optional().describe('Your own when left out'),
      kind: z.enum(['access', 'client_key']).default('access'),
      ttlSeconds: z
        .number()
        .int()
        .min(10)
        .max(CLIENT_KEY_MAX_S)
        .optional()
        .describe('At most 3600 for access, 7776000 for client_key; that when left out'),
      permissions: z.array(PermissionName).min(1).optional().describe('Fewer than the role has, such as dataset:read'),
      toolset: z
        .array(holds('identifier', z.string().min(1).max(64)))
        .min(1)
        .max(200)
        .optional()
        .describe('The only tools it may use, such as curator_fetch_dataset'),
      audience: Audience.optional().describe(
        'The only endpoint where it is good; left out: the gateway’s for access, all for client_key',
      ),
      refreshable: z.boolean().default(false).describe('With access: also a refresh token, good for 30 days'),
      label: words(80).optional().describe('What it is for'),
    }),
    output: z.object({
      token: z.string(),
      kind: z.enum(['access', 'client_key']),
      tokenId: z.string(),
      walletId: WalletId,
      role: RoleName,
      permissions: z.array(PermissionName),
      toolset: z.array(z.string()).optional(),
      audience: Audience.optional().describe('The only place where it is good; every endpoint when absent'),
      expiresAt: Timestamp,
      refreshToken: z.string().optional().describe('Good once: refresh_token gives the next one'),
      refreshExpiresAt: Timestamp.optional(),
    }),
    errors: ['not_found'],
    timeoutMs: 10_000,
  }),
  refresh_token: defineTool({
    title: 'Renew an access token',
    description:
      'Exchanges a refresh token for a new access token of at most an hour and the next refresh token. Each refresh token is good once: one that comes a second time was copied, so all tokens of its sign-in are withdrawn. A program whose access token has ended renews it at POST <lab address>/token instead (grant_type=refresh_token, as in OAuth 2).',
    keywords: [
      'session about to expire',
      'prolong or extend access',
      'access runs out, expires',
      'stay logged in',
      'renew a login',
      'token expired',
    ],
    effect: 'write',
    permission: 'token:create',
    input: z.object({ refreshToken: holds('data', z.string().max(200)) }),
    output: z.object({
      token: z.string(),
      tokenId: z.string(),
      walletId: WalletId,
      role: RoleName,
      expiresAt: Timestamp,
      refreshToken: z.string(),
      refreshExpiresAt: Timestamp,
    }),
    errors: ['unauthenticated'],
    timeoutMs: 10_000,
  }),
  revoke_token: defineTool({
    title: 'Withdraw tokens',
    description:
      'Withdraws one token by its id, or all tokens of a wallet: yours, or with the operator’s right any. It takes effect everywhere within a second, open streams included. A refresh token takes the access tokens made with it along. It cannot be undone.',
    keywords: [
      'stolen or lost key',
      'log out everywhere',
      'disable, delete or switch off a key',
      'somebody stole my token or key',
      'lost my laptop',
      'my token was leaked',
      'end a session',
      'take access away',
      'invalidate',
      'this key must not work any longer',
      'disable an old key',
      'lost my phone',
      'remove access of a program',
      'kill a session',
    ],
    effect: 'destroy',
    everyday: true,
    about: ['tokenId', 'walletId'],
    idempotent: true,
    permission: 'token:create',
    input: z
      .object({
        tokenId: TokenId.optional().describe('One token, by the id that list_tokens shows'),
        walletId: WalletId.optional().describe('All tokens of this wallet, the one you use now included'),
        dryRun: z.boolean().default(false).describe('Only say which'),
      })
      .refine(
        ({ tokenId, walletId }) => (tokenId === undefined) !== (walletId === undefined),
        'either tokenId or walletId',
      ),
    output: z.object({
      tokenIds: z.array(z.string()).describe('What was good until now; of a dry run, what would end'),
    }),
    errors: ['not_found'],
    timeoutMs: 10_000,
  }),
  list_tokens: defineTool({
    title: 'List tokens',
    description:
      'The tokens of a wallet, newest first: what each may do, until when, when it was last used, and whether it is still good. Never the tokens themselves.',
    keywords: [
      'my active keys',
      'show credentials',
      'open sessions',
      'which logins do I have open',
      'where am I logged in',
      'my tokens',
      'which devices and scripts have access',
    ],
    effect: 'read',
    everyday: true,
    about: ['walletId'],
    permission: 'token:create',
    input: z.object({
      walletId: WalletId.optional().describe('Whose; your own wallet when left out'),
      all: z.boolean().default(false).describe('Also those that are good no more'),
      limit: z.int().min(1).max(200).default(50),
      cursor: holds('identifier', z.string().max(100)).optional().describe('nextCursor of the page before'),
    }),
    output: z.object({
      tokens: z.array(
        z.object({
          tokenId: z.string(),
          kind: TokenKind,
          state: TokenState,
          current: z.boolean().describe('You use it for this call'),
          role: RoleName,
          permissions: z.array(PermissionName),
          toolset: z.array(z.string()).optional(),
          audience: Audience.optional().describe('The one place it was bound to'),
          fingerprint: z
            .string()
            .optional()
            .describe(
              'First 16 hex digits of the SHA-256 of a key or refresh token, to tell which one a found copy is',
            ),
          label: z.string().optional(),
          issuedBy: WalletId,
          createdAt: Timestamp,
          expiresAt: Timestamp,
          lastUsedAt: Timestamp.optional().describe('To the minute'),
        }),
      ),
      nextCursor: z.string().optional(),
    }),
    errors: ['not_found'],
    timeoutMs: 10_000,
  }),
  find_tokens: defineTool({
    title: 'Find leaked tokens',
    description:
      'Says which found keys are tokens of this lab, and whether they are still good, so that they can be withdrawn. Takes SHA-256 hashes of client keys and refresh tokens, and ids (jti) of access tokens: never the tokens themselves. Your own only; with the operator’s right any. `npx @labmesh/cli token scan` asks it.',
    keywords: [
      'leaked secret',
      'key in a repository, on GitHub',
      'found a key on the internet, whose is it',
      'does this token belong to us',
      'check a leaked token',
      'secret scanning',
    ],
    effect: 'read',
    permission: 'token:create',
    input: z.object({
      hashes: z
        .array(z.string().regex(/^[0-9a-f]{64}$/, 'a hash is 64 hex digits'))
        .max(FIND_TOKENS_MAX)
        .default([])
        .describe('SHA-256 of each key as a text, hex'),
      tokenIds: z.array(TokenId).max(FIND_TOKENS_MAX).default([]).describe('The jti of access tokens'),
    }),
    output: z.object({
      tokens: z.array(
        z.object({
          tokenId: z.string(),
          hash: z.string().optional(),
          kind: TokenKind,
          state: TokenState,
          current: z.boolean().describe('You use it for this call'),
          walletId: WalletId,
          label: z.string().optional(),
          expiresAt: Timestamp,
          lastUsedAt: Timestamp.optional(),
        }),
      ),
    }),
    errors: [],
    timeoutMs: 10_000,
  }),
};
