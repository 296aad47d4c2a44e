// Marks of a dataset that one should see before its rows: recorded data, and how fresh what comes from a source is.
import { type Dataset, type Freshness, isRecorded } from './dataset.js';

const LOOKS: Readonly<Record<Freshness['status'], { readonly style: string; readonly text: string }>> = {
  fresh: { style: 'pill pill-good', text: 'fresh' },
  stale: { style: 'badge badge-write', text: 'stale' },
  frozen: { style: 'badge badge-write', text: 'columns frozen' },
  gone: { style: 'pill pill-bad', text: 'source gone' },
  fetching: { style: 'badge badge-read', text: 'being fetched' },
  never: { style: 'badge badge-read', text: 'not fetched yet' },
};

export function Marks({ dataset }: { dataset: Dataset }) {
  const { freshness } = dataset;
  const look = freshness && LOOKS[freshness.status];
  return (
    <>
      {look && (
        <span className={look.style} title={freshness.message ?? undefined}>
          {look.text}
        </span>
      )}
      {isRecorded(dataset) && (
        <span className="badge badge-write" title="Replies that were recorded, not asked for now.">
          recorded data
        </span>
      )}
    </>
  );
}
