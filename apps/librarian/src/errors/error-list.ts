// Kinds of errors that somebody has had, the newest first, each with what is known to solve it. The operator's list is the whole lab's.
import { AppError, type Call, type librarian, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { eventsOf } from './events-of.js';
import { KnownSolutions } from './known-solutions.js';
import { masked, VARIABLE } from './masking.js';
import { placesIn } from './places.js';
import { type SeenBefore, SightingsRepository } from './sightings.repository.js';

type Tool = (typeof librarian.tools)['list_errors'];

@Injectable()
export class ErrorList {
  constructor(
    @Inject(SightingsRepository) private readonly sightings: Pick<SightingsRepository, 'list' | 'solving'>,
    @Inject(KnownSolutions) private readonly solutions: Pick<KnownSolutions, 'of'>,
  ) {}

  /** @throws AppError invalid_input for a cursor that is none of its own */
  async list({ words, since, limit, cursor }: ToolInput<Tool>, { principal }: Call): Promise<ToolOutput<Tool>> {
    const whose = principal.role === 'operator' ? undefined : principal.walletId;
    const [found, solving] = await Promise.all([
      // One more than asked for tells whether there are more.
      this.sightings.list(whose, {
        words: partsOf(words ?? ''),
        since: since === undefined ? undefined : new Date(since),
        before: cursor === undefined ? undefined : readCursor(cursor),
        limit: limit + 1,
      }),
      this.sightings.solving(),
    ]);
    const shown = found.slice(0, limit);
    const known = [...shown.map(({ template }) => template), ...solving.flatMap(({ templates }) => templates)];
    const { idOf } = eventsOf([], known);
    const events = shown.map(({ template, lines }) => ({
      ...{ id: idOf(template), template, lines },
      ...{ firstLine: 0, rank: 0 as const },
    }));
    const solutions = await this.solutions.of(events, solving, idOf);
    const last = shown.at(-1);
    return {
      errors: shown.map((seen, at) => ({
        fingerprint: seen.id,
        template: seen.template,
        lines: seen.lines,
        sources: seen.sources,
        firstAt: seen.firstAt.toISOString(),
        lastAt: seen.lastAt.toISOString(),
        where: placesIn(seen.where),
        solutions: solutions[at] ?? [],
      })),
      ...(last === undefined || found.length <= limit ? {} : { nextCursor: writeCursor(last) }),
    };
  }
}

/** What a template has of words: numbers and all else that varies is not in it. */
const partsOf = (words: string): string[] =>
  masked(words)
    .split(VARIABLE)
    .flatMap((part) => part.split(/\s+/))
    .filter((part) => part !== '');

const writeCursor = ({ lastAt, id }: Pick<SeenBefore, 'lastAt' | 'id'>): string => `${lastAt.toISOString()} ${id}`;

function readCursor(cursor: string): Pick<SeenBefore, 'lastAt' | 'id'> {
  const [time = '', id = ''] = cursor.split(' ');
  const lastAt = new Date(time);
  if (Number.isNaN(lastAt.getTime()) || id === '')
    throw new AppError('invalid_input', 'Cannot list errors from there: give the nextCursor of an earlier answer.');
  return { lastAt, id };
}
