// Which dataset, and which of its versions, rows are to be like; an earlier version of the same dataset, too.
import { useLab } from '../../mcp/lab.js';
import { useDatasets } from '../browser/use-datasets.js';
import type { Dataset } from '../dataset.js';
import { takes } from '../views.js';

export interface Like {
  readonly dataset: Pick<Dataset, 'datasetId' | 'version'>;
  /** Left out: the last one. */
  readonly version?: number;
}

/** As the tool takes it. */
export const likeInput = (like: Like | undefined): { like?: string; likeVersion?: number } =>
  like === undefined
    ? {}
    : { like: like.dataset.datasetId, ...(like.version === undefined ? {} : { likeVersion: like.version }) };

/** Versions that are offered, the newest first. */
const OFFERED_MAX = 100;

/** Numbers of the versions before the last one; of the dataset itself they are all there is to choose. */
export const earlierOf = (last: number): number[] =>
  Array.from({ length: Math.min(last - 1, OFFERED_MAX) }, (_, at) => last - 1 - at);

interface LikeChoiceProps {
  readonly chosen: Like | undefined;
  /** The one that is checked. */
  readonly own: Dataset;
  readonly onChosen: (like: Like | undefined) => void;
}

export function LikeChoice({ chosen, own, onChosen }: LikeChoiceProps) {
  const { tools } = useLab();
  const { datasets, busy } = useDatasets({});
  const versioned = takes(tools, 'check', 'likeVersion');
  const others = datasets.filter(({ datasetId }) => datasetId !== own.datasetId);
  const offered = versioned && own.version > 1 ? [own, ...others] : others;
  const choose = (id: string) => {
    const dataset = offered.find(({ datasetId }) => datasetId === id);
    if (dataset === undefined) onChosen(undefined);
    else onChosen(dataset === own ? { dataset, version: own.version - 1 } : { dataset });
  };
  return (
    <div className="row">
      <select
        className="input"
        aria-label="The other dataset"
        data-testid="check-like-dataset"
        disabled={busy}
        value={chosen?.dataset.datasetId ?? ''}
        onChange={(event) => choose(event.target.value)}
      >
        <option value="">{busy ? 'Looking…' : 'choose a dataset…'}</option>
        {offered.map((dataset) => (
          <option key={dataset.datasetId} value={dataset.datasetId}>
            {dataset === own ? 'an earlier version of this one' : dataset.name}
          </option>
        ))}
      </select>
      {versioned && chosen && chosen.dataset.version > 1 && (
        <VersionChoice chosen={chosen} last={chosen.dataset.datasetId !== own.datasetId} onChosen={onChosen} />
      )}
    </div>
  );
}

interface VersionChoiceProps {
  readonly chosen: Like;
  /** The last version may be chosen. */
  readonly last: boolean;
  readonly onChosen: (like: Like) => void;
}

const VersionChoice = ({ chosen: { dataset, version }, last, onChosen }: VersionChoiceProps) => (
  <select
    className="input"
    aria-label="Its version"
    data-testid="check-like-version"
    value={version ?? ''}
    onChange={({ target }) =>
      onChosen(target.value === '' ? { dataset } : { dataset, version: Number(target.value) })
    }
  >
    {last && <option value="">its last version</option>}
    {earlierOf(dataset.version).map((number) => (
      <option key={number} value={number}>
        version {number}
      </option>
    ))}
  </select>
);
