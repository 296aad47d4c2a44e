// One token: what it is for, whether it is good, when it ends, when it was last used, and what it may do.
import type { ReactNode } from 'react';
import { formatFromNow, formatWhole, plural, shortId } from '../../ui/figures.js';
import { Names } from '../../ui/names.js';
import { nameOf, TOKEN_KINDS, TOKEN_STATES, type Token } from './token.js';

interface TokenCardProps {
  readonly token: Token;
  readonly nowMs: number;
  readonly onRevoke?: ((token: Token) => void) | undefined;
}

export function TokenCard({ token, nowMs, onRevoke }: TokenCardProps) {
  const { tokenId, state, kind, current, expiresAt, lastUsedAt, createdAt } = token;
  const good = state === 'good';
  return (
    <li className={good ? 'token card' : 'token card token-over'} data-testid={`token-${tokenId}`}>
      <div className="token-head">
        <div className="token-name">
          <strong>{nameOf(token)}</strong>
          {current && <span className="badge badge-here">this page</span>}
          <span className="muted">
            {token.label === undefined ? '' : `${TOKEN_KINDS[kind]}, `}
            {token.role}
          </span>
        </div>
        <span className={good ? 'pill pill-good' : state === 'revoked' ? 'pill pill-bad' : 'pill badge-read'}>
          {TOKEN_STATES[state]}
        </span>
      </div>
      <dl className="token-facts">
        <Fact name={good ? 'Ends' : 'Ended'}>
          <Time at={expiresAt} nowMs={nowMs} />
        </Fact>
        <Fact name="Last used">{lastUsedAt ? <Time at={lastUsedAt} nowMs={nowMs} /> : 'never'}</Fact>
        <Fact name="Made">
          <Time at={createdAt} nowMs={nowMs} />
        </Fact>
        <Fact name="Made by">
          <span className="mono" title={token.issuedBy}>
            {shortId(token.issuedBy)}
          </span>
        </Fact>
      </dl>
      <div className="token-foot">
        <details>
          <summary>
            {plural(token.permissions.length, 'permission')}
            {token.toolset ? `, ${plural(token.toolset.length, 'tool')} only` : ''}
          </summary>
          <p className="mono muted token-id">{tokenId}</p>
          {token.toolset && <Names names={token.toolset} />}
          <Names names={token.permissions} />
        </details>
        {good && onRevoke && (
          <button
            type="button"
            className="button button-small button-quiet-bad"
            data-testid={`revoke-${tokenId}`}
            aria-label={`Revoke ${nameOf(token)}`}
            onClick={() => onRevoke(token)}
          >
            Revoke
          </button>
        )}
      </div>
    </li>
  );
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);

const Time = ({ at, nowMs }: { at: string; nowMs: number }) => (
  <time dateTime={at} title={formatWhole(at)}>
    {formatFromNow(at, nowMs)}
  </time>
);
