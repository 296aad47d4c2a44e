// The attempts of a job, with what each used.
import { formatBytes } from '../../agents/manifest.js';
import { formatWhole } from '../../ui/figures.js';
import { type Attempt, durationText, tookMs } from '../job.js';

export const AttemptSection = ({ attempts }: { attempts: readonly Attempt[] }) => (
  <section className="section" aria-labelledby="attempts-title">
    <h2 id="attempts-title">Attempts</h2>
    <div className="card table-card">
      <table className="money-table" data-testid="attempts">
        <thead>
          <tr>
            <th scope="col">Attempt</th>
            <th scope="col">Outcome</th>
            <th scope="col">Node</th>
            <th scope="col" className="amount">
              Took
            </th>
            <th scope="col" className="amount">
              CPU
            </th>
            <th scope="col" className="amount">
              Memory
            </th>
          </tr>
        </thead>
        <tbody>
          {attempts.map((attempt) => (
            <AttemptRow key={attempt.attempt} attempt={attempt} />
          ))}
        </tbody>
      </table>
    </div>
  </section>
);

function AttemptRow({ attempt }: { attempt: Attempt }) {
  const took = tookMs(attempt, Date.now());
  const how = attempt.exitCode === null ? attempt.signal : `exit code ${attempt.exitCode}`;
  return (
    <tr>
      <th scope="row" title={attempt.startedAt === null ? undefined : formatWhole(attempt.startedAt)}>
        {attempt.attempt}
      </th>
      <td>
        {attempt.outcome ?? attempt.state}
        <span className="muted">
          {[attempt.message ?? attempt.reason, how].filter((text) => text !== null).map((text) => `, ${text}`)}
        </span>
      </td>
      <td>{attempt.node}</td>
      <td className="amount">{took === undefined ? '' : durationText(took)}</td>
      <td className="amount">{durationText(attempt.cpuSeconds * 1_000)}</td>
      <td className="amount">{formatBytes(attempt.memoryPeakBytes)}</td>
    </tr>
  );
}
