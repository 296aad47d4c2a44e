// Pictures that a dataset's source makes: a row of the dataset, or values of one's own, become a picture.
import { type FormEvent, useId, useState } from 'react';
import { useAnswer } from '../../mcp/use-answer.js';
import { useCall } from '../../mcp/use-call.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import { OneOf } from '../../ui/one-of.js';
import { RunButtons } from '../../ui/run-buttons.js';
import type { Dataset, Page, Row } from '../dataset.js';
import { TOOLS } from '../views.js';
import { givenBy, inputOf, type Parameter, parametersOf, unknownIn } from './image-parameters.js';
import { Picture } from './picture.js';
import type { SourceImage } from './use-source-images.js';

interface PicturesViewProps {
  readonly dataset: Dataset;
  readonly source: string;
  readonly images: readonly SourceImage[];
}

export function PicturesView({ dataset, source, images }: PicturesViewProps) {
  const [name, setName] = useState<string>();
  const { value, failure } = useAnswer<Page>(TOOLS.fetch, { datasetId: dataset.datasetId, as: 'rows', limit: ROWS });
  if (!value && !failure) return <Waiting label="Reading the rows…" lines={4} />;
  const rows = value?.rows ?? [];
  const image = images.find((each) => each.name === name) ?? easiest(images, rows[0] ?? {});
  return (
    <div className="pictures">
      {images.length > 1 && (
        <OneOf
          legend="Kind of picture"
          group="picture"
          choices={images.map((each) => ({ name: each.name, label: each.title }))}
          chosen={image?.name}
          onChosen={setName}
        />
      )}
      {image && <PictureForm key={image.name} dataset={dataset} source={source} image={image} rows={rows} />}
    </div>
  );
}

const ROWS = 100;

/** The kind that a row of the dataset says most for. */
function easiest(images: readonly SourceImage[], row: Row): SourceImage | undefined {
  const unknown = ({ parameters }: SourceImage): number => unknownIn(row, parametersOf(parameters));
  return images.toSorted((one, other) => unknown(one) - unknown(other))[0];
}

interface PictureFormProps {
  readonly dataset: Dataset;
  readonly source: string;
  readonly image: SourceImage;
  readonly rows: readonly Row[];
}

function PictureForm({ dataset, source, image, rows }: PictureFormProps) {
  const parameters = parametersOf(image.parameters);
  const { state, run, cancel } = useCall();
  const [values, setValues] = useState(() => Object.fromEntries(parameters.map(({ name, preset }) => [name, preset])));
  const offers = rows
    .map((row) => givenBy(row, parameters))
    .filter((given) => Object.keys(given).length > 0);
  const running = state.status === 'running';
  const show = (event: FormEvent) => {
    event.preventDefault();
    void run(TOOLS.imagery, { source, image: image.name, parameters: inputOf(values, parameters), inline: true });
  };
  return (
    <>
      <p className="muted">{image.description}</p>
      <form className="card picture-form" onSubmit={show} noValidate>
        {offers.length > 0 && <RowChoice offers={offers} onChosen={(given) => setValues({ ...values, ...given })} />}
        <div className="picture-fields">
          {parameters.map((parameter) => (
            <Field
              key={parameter.name}
              parameter={parameter}
              value={values[parameter.name] ?? ''}
              onValue={(value) => setValues({ ...values, [parameter.name]: value })}
            />
          ))}
        </div>
        <div className="row">
          <RunButtons
            testId="picture-show"
            label="Show the picture"
            runningLabel="Fetching…"
            running={running}
            onCancel={cancel}
          />
        </div>
      </form>
      {state.status === 'failed' && <FailureNotice failure={state.failure} />}
      {state.status === 'done' && <Picture result={state.result} alt={`${image.title} of ${dataset.name}`} />}
    </>
  );
}

interface RowChoiceProps {
  readonly offers: ReadonlyArray<Readonly<Record<string, string>>>;
  readonly onChosen: (given: Readonly<Record<string, string>>) => void;
}

const RowChoice = ({ offers, onChosen }: RowChoiceProps) => (
  <select
    className="input"
    aria-label="Take from a row of the dataset"
    data-testid="picture-from"
    defaultValue=""
    onChange={(event) => {
      const given = offers[Number(event.target.value)];
      if (event.target.value !== '' && given) onChosen(given);
    }}
  >
    <option value="">take from a row of the dataset…</option>
    {offers.map((given, at) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
      <option key={at} value={at}>
        {at + 1}: {Object.values(given).join(', ').slice(0, 100)}
      </option>
    ))}
  </select>
);

function Field({ parameter, value, onValue }: { parameter: Parameter; value: string; onValue: (value: string) => void }) {
  const id = useId();
  const { name, kind, choices, description } = parameter;
  const change = (event: { target: { value: string } }) => onValue(event.target.value);
  return (
    <div className="picture-field">
      <label className="label" htmlFor={id}>
        {name}
      </label>
      {kind === 'choice' ? (
        <select id={id} className="input" value={value} onChange={change}>
          {choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          className="input"
          data-testid={`picture-${name}`}
          type={kind === 'date' ? 'date' : 'text'}
          inputMode={kind === 'number' ? 'decimal' : undefined}
          autoComplete="off"
          value={value}
          onChange={change}
        />
      )}
      {description !== '' && <p className="muted picture-note">{description}</p>}
    </div>
  );
}
