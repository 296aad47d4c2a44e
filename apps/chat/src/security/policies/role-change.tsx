// Gives a wallet another role. The roles to choose from are those that the lab's tool takes.
import { type FormEvent, useId, useState } from 'react';
import { useLab } from '../../mcp/lab.js';
import { useAsking } from '../../mcp/use-asking.js';
import { schemaFields } from '../../tools/schema-fields.js';
import { shortId } from '../../ui/figures.js';
import { FailureNotice } from '../../ui/notice.js';

const TOOL = 'sentinel_set_role';

interface RoleSet {
  readonly walletId: string;
  readonly role: string;
  readonly before: string;
  readonly gained: readonly string[];
  readonly lost: readonly string[];
}

export function RoleChange() {
  const id = useId();
  const { tools } = useLab();
  const [walletId, setWalletId] = useState('');
  const [role, setRole] = useState('');
  const [given, setGiven] = useState<RoleSet>();
  const { busy, failure, ask } = useAsking<RoleSet>();
  const schema = tools.find(({ name }) => name === TOOL)?.inputSchema ?? {};
  const type = schemaFields(schema).find(({ name }) => name === 'role')?.type;
  const roles = type?.kind === 'choice' ? type.options : [];
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setGiven(await ask(TOOL, { walletId: walletId.trim(), role }));
  };
  return (
    <form className="card role-change" onSubmit={(event) => void submit(event)}>
      <div className="filter-field">
        <label htmlFor={`${id}wallet`}>Wallet</label>
        <input
          id={`${id}wallet`}
          className="input mono"
          data-testid="role-wallet"
          value={walletId}
          placeholder="wal_…"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setWalletId(event.target.value)}
        />
      </div>
      <div className="filter-field">
        <label htmlFor={`${id}role`}>Role</label>
        <select
          id={`${id}role`}
          className="input"
          data-testid="role-name"
          value={role}
          onChange={(event) => setRole(event.target.value)}
        >
          <option value="">choose…</option>
          {roles.map((each) => (
            <option key={String(each)} value={String(each)}>
              {String(each)}
            </option>
          ))}
        </select>
      </div>
      <button
        type="submit"
        className="button"
        data-testid="role-set"
        disabled={busy || walletId.trim() === '' || role === ''}
      >
        Give it
      </button>
      {failure && <FailureNotice failure={failure} />}
      {given && <Given set={given} />}
    </form>
  );
}

const Given = ({ set: { walletId, role, before, gained, lost } }: { set: RoleSet }) => (
  <p role="status" data-testid="role-result">
    {role === before
      ? `${shortId(walletId)} is a ${role} already.`
      : `${shortId(walletId)} was a ${before}, and is a ${role} now.`}
    {gained.length > 0 && ` Gained: ${gained.join(', ')}.`}
    {lost.length > 0 && ` Lost: ${lost.join(', ')}.`} It holds everywhere within a second.
  </p>
);
