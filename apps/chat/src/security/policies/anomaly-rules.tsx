// What the policy has done when a model finds a call unusual.
import type { Policy } from './policy.js';

const RESPONSES: Readonly<Record<string, string>> = {
  record: 'is recorded',
  alert: 'is recorded and reported',
  fresh_token: 'makes the wallet sign in anew',
  throttle: 'slows the wallet down',
  block: 'blocks the wallet',
};

const said = (response: string): string => RESPONSES[response] ?? response;

export const AnomalyRules = ({ anomalies }: { anomalies: Policy['anomalies'] }) => (
  <div className="card anomaly-rules">
    <span className={anomalies.shadow ? 'pill badge-read' : 'pill pill-good'}>
      {anomalies.shadow ? 'only watches' : 'acts'}
    </span>
    <p>
      An unusual text <strong>{said(anomalies.content)}</strong>; unusual behaviour{' '}
      <strong>{said(anomalies.behaviour)}</strong>. What keeps a wallet from something lasts {anomalies.forMinutes}{' '}
      minutes, unless the anomaly is resolved before.
      {anomalies.shadow && ' While it only watches, the lab says what it would have done, and does nothing.'}
    </p>
  </div>
);
