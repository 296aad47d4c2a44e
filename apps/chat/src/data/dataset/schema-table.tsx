// The columns of a dataset: what each holds, and whether every row has it.
import { CopyButton } from '../../ui/copy-button.js';
import type { RowSchema } from '../dataset.js';
import { columnsOf } from '../rows/columns.js';

export function SchemaTable({ schema }: { schema: RowSchema | null }) {
  const columns = columnsOf(schema, []);
  if (columns.length === 0) return <p className="muted">No schema says what the columns hold; see the rows.</p>;
  const described = columns.some(({ description }) => description !== undefined);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className="table-scroll schema-scroll" aria-label={`Schema, ${columns.length} columns`} tabIndex={0}>
        <table data-testid="dataset-schema">
          <thead>
            <tr>
              <th scope="col">Column</th>
              <th scope="col">Holds</th>
              {described && <th scope="col">Meaning</th>}
            </tr>
          </thead>
          <tbody>
            {columns.map((column) => (
              <tr key={column.name}>
                <td className="mono schema-name">{column.name}</td>
                <td className="schema-type">
                  {column.type}
                  {!column.required && <span className="muted">, not in every row</span>}
                </td>
                {described && <td className="schema-meaning">{column.description}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <div>
        <CopyButton text={() => JSON.stringify(schema, null, 2)} label="Copy the JSON Schema" />
      </div>
    </>
  );
}
