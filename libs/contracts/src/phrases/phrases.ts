// What people say who need a tool, by its gateway name: beside the keywords of its contract, since there are many, and who reads a
// contract has no use for them. They are looked at by the search alone; no model and no client is sent them.
import { gatewayName } from '../names.js';
import { ARCHITECT_PHRASES } from './architect.js';
import { CHANCELLOR_PHRASES } from './chancellor.js';
import { CURATOR_PHRASES } from './curator.js';
import { LIBRARIAN_PHRASES } from './librarian.js';
import { MECHANIC_PHRASES } from './mechanic.js';
import { SENTINEL_PHRASES } from './sentinel.js';

const TEXTS = {
  curator: CURATOR_PHRASES,
  mechanic: MECHANIC_PHRASES,
  chancellor: CHANCELLOR_PHRASES,
  sentinel: SENTINEL_PHRASES,
  architect: ARCHITECT_PHRASES,
  librarian: LIBRARIAN_PHRASES,
} as const satisfies Readonly<Record<string, string>>;

/** A line is a tool's name, a colon, and phrases between semicolons. */
function read([agent, text]: readonly [string, string]): (readonly [string, readonly string[]])[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [tool = '', phrases = ''] = line.split(':');
      return [gatewayName(agent, tool), phrases.split(';').map((phrase) => phrase.trim())] as const;
    });
}

let all: ReadonlyMap<string, readonly string[]> | undefined;

/** By gateway name. Read when tools are first looked for: most starts are not asked for one. */
export function toolPhrases(): ReadonlyMap<string, readonly string[]> {
  all ??= new Map(Object.entries(TEXTS).flatMap(read));
  return all;
}
