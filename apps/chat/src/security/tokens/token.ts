// A token as the lab lists it (never the token itself), and what ends when it is withdrawn.
export interface Token {
  readonly tokenId: string;
  readonly kind: 'access' | 'client_key' | 'refresh';
  readonly state: 'good' | 'expired' | 'revoked' | 'used';
  /** The page uses it. */
  readonly current: boolean;
  readonly role: string;
  readonly permissions: readonly string[];
  readonly toolset?: readonly string[];
  readonly label?: string;
  readonly issuedBy: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly lastUsedAt?: string;
}

export interface TokenPage {
  readonly tokens: readonly Token[];
  readonly nextCursor?: string;
}

export const TOKEN_KINDS: Readonly<Record<Token['kind'], string>> = {
  access: 'access token',
  client_key: 'client key',
  refresh: 'refresh token',
};

export const TOKEN_STATES: Readonly<Record<Token['state'], string>> = {
  good: 'good',
  expired: 'expired',
  revoked: 'withdrawn',
  used: 'used up',
};

export const nameOf = ({ label, kind }: Token): string => label ?? TOKEN_KINDS[kind];

/** What people must know before a token goes, a sentence each. */
export function endsWith(token: Token): string[] {
  const ends = [
    `Whatever uses this ${TOKEN_KINDS[token.kind]} is refused within a second, everywhere; its open streams end.`,
  ];
  if (token.kind === 'refresh') ends.push('The access tokens that were made with it end too.');
  if (token.current) ends.push('This page uses it: you will be signed out.');
  return [...ends, 'It cannot be undone.'];
}

/** The same for all tokens of a wallet; only good ones end. */
export function allEndWith(tokens: readonly Token[], { own, more }: { own: boolean; more: boolean }): string[] {
  const good = tokens.filter(({ state }) => state === 'good');
  const count = more ? `${good.length} or more` : String(good.length);
  return [
    `${count} ${good.length === 1 && !more ? 'token that is good now ends' : 'tokens that are good now end'} within a second: every program and page of this wallet is refused, and open streams end.`,
    ...(own ? ['The token that this page uses is one of them: you will be signed out.'] : []),
    'The wallet and what it owns stay. It cannot be undone.',
  ];
}

/** May the holder of this token see those of other wallets? The lab lists it among the rights of the current one. */
export const seesOthers = (tokens: readonly Token[]): boolean =>
  tokens.some(({ current, permissions }) => current && permissions.includes('token:create:any'));
