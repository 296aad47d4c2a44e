// Makes a token: what for, which kind, how long, and with fewer rights if wanted. Shows it once; the page keeps it nowhere.
import { type ReactNode, useState } from 'react';
import { useLab } from '../../mcp/lab.js';
import { useAsking } from '../../mcp/use-asking.js';
import { CopyButton } from '../../ui/copy-button.js';
import { Field } from '../../ui/field.js';
import { formatWhole, shortId } from '../../ui/figures.js';
import { FailureNotice } from '../../ui/notice.js';
import { QuestionDialog } from '../../ui/question-dialog.js';

const MAKE = 'sentinel_generate_wallet_token';
const DAY_S = 86_400;

const LIVES = {
  client_key: [
    { seconds: 7 * DAY_S, label: '7 days' },
    { seconds: 30 * DAY_S, label: '30 days' },
    { seconds: 90 * DAY_S, label: '90 days' },
  ],
  access: [
    { seconds: 600, label: '10 minutes' },
    { seconds: 3_600, label: '1 hour' },
  ],
} as const;

type Kind = keyof typeof LIVES;

interface Made {
  readonly token: string;
  readonly kind: Kind;
  readonly walletId: string;
  readonly expiresAt: string;
}

interface NewTokenProps {
  /** Somebody else's wallet; undefined: the caller's own. */
  readonly walletId: string | undefined;
  readonly onMade: () => void;
  readonly onClose: () => void;
}

export function NewToken({ walletId, onMade, onClose }: NewTokenProps) {
  const [label, setLabel] = useState('');
  const [kind, setKind] = useState<Kind>('client_key');
  const [ttlSeconds, setTtlSeconds] = useState<number>(30 * DAY_S);
  const [toolset, setToolset] = useState<readonly string[]>([]);
  const [made, setMade] = useState<Made>();
  const { busy, failure, ask } = useAsking<Made>();
  const make = async () => {
    const input = {
      kind,
      ttlSeconds,
      ...(walletId === undefined ? {} : { walletId }),
      ...(label.trim() === '' ? {} : { label: label.trim() }),
      ...(toolset.length === 0 ? {} : { toolset }),
    };
    const token = await ask(MAKE, input);
    if (token === undefined) return;
    setMade(token);
    onMade();
  };
  if (made) return <Shown made={made} onClose={onClose} />;
  return (
    <QuestionDialog
      title={walletId === undefined ? 'New token' : `New token for ${shortId(walletId)}`}
      testId="new-token"
      action="Make it"
      busy={busy}
      onSubmit={() => void make()}
      onClose={onClose}
    >
      <Field label="What it is for">
        {(field) => (
          <input
            {...field}
            className="input"
            data-testid="new-token-label"
            value={label}
            maxLength={80}
            placeholder="such as: notebook of the spectroscopy group"
            autoComplete="off"
            onChange={(event) => setLabel(event.target.value)}
          />
        )}
      </Field>
      <KindAndLife kind={kind} ttlSeconds={ttlSeconds} onKind={setKind} onLife={setTtlSeconds} />
      <ToolChoice chosen={toolset} onChange={setToolset} />
      {failure && <FailureNotice failure={failure} />}
    </QuestionDialog>
  );
}

interface KindAndLifeProps {
  readonly kind: Kind;
  readonly ttlSeconds: number;
  readonly onKind: (kind: Kind) => void;
  readonly onLife: (seconds: number) => void;
}

function KindAndLife({ kind, ttlSeconds, onKind, onLife }: KindAndLifeProps) {
  const choose = (next: Kind) => {
    onKind(next);
    onLife(next === 'access' ? 3_600 : 30 * DAY_S);
  };
  return (
    <>
      <fieldset className="kinds">
        <legend className="label">Kind</legend>
        <KindChoice kind="client_key" chosen={kind} title="Client key" onChoose={choose}>
          For the configuration of an AI client. Up to 90 days.
        </KindChoice>
        <KindChoice kind="access" chosen={kind} title="Access token" onChoose={choose}>
          For a program or a quick try. Up to an hour.
        </KindChoice>
      </fieldset>
      <Field label="Good for">
        {(field) => (
          <select
            {...field}
            className="input input-short"
            value={ttlSeconds}
            onChange={(event) => onLife(Number(event.target.value))}
          >
            {LIVES[kind].map(({ seconds, label }) => (
              <option key={seconds} value={seconds}>
                {label}
              </option>
            ))}
          </select>
        )}
      </Field>
    </>
  );
}

interface KindChoiceProps {
  readonly kind: Kind;
  readonly chosen: Kind;
  readonly title: string;
  readonly onChoose: (kind: Kind) => void;
  readonly children: ReactNode;
}

const KindChoice = ({ kind, chosen, title, onChoose, children }: KindChoiceProps) => (
  <label className="kind-choice">
    <input type="radio" name="kind" checked={chosen === kind} onChange={() => onChoose(kind)} />
    <span>
      <strong>{title}</strong>
      <span className="muted">{children}</span>
    </span>
  </label>
);

/** Nothing chosen: all that the wallet's role has. */
function ToolChoice({ chosen, onChange }: { chosen: readonly string[]; onChange: (names: readonly string[]) => void }) {
  const { tools } = useLab();
  const toggle = (name: string, on: boolean) =>
    onChange(on ? [...chosen, name] : chosen.filter((other) => other !== name));
  return (
    <details className="tool-choice">
      <summary>{chosen.length === 0 ? 'All tools of its role' : `${chosen.length} tools only`}</summary>
      <p className="muted">A program needs few: choose them, and a copy of the token does less harm.</p>
      <div className="tool-choices">
        {tools.map(({ name }) => (
          <label key={name} className="check-label">
            <input
              type="checkbox"
              checked={chosen.includes(name)}
              onChange={(event) => toggle(name, event.target.checked)}
            />
            <span className="mono">{name}</span>
          </label>
        ))}
      </div>
    </details>
  );
}

const Shown = ({ made, onClose }: { made: Made; onClose: () => void }) => (
  <QuestionDialog title="Your new token" testId="made-token" onClose={onClose}>
    <p>It is shown this once. Copy it now; the lab keeps only what it needs to know it again.</p>
    <pre className="code-block made-token" data-testid="made-token-text">
      {made.token}
    </pre>
    <div>
      <CopyButton text={() => made.token} label="Copy the token" />
    </div>
    <p className="muted">
      Good until {formatWhole(made.expiresAt)}. Programs send it as <code>Authorization: Bearer …</code>
    </p>
  </QuestionDialog>
);
