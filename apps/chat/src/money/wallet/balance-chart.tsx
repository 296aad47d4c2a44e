// The balance of a wallet over time: as a line, in one sentence, and as a table of days.
import { useMemo, useState } from 'react';
import { formatTime, formatWhole, plural } from '../../ui/figures.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import { OneOf } from '../../ui/one-of.js';
import { CURRENCY, grouped } from '../amount.js';
import { balanceByDay, balanceSteps, extremes, type Step } from './balance-steps.js';
import { ACCOUNTS, type Account, type Balances } from './entry.js';
import { StepChart } from './step-chart.js';
import { type Loaded, useHistory } from './use-history.js';

const DAY_MS = 86_400_000;
const SPANS = [
  { name: 'week', label: 'Week', days: 7 },
  { name: 'month', label: 'Month', days: 30 },
  { name: 'year', label: 'Year', days: 365 },
  { name: 'all', label: 'All', days: undefined },
] as const;
type Span = (typeof SPANS)[number];
/** A picture of more would show no more. */
const ENTRIES_MAX = 1_000;

interface BalanceChartProps {
  readonly walletId: string | undefined;
  readonly account: Account;
  /** Counts up when something was paid. */
  readonly turn: number;
}

export function BalanceChart({ walletId, account, turn }: BalanceChartProps) {
  const [span, setSpan] = useState<Span>(SPANS[3]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a payment moves the end on
  const toMs = useMemo(() => Date.now(), [span, turn]);
  const fromMs = span.days === undefined ? undefined : toMs - span.days * DAY_MS;
  const history = useHistory({
    input: {
      ...(walletId === undefined ? {} : { walletId }),
      ...(account === 'available' ? {} : { account }),
      ...(fromMs === undefined ? {} : { from: new Date(fromMs).toISOString() }),
    },
    most: ENTRIES_MAX,
    turn,
  });
  const { loaded } = history;
  const steps = useMemo(() => stepsOf(loaded, { account, fromMs, toMs }), [loaded, account, fromMs, toMs]);
  return (
    <figure className="card balance-chart" data-testid="balance-chart">
      <figcaption className="balance-chart-head">
        <h2>{ACCOUNTS.find(({ name }) => name === account)?.label} over time</h2>
        <OneOf
          legend="How far back"
          group="balance-span"
          choices={SPANS}
          chosen={span.name}
          onChosen={(name) => setSpan(SPANS.find((each) => each.name === name) ?? SPANS[3])}
        />
      </figcaption>
      {history.failure && <FailureNotice failure={history.failure} />}
      {!steps && history.busy && <Waiting label="Fetching the balance over time…" lines={5} />}
      {steps && <Drawn steps={steps} partial={loaded.nextBefore !== undefined} />}
    </figure>
  );
}

const balanceIn = (balances: Balances, account: Account): string =>
  (account === 'available' ? balances.balance : account === 'staked' ? balances.staked : balances.held) ?? '0';

function stepsOf(
  { entries, balances, nextBefore }: Loaded,
  { account, fromMs, toMs }: { account: Account; fromMs: number | undefined; toMs: number },
): readonly Step[] | undefined {
  if (!balances) return undefined;
  // What is older was not fetched: the line begins where it is known.
  const start = nextBefore === undefined ? fromMs : undefined;
  return balanceSteps(entries, { fromMs: start, toMs, balance: balanceIn(balances, account) });
}

function Drawn({ steps, partial }: { steps: readonly Step[]; partial: boolean }) {
  const [over, setOver] = useState<Step>();
  const { least, most } = extremes(steps);
  const [first, last] = [steps[0], steps.at(-1)];
  const said = `From ${grouped(first?.balance ?? '0')} to ${grouped(last?.balance ?? '0')} ${CURRENCY}; least ${grouped(least)}, most ${grouped(most)}`;
  const days = balanceByDay(steps);
  return (
    <>
      <StepChart steps={steps} label={said} onOver={setOver} />
      <p className="muted balance-said" data-testid="balance-said">
        {over ? `${formatTime(new Date(over.atMs).toISOString())}: ${grouped(over.balance)} ${CURRENCY}` : `${said}.`}
        {partial && !over && ` Of the last ${plural(ENTRIES_MAX, 'transaction')}.`}
      </p>
      <details className="balance-table">
        <summary>As a table</summary>
        <div className="balance-table-scroll">
          <table className="money-table">
            <thead>
              <tr>
                <th scope="col">Until</th>
                <th scope="col" className="amount">
                  Balance, {CURRENCY}
                </th>
              </tr>
            </thead>
            <tbody>
              {days.toReversed().map(({ atMs, balance }) => (
                <tr key={atMs}>
                  <th scope="row">{formatWhole(new Date(atMs).toISOString())}</th>
                  <td className="amount">{grouped(balance)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </>
  );
}
