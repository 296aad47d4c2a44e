// Policies: what is in force, how it came about, and a way to change it that shows first what would follow.
import { type ReactNode, useState } from 'react';
import { usePartsIn } from '../../mcp/parts.js';
import { useAnswer } from '../../mcp/use-answer.js';
import { securityHref } from '../../route.js';
import { formatFromNow, plural, shortId } from '../../ui/figures.js';
import { FailureNotice, Notice, Waiting } from '../../ui/notice.js';
import { AnomalyRules } from './anomaly-rules.js';
import type { PolicyAnswer, Proposal } from './policy.js';
import { PolicyEditor } from './policy-editor.js';
import { RoleChange } from './role-change.js';
import { RoleMatrix } from './role-matrix.js';
import { RuleList } from './rule-list.js';
import { TryDialog } from './try-dialog.js';
import { VersionList } from './version-list.js';

const TOOLS = { set: 'sentinel_set_policy', role: 'sentinel_set_role' } as const;

export function PoliciesView({ version }: { version: string | undefined }) {
  const parts = usePartsIn(TOOLS);
  const canSet = parts.has('set');
  const [limit, setLimit] = useState(10);
  const [editing, setEditing] = useState(false);
  const [restoring, setRestoring] = useState<Proposal>();
  const wanted = version === undefined || !/^\d{1,9}$/.test(version) ? undefined : Number(version);
  const answer = useAnswer<PolicyAnswer>('sentinel_list_policies', { version: wanted, limit });
  const { value, failure } = answer;
  const changed = () => {
    setEditing(false);
    setRestoring(undefined);
    answer.refresh();
    if (version !== undefined) location.hash = securityHref('policies');
  };
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Policies</h1>
          {value && <InForce answer={value} />}
        </div>
        {canSet && value && !editing && <ChangeButton onClick={() => setEditing(true)} />}
      </div>
      {failure && <FailureNotice failure={failure} />}
      {!value && !failure && <Waiting label="Fetching the policy…" lines={8} />}
      {value && value.shown.version !== value.inForce && <Earlier answer={value} />}
      {value && editing && (
        <PolicyEditor
          key={value.shown.version}
          shown={value.shown.policy}
          inForce={value.inForce}
          onSet={changed}
          onClose={() => setEditing(false)}
        />
      )}
      {value && (
        <Whole
          answer={value}
          onRestore={canSet ? (restore) => setRestoring({ restore }) : undefined}
          onMore={() => setLimit(Math.min(100, limit * 2))}
        />
      )}
      {value && parts.has('role') && (
        <Section id="policy-role" title="Give a wallet another role">
          <RoleChange />
        </Section>
      )}
      {restoring && value && (
        <TryDialog
          proposal={restoring}
          inForce={value.inForce}
          onSet={changed}
          onClose={() => setRestoring(undefined)}
        />
      )}
    </>
  );
}

const ChangeButton = ({ onClick }: { onClick: () => void }) => (
  <div className="page-actions">
    <button type="button" className="button button-main" data-testid="policy-change" onClick={onClick}>
      Change it
    </button>
  </div>
);

interface WholeProps {
  readonly answer: PolicyAnswer;
  readonly onRestore: ((version: number) => void) | undefined;
  readonly onMore: () => void;
}

const Whole = ({ answer, onRestore, onMore }: WholeProps) => (
  <>
    <Section id="policy-rules" title="Rules" note="They only take away, whatever the roles say.">
      <RuleList rules={answer.shown.policy.rules} />
    </Section>
    <Section id="policy-roles" title="What each role may do">
      <RoleMatrix roles={answer.permissions} />
    </Section>
    <Section id="policy-anomalies" title="When a call is unusual">
      <AnomalyRules anomalies={answer.shown.policy.anomalies} />
    </Section>
    <Section id="policy-versions" title="Versions">
      <VersionList answer={answer} onRestore={onRestore} onMore={onMore} />
    </Section>
  </>
);

function InForce({ answer }: { answer: PolicyAnswer }) {
  const set = answer.versions.find(({ version }) => version === answer.inForce);
  return (
    <p className="muted" data-testid="policy-in-force">
      {answer.inForce === 0 ? 'The built-in policy is in force' : `Version ${answer.inForce} is in force`}
      {set?.at !== undefined && `, set ${formatFromNow(set.at, Date.now())}`}
      {set?.by !== undefined && ` by ${shortId(set.by)}`}. {plural(answer.shown.policy.rules.length, 'rule')}.
    </p>
  );
}

const Earlier = ({ answer }: { answer: PolicyAnswer }) => (
  <Notice title={`You look at version ${answer.shown.version}, which is not in force.`}>
    <p>
      <a href={securityHref('policies')}>Show the one in force</a>
    </p>
  </Notice>
);

interface SectionProps {
  readonly id: string;
  readonly title: string;
  readonly note?: string;
  readonly children: ReactNode;
}

const Section = ({ id, title, note, children }: SectionProps) => (
  <section className="section policy-section" aria-labelledby={id}>
    <div>
      <h2 id={id}>{title}</h2>
      {note && <p className="muted">{note}</p>}
    </div>
    {children}
  </section>
);
