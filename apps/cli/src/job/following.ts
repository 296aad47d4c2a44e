// `labmesh job logs`: what a job has written, byte by byte: its stdout to this one's, its stderr likewise. With -f until it ends.
import { AppError, type JobState, type LogPiece, mechanic } from '@labmesh/contracts';
import { type Command, Option } from 'commander';
import type { z } from 'zod';
import { momentOf } from '../arguments/time.js';
import { wholeNumber } from '../dataset/numbers.js';
import { written } from '../output/written.js';
import { addConnectionOptions, type Session, type Work } from '../session.js';

type Piece = z.output<typeof LogPiece>;

const HELP = `
With -f it goes on until the job has ended, over retries and broken lines, and ends as the job ended: exit code 0 when it
succeeded. With --json each piece is a line of JSON.

Examples:
  npx @labmesh/cli job logs job_…
  npx @labmesh/cli job logs -f job_…
  npx @labmesh/cli job logs --tail 50 --stream stderr job_…
  npx @labmesh/cli job logs job_… > run.log 2> run.err`;

interface LogOptions {
  readonly follow?: boolean;
  readonly tail?: number;
  readonly since?: string;
  readonly stream?: 'both' | 'stdout' | 'stderr';
  readonly attempt?: number;
  readonly cursor?: string;
}

export function addLogs(group: Command, session: Session): void {
  const command = group
    .command('logs')
    .description('what a job has written')
    .argument('<job>', 'its id, as ls has it')
    .option('-f, --follow', 'go on until it has ended')
    .option('--tail <lines>', 'only the last lines', wholeNumber)
    .option('--since <time>', 'only what was written since then', momentOf)
    .addOption(new Option('--stream <stream>', 'one of the two').choices(['both', 'stdout', 'stderr']))
    .option('--attempt <number>', 'an earlier attempt, counted from 1', wholeNumber)
    .option('--cursor <cursor>', 'go on there');
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action((jobId: string, options: LogOptions) =>
      session.run(command, (work) => followed(work, { jobId, ...options })),
    );
}

/** @throws AppError whose exit code says how the job ended, when it was followed and did not succeed */
export async function followed(
  work: Work,
  { jobId, follow = false, tail, since, stream, attempt, cursor }: LogOptions & { jobId: string },
): Promise<void> {
  const { lab, output, host } = work;
  const wanted = { tail, since, stream, attempt, cursor, follow: follow ? '1' : '0' };
  const asked = Object.entries(wanted).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams(asked.map(([name, value]): [string, string] => [name, String(value)]));
  let state: JobState | undefined;
  for await (const { event, data } of lab.events(`jobs/${encodeURIComponent(jobId)}/logs?${query}`)) {
    if (event === 'complete') state = (JSON.parse(data) as { state: JobState }).state;
    if (event !== 'log') continue;
    for (const piece of (JSON.parse(data) as { pieces: Piece[] }).pieces) {
      if (output.json) output.jsonLine(piece);
      else await written(piece.stream === 'stderr' ? host.stderr : host.stdout, bytesOf(piece));
    }
  }
  if (follow && state !== undefined) await told(work, jobId, state);
}

const bytesOf = ({ text, base64 }: Piece): Uint8Array =>
  text === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(text, 'utf8');

async function told({ lab, output }: Work, jobId: string, state: JobState): Promise<void> {
  if (output.json) output.jsonLine({ jobId, state });
  if (state === 'succeeded') {
    output.note(`${jobId} succeeded.`);
    return;
  }
  const { message } = await lab.use(mechanic, 'get_job', { jobId });
  throw new AppError(
    state === 'cancelled' ? 'cancelled' : 'conflict',
    [`${jobId} has ended: ${state}.`, message, `More: npx @labmesh/cli job get ${jobId}`].filter(Boolean).join(' '),
  );
}
