// Where an answer is looked for: in which collections, for which project, since and until which day.
import { useState } from 'react';
import { useLab } from '../../mcp/lab.js';
import { useAnswer } from '../../mcp/use-answer.js';
import { ownerText } from '../collections/collection-words.js';
import { type Collection, type Collections, LAB, LAB_COLLECTIONS } from '../knowledge.js';
import { ProjectChoice } from '../project-choice.js';
import { useParts } from '../use-parts.js';
import { TOOLS } from '../views.js';
import { type AskedSearch, toggled } from './asked-search.js';

interface SearchFiltersProps {
  readonly search: AskedSearch;
  readonly onNarrow: (to: Partial<AskedSearch>) => void;
}

/** More are a click away. */
const SHOWN = 12;

export function SearchFilters({ search, onNarrow }: SearchFiltersProps) {
  return (
    <section className="search-filters" aria-label="Where it is looked for">
      <CollectionChips
        chosen={search.collections}
        onToggle={(id) => onNarrow({ collections: toggled(search.collections, id) })}
      />
      <div className="choices-row">
        <ProjectChoice
          testId="search-project"
          none="all that you may read"
          value={search.project}
          onChoose={(project) => onNarrow({ project })}
        />
        <DayField label="Since" name="since" day={search.since} onDay={(since) => onNarrow({ since })} />
        <DayField label="Until" name="until" day={search.until} onDay={(until) => onNarrow({ until })} />
      </div>
    </section>
  );
}

interface CollectionChipsProps {
  readonly chosen: readonly string[];
  readonly onToggle: (id: string) => void;
}

function CollectionChips({ chosen, onToggle }: CollectionChipsProps) {
  const parts = useParts();
  const { session } = useLab();
  const [all, setAll] = useState(false);
  const { value } = useAnswer<Collections>(parts.has('collections') ? TOOLS.collections : undefined, {});
  const choices = choicesIn(value?.collections ?? [], chosen, session.walletId);
  const shown = choices.filter(({ id }, place) => all || place < SHOWN || chosen.includes(id));
  return (
    <fieldset className="chips">
      <legend className="label">Only in</legend>
      {shown.map(({ id, label }) => (
        <button
          key={id}
          type="button"
          className="chip chip-choice"
          data-testid={`search-in-${id}`}
          aria-pressed={chosen.includes(id)}
          onClick={() => onToggle(id)}
        >
          {label}
        </button>
      ))}
      {choices.length > shown.length && (
        <button type="button" className="link-button" onClick={() => setAll(true)}>
          {choices.length - shown.length} more
        </button>
      )}
    </fieldset>
  );
}

/** The lab's, whether something is in them or not; those that one may read; and what the address names besides. */
function choicesIn(listed: readonly Collection[], chosen: readonly string[], walletId: string | undefined) {
  const brought = listed.filter(({ owner }) => owner !== LAB);
  const known = [
    ...LAB_COLLECTIONS.map((id) => ({ id: id as string, label: id as string })),
    ...brought.map((each) => ({ id: each.collectionId, label: `${each.name}, ${ownerText(each, walletId)}` })),
  ];
  return [...known, ...chosen.filter((id) => !known.some((each) => each.id === id)).map((id) => ({ id, label: id }))];
}

interface DayFieldProps {
  readonly label: string;
  readonly name: string;
  readonly day: string;
  readonly onDay: (day: string) => void;
}

/** Told when a whole day stands there, or none: not for each digit of a year. */
function DayField({ label, name, day, onDay }: DayFieldProps) {
  const [typed, setTyped] = useState({ day, text: day });
  const text = typed.day === day ? typed.text : day;
  return (
    <label className="choice">
      <span className="label">{label}</span>
      <input
        type="date"
        className="input"
        data-testid={`search-${name}`}
        value={text}
        onChange={(event) => setTyped({ day, text: event.target.value })}
        onBlur={() => text !== day && onDay(text)}
        onKeyDown={(event) => event.key === 'Enter' && text !== day && onDay(text)}
      />
    </label>
  );
}
