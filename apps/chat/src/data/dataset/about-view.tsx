// What a dataset is: where it came from, whose it is, what its columns hold, and how to take it along.
import type { ReactNode } from 'react';
import { useLab } from '../../mcp/lab.js';
import { dataHref } from '../../route.js';
import { CopyButton } from '../../ui/copy-button.js';
import { Entry } from '../../ui/entry.js';
import { formatFromNow, formatWhole } from '../../ui/figures.js';
import { addressOf, type Card, type Dataset, type Freshness, isDatasetId, originText, ownerText } from '../dataset.js';
import { ReceiversSection } from '../routes/receivers-section.js';
import { useParts } from '../use-parts.js';
import { NEW } from '../validations/validation.js';
import { VALIDATIONS } from '../views.js';
import { DownloadSection } from './download-section.js';
import { SchemaTable } from './schema-table.js';
import { SnippetSection } from './snippet-section.js';

export function AboutView({ card, version }: { card: Card; version: number | undefined }) {
  const { dataset, schema } = card;
  const parts = useParts();
  return (
    <div className="about">
      <div className="about-main">
        {dataset.description !== '' && <p className="about-text">{dataset.description}</p>}
        <Section title="Columns">
          <SchemaTable schema={schema} />
        </Section>
        <SnippetSection dataset={dataset} />
      </div>
      <aside className="about-aside" aria-label="Facts">
        <DownloadSection dataset={dataset} version={version} />
        <Facts dataset={dataset} />
        {parts.has('claim') && (
          <p>
            <a
              href={dataHref(VALIDATIONS, NEW, { dataset: dataset.datasetId, version: dataset.version })}
              data-testid="dataset-claim"
            >
              Have a result on it checked
            </a>
          </p>
        )}
        {dataset.owner === 'lab' && parts.has('routes') && <ReceiversSection card={card} />}
      </aside>
    </div>
  );
}

export const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <section className="about-section">
    <h2>{title}</h2>
    {children}
  </section>
);

function Facts({ dataset }: { dataset: Dataset }) {
  const { session } = useLab();
  const { provenance } = dataset;
  return (
    <section className="card about-card" aria-label="Provenance">
      <h2>Provenance</h2>
      <dl className="facts">
        <Entry name="Owner">
          <span className="mono-id">{ownerText(dataset.owner, session.walletId)}</span>
        </Entry>
        <Entry name="Source">
          <Linked text={provenance.source} />
        </Entry>
        <Entry name="Kind">{originText(dataset.origin)}</Entry>
        <Entry name="Licence">{provenance.license ?? <span className="muted">none given</span>}</Entry>
        <Entry name="Obtained">
          <When at={provenance.obtainedAt} />
        </Entry>
        <Entry name="In the lab since">
          <When at={dataset.createdAt} />
        </Entry>
        {dataset.updatedAt !== dataset.createdAt && (
          <Entry name={`Version ${dataset.version} since`}>
            <When at={dataset.updatedAt} />
          </Entry>
        )}
        {dataset.freshness && <Fetched freshness={dataset.freshness} />}
        {provenance.derivedFrom !== null && (
          <Entry name="Made from">
            {isDatasetId(provenance.derivedFrom) ? (
              <a className="mono" href={dataHref(provenance.derivedFrom)}>
                {provenance.derivedFrom}
              </a>
            ) : (
              provenance.derivedFrom
            )}
          </Entry>
        )}
        {provenance.note !== null && <Entry name="Note">{provenance.note}</Entry>}
        <Copied name="Address" text={addressOf(dataset)} label="Copy the address" />
        <Copied name="SHA-256" text={dataset.sha256} label="Copy the hash" />
      </dl>
    </section>
  );
}

const Fetched = ({ freshness }: { freshness: Freshness }) => (
  <>
    {freshness.fetchedAt !== null && (
      <Entry name="Last fetched">
        <When at={freshness.fetchedAt} />
      </Entry>
    )}
    {freshness.refreshAt !== null && (
      <Entry name="Fetched again">
        <When at={freshness.refreshAt} />
      </Entry>
    )}
    {freshness.message !== null && <Entry name="Last fetch">{freshness.message}</Entry>}
  </>
);

const When = ({ at }: { at: string }) => (
  <>
    {formatWhole(at)} <span className="muted">({formatFromNow(at, Date.now())})</span>
  </>
);

const Copied = ({ name, text, label }: { name: string; text: string; label: string }) => (
  <Entry name={name}>
    <span className="mono hash">{text}</span>
    <span className="facts-copy">
      <CopyButton text={() => text} label={label} />
    </span>
  </Entry>
);

/** Addresses in a text as links; they open elsewhere, without a word of where from. */
function Linked({ text }: { text: string }) {
  const parts = text.split(/(https?:\/\/[^\s<>"]+)/);
  return (
    <>
      {parts.map((part, index) =>
        index % 2 === 1 ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the text never changes
          <a key={index} href={part} target="_blank" rel="noreferrer noopener">
            {part}
          </a>
        ) : (
          part
        ),
      )}
    </>
  );
}
