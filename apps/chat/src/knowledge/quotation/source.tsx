// A passage that an answer stands on, as a button that opens its document there.
import { Icon } from '../../ui/icon.js';
import { nameOf, type Place } from './answer.js';
import { InlineText } from './inline-text.js';

interface SourceProps {
  readonly id?: string;
  /** Left out for what no mark leads to. */
  readonly number?: number;
  readonly place: Place;
  readonly onOpen: (place: Place) => void;
}

export const Source = ({ id, number, place, onOpen }: SourceProps) => (
  <button
    type="button"
    id={id}
    className="source"
    data-testid={number === undefined ? undefined : `citation-${number}`}
    onClick={() => onOpen(place)}
  >
    {number !== undefined && (
      <span className="source-number" aria-hidden="true">
        {number}
      </span>
    )}
    <span className="source-body">
      <span className="source-heading">
        <InlineText text={place.heading || nameOf(place)} />
      </span>
      <span className="source-file mono">
        <Icon name="document" />
        {nameOf(place)}
        <span className="muted">
          {' '}
          {place.start}–{place.end}
        </span>
      </span>
      <span className="source-text">{place.text}</span>
    </span>
  </button>
);
