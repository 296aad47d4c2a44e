// SQL over a dataset, and others beside it: an editor, what there is to ask of, and the answer.
import { useRef, useState } from 'react';
import { dataHref, replaceAddress } from '../../route.js';
import type { Card } from '../dataset.js';
import { AnswerTable } from './answer-table.js';
import { earlierQueries, rememberQuery } from './query-history.js';
import { SqlEditor } from './sql-editor.js';
import { SqlFailure } from './sql-failure.js';
import { samplesFor } from './sql-samples.js';
import { TableList } from './table-list.js';
import { useQuery } from './use-query.js';

interface QueryViewProps {
  readonly card: Card;
  /** An earlier one of the dataset, as the table data. */
  readonly version: number | undefined;
  readonly sql: string | undefined;
}

export function QueryView({ card, version, sql: given }: QueryViewProps) {
  const { datasetId } = card.dataset;
  const samples = samplesFor(card.schema);
  const [sql, setSql] = useState(given ?? samples[0]?.sql ?? '');
  const [others, setOthers] = useState<Readonly<Record<string, string>>>({});
  const [earlier, setEarlier] = useState(earlierQueries);
  const area = useRef<HTMLTextAreaElement>(null);
  const { state, run, show, cancel } = useQuery();
  const start = () => {
    setEarlier(rememberQuery(sql));
    const versions = version === undefined ? undefined : { data: version };
    run({ sql, datasets: { data: datasetId, ...others }, versions });
    replaceAddress(dataHref(datasetId, 'sql', { version, sql }));
  };
  /** Puts a name where the cursor is, and the cursor behind it. */
  const insert = (name: string) => {
    const { selectionStart: from = sql.length, selectionEnd: to = sql.length } = area.current ?? {};
    setSql(`${sql.slice(0, from)}${name}${sql.slice(to)}`);
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(from + name.length, from + name.length);
    });
  };
  return (
    <div className="query">
      <div className="query-top">
        <SqlEditor
          sql={sql}
          area={area}
          samples={samples}
          earlier={earlier}
          busy={state.busy}
          onSql={setSql}
          onRun={start}
          onCancel={cancel}
        />
        <TableList card={card} others={others} onOthers={setOthers} onName={insert} />
      </div>
      {state.failure && state.question && <SqlFailure failure={state.failure} sql={state.question.sql} />}
      {!state.failure && state.pages.length > 0 && <AnswerTable state={state} onPage={show} />}
    </div>
  );
}
