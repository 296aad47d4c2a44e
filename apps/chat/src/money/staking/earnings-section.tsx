// What the lab pays this wallet for, and what it has been paid.
import { formatTime, formatWhole } from '../../ui/figures.js';
import { CURRENCY, grouped } from '../amount.js';
import { type Earnings, eventText, type Reward, type RewardRules } from './stake.js';

interface EarningsSectionProps {
  readonly earnings: Earnings;
  readonly reasons: RewardRules['unrewarded'];
}

export const EarningsSection = ({ earnings: { events, rate, rewards }, reasons }: EarningsSectionProps) => (
  <>
    <section className="section money-section" aria-labelledby="earn-title">
      <div>
        <h2 id="earn-title">What else earns</h2>
        <p className="muted">Rules times your earning rate, {rate}.</p>
      </div>
      <div className="card">
        <table className="money-table" data-testid="earn-events">
          <thead>
            <tr>
              <th scope="col">For</th>
              <th scope="col" className="amount">
                {CURRENCY}
              </th>
              <th scope="col" className="amount">
                Left today
              </th>
            </tr>
          </thead>
          <tbody>
            {events.map(({ event, amount, leftToday }) => (
              <tr key={event}>
                <th scope="row">{eventText(event)}</th>
                <td className="amount">{grouped(amount)}</td>
                <td className="amount">{leftToday.toLocaleString('en')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
    {rewards.length > 0 && (
      <section className="section money-section" aria-labelledby="rewards-title">
        <h2 id="rewards-title">Your rewards</h2>
        <ul className="entries" data-testid="rewards">
          {rewards.map((reward) => (
            <RewardRow key={`${reward.for} ${reward.source}`} reward={reward} reasons={reasons} />
          ))}
        </ul>
      </section>
    )}
  </>
);

const LOOKS = { paid: 'pill pill-good', pending: 'pill badge-write', nothing: 'pill badge-read' } as const;

const RewardRow = ({ reward, reasons }: { reward: Reward; reasons: RewardRules['unrewarded'] }) => (
  <li className="reward-row">
    <span className="muted reward-time" title={formatWhole(reward.at)}>
      {formatTime(reward.at)}
    </span>
    <span className="reward-what">
      {eventText(reward.for)} <span className="muted mono">{reward.source}</span>
      {reward.reason !== null && (
        <span className="muted">
          : {reasons.find(({ reason }) => reason === reward.reason)?.meaning ?? reward.reason}
        </span>
      )}
    </span>
    <span className={`reward-status ${LOOKS[reward.status]}`}>
      {reward.status === 'pending' ? 'owed' : reward.status}
    </span>
    <span className="amount reward-amount">{grouped(reward.amount)}</span>
  </li>
);
