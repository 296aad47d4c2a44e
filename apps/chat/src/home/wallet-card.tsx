// The caller's wallet: what it may pay with, what it has staked, and what moved last.
import type { Answer } from '../mcp/use-answer.js';
import { signed } from '../money/amount.js';
import { AmountFigure } from '../money/amount-figure.js';
import { type Balances, type Entry, kindText, partyText } from '../money/wallet/entry.js';
import { moneyHref } from '../route.js';
import { formatFromNow, formatWhole } from '../ui/figures.js';
import { HomeCard, Nothing } from './home-card.js';

export const WalletCard = ({ answer }: { answer: Answer<Balances> }) => (
  <HomeCard name="wallet" title="My wallet" more={{ href: moneyHref('wallet'), label: 'All of it' }} answer={answer}>
    {({ walletId, balance, staked, history }) => (
      <>
        <dl className="home-amounts">
          <Amount name="Available" amount={balance} testId="home-available" />
          {staked !== undefined && <Amount name="Staked" amount={staked} testId="home-staked" />}
        </dl>
        {history.length === 0 && <Nothing>Nothing has moved yet.</Nothing>}
        {history.length > 0 && (
          <ul className="home-lines">
            {history.map((entry) => (
              <li key={`${entry.transactionId}${entry.change}${entry.counterparty}`} className="home-line">
                <Moved entry={entry} walletId={walletId} />
              </li>
            ))}
          </ul>
        )}
      </>
    )}
  </HomeCard>
);

const Amount = ({ name, amount, testId }: { name: string; amount: string; testId: string }) => (
  <div>
    <dt className="muted">{name}</dt>
    <dd>
      <AmountFigure amount={amount} testId={testId} />
    </dd>
  </div>
);

const Moved = ({ entry, walletId }: { entry: Entry; walletId: string }) => (
  <>
    <span className="home-line-name">
      {kindText(entry.kind)} <span className="muted">{entry.memo ?? partyText(entry.counterparty, walletId)}</span>
    </span>
    <span className={entry.change.startsWith('-') ? 'home-change' : 'home-change entry-in'}>
      {signed(entry.change)}
    </span>
    <time className="muted home-line-end" dateTime={entry.at} title={formatWhole(entry.at)}>
      {formatFromNow(entry.at, Date.now())}
    </time>
  </>
);
