// The events of an error that somebody tells of, to know the error by later. What is kept are templates, and never a line.
import { type ErrorEvent, eventsOf } from './events-of.js';
import { excerptOf } from './excerpt.js';

/** Each once: of what looks like an error, or of all where nothing does. */
export function errorsIn(text: string): ErrorEvent[] {
  const { events } = eventsOf(excerptOf(text).events, []);
  const errors = events.filter(({ rank }) => rank < 2);
  return [...(errors.length === 0 ? events : errors)];
}
