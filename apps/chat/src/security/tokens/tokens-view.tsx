// Tokens: who can act for a wallet, until when, and the way to end it. Never shows a token but once, to whoever makes it.
import { type FormEvent, useEffect, useId, useState } from 'react';
import { callFor } from '../../mcp/connection.js';
import { useLab } from '../../mcp/lab.js';
import { usePartsIn } from '../../mcp/parts.js';
import { type Answer, useAnswer } from '../../mcp/use-answer.js';
import { securityHref } from '../../route.js';
import { plural, shortId } from '../../ui/figures.js';
import { Icon } from '../../ui/icon.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import { ShowMore } from '../../ui/show-more.js';
import { NewToken } from './new-token.js';
import { RevokeDialog, type Revoking } from './revoke-dialog.js';
import { seesOthers, type TokenPage } from './token.js';
import { TokenCard } from './token-card.js';

const LIST = 'sentinel_list_tokens';
const TOOLS = { revoke: 'sentinel_revoke_token', make: 'sentinel_generate_wallet_token' } as const;
const PAGE = 50;

export function TokensView({ walletId }: { walletId: string | undefined }) {
  const { session } = useLab();
  const parts = usePartsIn(TOOLS);
  const [all, setAll] = useState(false);
  const [limit, setLimit] = useState(PAGE);
  const [revoking, setRevoking] = useState<Revoking>();
  const [making, setMaking] = useState(false);
  const answer = useAnswer<TokenPage>(LIST, { walletId, all, limit });
  const others = useSeesOthers();
  const own = walletId === undefined || walletId === session.walletId;
  const tokens = answer.value?.tokens ?? [];
  const more = answer.value?.nextCursor !== undefined;
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Tokens</h1>
          <p className="muted">
            {own ? 'Of your own wallet' : `Of ${shortId(walletId)}`}
            {answer.value && `: ${plural(tokens.filter(({ state }) => state === 'good').length, 'good token')}`}
          </p>
        </div>
        {parts.has('make') && <NewButton onClick={() => setMaking(true)} />}
      </div>
      <TokenBar
        walletId={walletId}
        others={others}
        all={all}
        onAll={setAll}
        onRevokeAll={
          parts.has('revoke') && tokens.some(({ state }) => state === 'good')
            ? () => setRevoking({ what: 'all', walletId: walletId ?? session.walletId, tokens, own, more })
            : undefined
        }
      />
      <TokenList
        answer={answer}
        onRevoke={parts.has('revoke') ? (token) => setRevoking({ what: 'one', token }) : undefined}
      />
      {more && <ShowMore limit={limit} busy={answer.busy} onLimit={setLimit} />}
      {revoking && (
        <RevokeDialog
          revoking={revoking}
          onClose={() => setRevoking(undefined)}
          onDone={() => {
            setRevoking(undefined);
            answer.refresh();
          }}
        />
      )}
      {making && (
        <NewToken walletId={own ? undefined : walletId} onMade={answer.refresh} onClose={() => setMaking(false)} />
      )}
    </>
  );
}

const NewButton = ({ onClick }: { onClick: () => void }) => (
  <div className="page-actions">
    <button type="button" className="button button-main" data-testid="token-new" onClick={onClick}>
      New token
    </button>
  </div>
);

interface TokenBarProps {
  readonly walletId: string | undefined;
  readonly others: boolean;
  readonly all: boolean;
  readonly onAll: (all: boolean) => void;
  readonly onRevokeAll: (() => void) | undefined;
}

const TokenBar = ({ walletId, others, all, onAll, onRevokeAll }: TokenBarProps) => (
  <div className="token-bar">
    {others && <WalletChooser walletId={walletId} />}
    <label className="check-label">
      <input type="checkbox" checked={all} onChange={(event) => onAll(event.target.checked)} />
      Also those that are good no more
    </label>
    {onRevokeAll && (
      <button type="button" className="button button-quiet-bad" data-testid="token-revoke-all" onClick={onRevokeAll}>
        Revoke all of this wallet
      </button>
    )}
  </div>
);

function TokenList({
  answer,
  onRevoke,
}: {
  answer: Answer<TokenPage>;
  onRevoke?: Parameters<typeof TokenCard>[0]['onRevoke'];
}) {
  const { value, failure } = answer;
  if (failure) return <FailureNotice failure={failure} />;
  if (!value) return <Waiting label="Fetching the tokens…" lines={6} />;
  if (value.tokens.length === 0) {
    return (
      <div className="nothing">
        <p>This wallet has no token that is good now.</p>
      </div>
    );
  }
  const nowMs = Date.now();
  return (
    <ul className="tokens" aria-label="Tokens" data-testid="tokens" aria-busy={answer.busy}>
      {value.tokens.map((token) => (
        <TokenCard key={token.tokenId} token={token} nowMs={nowMs} onRevoke={onRevoke} />
      ))}
    </ul>
  );
}

/** The rights of the page's own token say whether it may look at other wallets. */
function useSeesOthers(): boolean {
  const { connection } = useLab();
  const [others, setOthers] = useState(false);
  useEffect(() => {
    const controller = new AbortController();
    const call = { name: LIST, input: { limit: 200 }, signal: controller.signal };
    void callFor<TokenPage>(connection, call).then((answer) => {
      if (!controller.signal.aborted && answer.ok) setOthers(seesOthers(answer.value.tokens));
    });
    return () => controller.abort();
  }, [connection]);
  return others;
}

function WalletChooser({ walletId }: { walletId: string | undefined }) {
  const id = useId();
  const [text, setText] = useState(walletId ?? '');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wanted = text.trim();
    location.hash = securityHref('tokens', wanted === '' ? undefined : wanted);
  };
  return (
    <form className="wallet-chooser" onSubmit={submit}>
      <label className="sr-only" htmlFor={id}>
        Wallet
      </label>
      <div className="filter">
        <Icon name="search" />
        <input
          id={id}
          className="input mono"
          data-testid="token-wallet"
          placeholder="wal_… of another wallet"
          value={text}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <button type="submit" className="button">
        Show
      </button>
    </form>
  );
}
