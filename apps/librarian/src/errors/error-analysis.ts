// What happened, where in the code, how often before, and what is known of it. What it keeps are templates: never a line. What it
// knows of before is the caller's own, and solutions, which are everybody's; so nothing of another wallet has a part in an answer.
import { createHash } from 'node:crypto';
import { AgentClients } from '@labmesh/agent';
import {
  AppError,
  type Call,
  END_REASONS,
  type EndReason,
  type librarian,
  mechanic,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { type ErrorEvent, eventsOf } from './events-of.js';
import { type EventLine, excerptOf } from './excerpt.js';
import { KnownSolutions } from './known-solutions.js';
import { VARIABLE } from './masking.js';
import { EXCERPT, placesIn } from './places.js';
import { withoutSecrets } from './secrets.js';
import { type SeenBefore, SightingsRepository } from './sightings.repository.js';
import { originOf, type Trace } from './traces/trace.js';

type Tool = (typeof librarian.tools)['analyze_error'];
type Analysis = ToolOutput<Tool>;
type Clients = AgentClients<typeof librarian>;

/** Of a job's log: about as much as a text may have. */
const LOG_BYTES = 256 * 1024;
const LOG_LINES = 2_000;

interface Told {
  readonly text: string;
  /** How a job ended, which no log says. */
  readonly ended: EndReason | null;
}

@Injectable()
export class ErrorAnalysis {
  constructor(
    @Inject(SightingsRepository) private readonly sightings: SightingsRepository,
    @Inject(KnownSolutions) private readonly solutions: Pick<KnownSolutions, 'of'>,
    @Inject(AgentClients) private readonly clients: Pick<Clients, 'of'>,
  ) {}

  /** @throws AppError invalid_input for both or none of text and job; of a job, what the Mechanic answers */
  async analyze({ text, jobId }: ToolInput<Tool>, call: Call): Promise<Analysis> {
    if ((text === undefined) === (jobId === undefined))
      throw new AppError('invalid_input', 'Cannot analyze the error: give either its text or a jobId.');
    const told = jobId === undefined ? { text: text ?? '', ended: null } : await this.#logOf(jobId, call);
    const { events: lines, traces } = excerptOf(told.text);
    const source = jobId ?? excerptName(lines);
    const { principal } = call;
    const whose = principal.role === 'operator' ? undefined : principal.walletId;
    const [before, solving] = await Promise.all([this.sightings.seen(whose, source), this.sightings.solving()]);
    const known = [...before.map(({ template }) => template), ...solving.flatMap(({ templates }) => templates)];
    const grouped = eventsOf([...endOf(told.ended), ...lines], known);
    const solutions = await this.solutions.of(grouped.events, solving, grouped.idOf);
    const seen = seenById(before, grouped.idOf);
    await this.sightings.record(principal.walletId, source, grouped.events, new Date());
    return {
      lines: lines.length,
      events: grouped.events.map((event, at) => ({
        ...describe(event, seen.get(event.id)),
        solutions: solutions[at] ?? [],
      })),
      moreEvents: grouped.more,
      traces: traces.map(traceOf),
    };
  }

  /** With the caller's right: the Mechanic says whose job it is. */
  async #logOf(jobId: string, call: Call): Promise<Told> {
    const asked = this.clients.of(mechanic, call);
    const { reason } = await asked.get_job({ jobId });
    const { pieces } = await asked.stream_logs({ jobId, tailLines: LOG_LINES, maxBytes: LOG_BYTES });
    // Each stream by itself: lines of one are not cut by the other's.
    const written = (stream: string): string =>
      pieces.flatMap((piece) => (piece.stream === stream ? [piece.text ?? ''] : [])).join('');
    return { text: `${written('stdout')}\n${written('stderr')}`, ended: reason };
  }
}

/** What an excerpt is counted under, once: a hash of what is left when secrets are out. */
const excerptName = (lines: readonly EventLine[]): string =>
  EXCERPT +
  createHash('sha256')
    .update(lines.map(({ text }) => withoutSecrets(text, VARIABLE)).join('\n'))
    .digest('hex')
    .slice(0, 32);

/** What an end is known by, for whoever tells of a job: the sentence of its reason. */
export const endOf = (reason: EndReason | null): EventLine[] =>
  reason === null || reason === 'finished' ? [] : [{ text: END_REASONS[reason], number: 0, rank: 0 }];

/** What was known by templates that are one now is counted together. */
function seenById(before: readonly SeenBefore[], idOf: (template: string) => string): Map<string, SeenBefore> {
  const seen = new Map<string, SeenBefore>();
  for (const one of before) {
    const id = idOf(one.template);
    const other = seen.get(id);
    seen.set(id, other === undefined ? one : joined(one, other));
  }
  return seen;
}

const joined = (one: SeenBefore, other: SeenBefore): SeenBefore => ({
  ...one,
  lines: one.lines + other.lines,
  sources: one.sources + other.sources,
  firstAt: one.firstAt < other.firstAt ? one.firstAt : other.firstAt,
  lastAt: one.lastAt > other.lastAt ? one.lastAt : other.lastAt,
  where: [...new Set(one.lastAt > other.lastAt ? [...one.where, ...other.where] : [...other.where, ...one.where])],
});

const describe = ({ id, template, lines, firstLine }: ErrorEvent, seen: SeenBefore | undefined) => ({
  fingerprint: id,
  template,
  lines,
  firstLine,
  seen:
    seen === undefined
      ? null
      : {
          lines: seen.lines,
          sources: seen.sources,
          firstAt: seen.firstAt.toISOString(),
          lastAt: seen.lastAt.toISOString(),
          where: placesIn(seen.where),
        },
});

const traceOf = (trace: Trace): Analysis['traces'][number] => ({
  language: trace.language,
  chain: trace.chain.map((thrown) => ({ ...thrown, frames: [...thrown.frames] })),
  origin: originOf(trace),
});
