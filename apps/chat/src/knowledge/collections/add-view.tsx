// Adds documents: files that are dropped or chosen, a pasted text and, for operators, a repository or a folder at the lab.
import { type FormEvent, useState } from 'react';
import { useLab } from '../../mcp/lab.js';
import { knowledgeHref } from '../../route.js';
import { BackLink } from '../../ui/back-link.js';
import { RunButtons } from '../../ui/run-buttons.js';
import type { Ingested } from '../knowledge.js';
import { DeliveryList } from '../sending/delivery-list.js';
import { useDeliveries } from '../sending/use-deliveries.js';
import { AboutFields } from './about-fields.js';
import { type Draft, drafted, draftIn, type Field } from './add-draft.js';
import { Outcome } from './outcome.js';
import { SourceFields } from './source-fields.js';

export function AddView({ asked }: { asked: URLSearchParams }) {
  const { tools } = useLab();
  const [draft, setDraft] = useState<Draft>(() => draftIn(asked));
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const { deliveries, running, deliver, cancel, clear } = useDeliveries<Ingested>();
  const taken = drafted(draft);
  const problemOf = (field: Field) => (taken.ok || !touched.has(field) ? undefined : taken.problems[field]);
  const change = (part: Partial<Draft>) => {
    setDraft((now) => ({ ...now, ...part }));
    setTouched((now) => new Set([...now, ...Object.keys(part)]));
    clear();
  };
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTouched(new Set(Object.keys(draft)));
    if (taken.ok && !running) await deliver(taken.parcels);
  };
  const ingest = tools.find(({ name }) => name === 'librarian_ingest_source');
  return (
    <>
      <BackLink href={knowledgeHref('collections')}>Collections</BackLink>
      <div className="page-head">
        <div>
          <h1>Add documents</h1>
          <p className="muted">
            Markdown, text, HTML, PDF, notebooks, code, OpenAPI and logs. The same again changes only what is different.
          </p>
        </div>
      </div>
      <form className="card knowledge-form" onSubmit={(event) => void submit(event)} noValidate data-testid="add-form">
        <SourceFields draft={draft} problemOf={problemOf} disabled={running} onChange={change} />
        <AboutFields draft={draft} problemOf={problemOf} schema={ingest?.inputSchema} onChange={change} />
        <div className="knowledge-buttons">
          <RunButtons
            testId="add-go"
            cancelTestId="add-cancel"
            label="Add to the knowledge base"
            runningLabel="Adding…"
            running={running}
            onCancel={cancel}
          />
        </div>
      </form>
      <DeliveryList label="What is added" deliveries={deliveries} outcomeOf={(value) => <Outcome outcome={value} />} />
    </>
  );
}
