// The tools that fit what was typed, found by the lab among those that this person may use; the one that is chosen has its form
// filled from the sentence, to be looked at and run. Nothing runs by itself.
import { useId, useState } from 'react';
import type { ToolInfo } from '../mcp/connection.js';
import { useLab } from '../mcp/lab.js';
import { useAnswer } from '../mcp/use-answer.js';
import { EffectBadge } from '../tools/effect-badge.js';
import type { FormValues } from '../tools/form-input.js';
import { KEY_FIELD, newKey } from '../tools/key-field.js';
import { schemaFields } from '../tools/schema-fields.js';
import { ToolForm } from '../tools/tool-form.js';
import { titleOf } from '../tools/tool-groups.js';
import { TOOLS } from './conversation/message.js';
import { filledFrom, tellsToDo } from './told.js';

const SEARCH_TOOL = 'search_tools';
/** The tool's own limit, characters. */
const SENTENCE_MAX = 400;
const SHOWN = 3;
/** Share of the best one's score that another must have. */
const FITS_MIN = 0.5;

interface Found {
  readonly tools: ReadonlyArray<{ readonly name: string; readonly score: number; readonly unavailable: boolean }>;
}

export function FittingTools({ sentence }: { sentence: string }) {
  const { tools } = useLab();
  const found = useAnswer<Found>(SEARCH_TOOL, { query: sentence.slice(0, SENTENCE_MAX), limit: SHOWN + 1 });
  const [chosen, setChosen] = useState<string>();
  const id = useId();
  const all = found.value?.tools ?? [];
  const best = all[0]?.score ?? 0;
  const fitting = all
    .filter(({ score }) => score >= FITS_MIN * best)
    .flatMap(({ name, unavailable }) => (unavailable ? [] : tools.filter((tool) => tool.name === name)))
    // It was asked already.
    .filter(({ name }) => name !== TOOLS.ask)
    .slice(0, SHOWN);
  if (fitting.length === 0) return null;
  const open = fitting.find(({ name }) => name === (chosen ?? (tellsToDo(sentence) ? fitting[0]?.name : undefined)));
  return (
    <section className="fitting" aria-labelledby={id}>
      <h2 id={id}>{tellsToDo(sentence) ? 'Do it here' : 'Or do it here'}</h2>
      <ul className="fitting-list">
        {fitting.map((tool) => (
          <li key={tool.name}>
            <button
              type="button"
              className="fitting-tool"
              data-testid={`fitting-${tool.name}`}
              aria-expanded={tool === open}
              onClick={() => setChosen(tool === open ? '' : tool.name)}
            >
              {titleOf(tool)}
              <EffectBadge tool={tool} quiet />
            </button>
          </li>
        ))}
      </ul>
      {open && <Filled key={open.name} tool={open} sentence={sentence} />}
    </section>
  );
}

function Filled({ tool, sentence }: { tool: ToolInfo; sentence: string }) {
  // Once, when it opens: the key of a call that is sent again is the same.
  const [filled] = useState(() => {
    const fields = schemaFields(tool.inputSchema);
    const key: FormValues = fields.some(({ name }) => name === KEY_FIELD) ? { [KEY_FIELD]: newKey() } : {};
    return { ...filledFrom(fields, sentence), ...key };
  });
  return (
    <div className="fitting-form">
      <ToolForm tool={tool} filled={filled} level={3} />
    </div>
  );
}
