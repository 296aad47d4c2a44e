// What would follow from a policy: what differs, the tools that roles gain and lose, and recorded calls that would fare otherwise.

import { formatWhole, plural, shortId } from '../../ui/figures.js';
import { Names } from '../../ui/names.js';
import type { ChangedCalls, RoleTools, SetAnswer } from './policy.js';
import { ChangeList } from './version-list.js';

export function TryResult({ answer }: { answer: SetAnswer }) {
  const { changes, tools, traffic } = answer;
  if (changes.length === 0) {
    return (
      <p className="nothing" data-testid="policy-try-result" role="status">
        It says the same as the policy in force.
      </p>
    );
  }
  return (
    <div className="try-result" data-testid="policy-try-result" role="status">
      <h3>What differs</h3>
      <ChangeList changes={changes} />
      {tools.length > 0 && <ToolChanges tools={tools} />}
      {traffic && <Traffic traffic={traffic} />}
    </div>
  );
}

const ToolChanges = ({ tools }: { tools: readonly RoleTools[] }) => (
  <>
    <h3>Tools of each role</h3>
    <dl className="record">
      {tools.map(({ role, gained, lost }) => (
        <div key={role} className="record-entry">
          <dt>{role}</dt>
          <dd className="tool-changes">
            <ToolNames word="gains" names={gained} kind="tools-gained" />
            <ToolNames word="loses" names={lost} kind="tools-lost" />
          </dd>
        </div>
      ))}
    </dl>
  </>
);

const ToolNames = ({ word, names, kind }: { word: string; names: readonly string[]; kind: string }) =>
  names.length === 0 ? null : (
    <div className={kind}>
      <span>{word}</span>
      <Names names={names} />
    </div>
  );

function Traffic({ traffic }: { traffic: NonNullable<SetAnswer['traffic']> }) {
  const { from, calls, undecided, wouldDeny, wouldAllow, changed, more } = traffic;
  return (
    <>
      <h3>Calls since {formatWhole(from)}</h3>
      <p>
        Of {plural(calls, 'recorded call')}, <strong>{wouldDeny.toLocaleString('en')} would be denied</strong> that are
        allowed now, and <strong>{wouldAllow.toLocaleString('en')} allowed</strong> that are denied now.
        {undecided > 0 && (
          <span className="muted">
            {' '}
            {plural(undecided, 'call')} cannot be decided again: nobody was identified, or the tool is no more.
          </span>
        )}
      </p>
      {changed.length > 0 && <ChangedTable changed={changed} />}
      {more > 0 && <p className="muted">And {plural(more, 'more group')} of calls.</p>}
    </>
  );
}

const WORDS = { allow: 'allowed', deny: 'denied' } as const;

const ChangedTable = ({ changed }: { changed: readonly ChangedCalls[] }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
  <section className="table-scroll" aria-label="Calls that would be decided otherwise" tabIndex={0}>
    <table>
      <thead>
        <tr>
          <th scope="col">Calls</th>
          <th scope="col">Wallet</th>
          <th scope="col">Tool</th>
          <th scope="col">Now</th>
          <th scope="col">Then</th>
          <th scope="col">Because</th>
        </tr>
      </thead>
      <tbody>
        {changed.map((group) => (
          <tr key={`${group.walletId} ${group.tool} ${group.before} ${group.after} ${group.rule} ${group.reason}`}>
            <td className="cell-number">{group.calls.toLocaleString('en')}</td>
            <td className="mono" title={group.walletId}>
              {shortId(group.walletId)} <span className="muted">{group.role}</span>
            </td>
            <td className="mono">{group.tool}</td>
            <td>{WORDS[group.before]}</td>
            <td>
              <strong className={group.after === 'deny' ? 'problem' : 'good'}>{WORDS[group.after]}</strong>
            </td>
            <td className="cell-long">{group.reason}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);
