// A dataset's name, what it is in a line, and what its owner can do with it.
import { useState } from 'react';
import { useLab } from '../../mcp/lab.js';
import { dataHref } from '../../route.js';
import { FailureNotice, Notice } from '../../ui/notice.js';
import { QuestionDialog } from '../../ui/question-dialog.js';
import { type Card, type Dataset, isRecorded, sizeText } from '../dataset.js';
import { Marks } from '../marks.js';
import { formatLabel } from '../submit/file-format.js';
import { useParts } from '../use-parts.js';
import { TOOLS } from '../views.js';
import { useAsking } from '../../mcp/use-asking.js';

export function DatasetHead({ card: { dataset }, version }: { card: Card; version: number | undefined }) {
  const { session } = useLab();
  const parts = useParts();
  const mine = dataset.owner === session.walletId && version === undefined;
  const [withdrawing, setWithdrawing] = useState(false);
  return (
    <>
      <div className="page-head dataset-head">
        <div className="dataset-titles">
          <h1 data-testid="dataset-name">{dataset.name}</h1>
          <p className="muted">
            {formatLabel(dataset.format)} · {sizeText(dataset)} · version {dataset.version}
          </p>
          {(dataset.freshness || isRecorded(dataset)) && (
            <p className="dataset-marks">
              <Marks dataset={dataset} />
            </p>
          )}
          {dataset.topics.length > 0 && <Topics topics={dataset.topics} />}
        </div>
        {mine && (parts.has('update') || parts.has('withdraw')) && (
          <div className="page-actions">
            {parts.has('update') && (
              <a className="button" href={dataHref(dataset.datasetId, 'update')} data-testid="dataset-update">
                New version
              </a>
            )}
            {parts.has('withdraw') && (
              <button
                type="button"
                className="button button-quiet-bad"
                data-testid="dataset-withdraw"
                onClick={() => setWithdrawing(true)}
              >
                Withdraw
              </button>
            )}
          </div>
        )}
      </div>
      {version !== undefined && <Earlier dataset={dataset} />}
      {withdrawing && <WithdrawDialog dataset={dataset} onClose={() => setWithdrawing(false)} />}
    </>
  );
}

export const Topics = ({ topics }: { topics: readonly string[] }) => (
  <ul className="topics" aria-label="Topics">
    {topics.map((topic) => (
      <li key={topic}>
        <a className="chip" href={dataHref(undefined, undefined, { topic })}>
          {topic}
        </a>
      </li>
    ))}
  </ul>
);

const Earlier = ({ dataset }: { dataset: Dataset }) => (
  <div className="dataset-earlier">
    <Notice title={`This is version ${dataset.version}.`}>
      <p>
        <a href={dataHref(dataset.datasetId)}>Show the last one</a>
      </p>
    </Notice>
  </div>
);

function WithdrawDialog({ dataset, onClose }: { dataset: Dataset; onClose: () => void }) {
  const { busy, failure, ask } = useAsking();
  const withdraw = async () => {
    if (await ask(TOOLS.withdraw, { datasetId: dataset.datasetId })) location.hash = dataHref();
  };
  return (
    <QuestionDialog
      title={`Withdraw ${dataset.name}?`}
      testId="withdraw-dialog"
      action="Withdraw it"
      dangerous
      busy={busy}
      onSubmit={() => void withdraw()}
      onClose={onClose}
    >
      <p>
        Nobody lists or reads it any more, its bytes are removed with all of its versions, and it cannot be brought back. Take
        a copy along first if you may need one.
      </p>
      {failure && <FailureNotice failure={failure} />}
    </QuestionDialog>
  );
}
