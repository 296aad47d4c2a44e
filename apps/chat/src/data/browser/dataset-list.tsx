// Datasets as a list: each a link to its page, with what one needs to choose.
import { formatBytes } from '../../agents/manifest.js';
import { useLab } from '../../mcp/lab.js';
import { dataHref } from '../../route.js';
import { formatFromNow, formatWhole, plural } from '../../ui/figures.js';
import { type Dataset, ownerText } from '../dataset.js';
import { Marks } from '../marks.js';
import { formatLabel } from '../submit/file-format.js';

export function DatasetList({ datasets, busy }: { datasets: readonly Dataset[]; busy: boolean }) {
  const { session } = useLab();
  return (
    <ul className="datasets" aria-busy={busy} data-testid="datasets">
      {datasets.map((dataset) => (
        <li key={dataset.datasetId} className="card dataset-item">
          <div className="dataset-item-head">
            <h2>
              <a href={dataHref(dataset.datasetId)} data-testid={`dataset-${dataset.datasetId}`}>
                {dataset.name}
              </a>
            </h2>
            <span className="dataset-marks">
              <Marks dataset={dataset} />
              <span className="badge badge-read">{formatLabel(dataset.format)}</span>
            </span>
          </div>
          {dataset.description !== '' && <p className="dataset-item-text">{dataset.description}</p>}
          <ul className="dataset-facts">
            <li>{plural(dataset.rows, 'row')}</li>
            <li>{formatBytes(dataset.bytes)}</li>
            <li title={formatWhole(dataset.updatedAt)}>{formatFromNow(dataset.updatedAt, Date.now())}</li>
            {dataset.version > 1 && <li>version {dataset.version}</li>}
            <li>{dataset.provenance.license ?? 'no licence given'}</li>
            <li className="dataset-owner">by {ownerText(dataset.owner, session.walletId)}</li>
          </ul>
        </li>
      ))}
    </ul>
  );
}
