// `labmesh explain-error`: what happened, from an error text, a log or a job: its events, who had them before, what solved them.
import { ANALYZED_CHARACTERS, AppError, librarian, type ToolOutput } from '@labmesh/contracts';
import type { Command } from 'commander';
import { textIn } from '../arguments/text.js';
import { printable } from '../output/failure-text.js';
import type { Output } from '../output/output.js';
import { countText } from '../output/units.js';
import { addConnectionOptions, type Session } from '../session.js';

const HELP = `
Of a long text its end is looked at. Each kind of event is told once, with the line that has it and its fingerprint; how often and
where you had it before (the operator: the whole lab); the solutions that are known; and of a stack trace what was thrown, what caused
it, and the place in your own code. The text is not kept: its fingerprints are.

Examples:
  npx @labmesh/cli explain-error crash.log
  python3 train.py 2>&1 | npx @labmesh/cli explain-error -
  npx @labmesh/cli explain-error --job job_…
  npx @labmesh/cli explain-error crash.log --json | jq -r ".events[].solutions[].file"`;

type Analysis = ToolOutput<typeof librarian.tools.analyze_error>;
type Event = Analysis['events'][number];
type Trace = Analysis['traces'][number];

export function addExplainError(program: Command, session: Session): void {
  const command = program
    .command('explain-error')
    .description('what an error or a log says, who had it before, and what solved it')
    .argument('[file]', 'the text; - or nothing is standard input')
    .option('--job <job>', 'the end of a job’s log instead');
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action((file: string | undefined, { job: jobId }: { job?: string }) =>
      session.run(command, async ({ lab, output, host }) => {
        if (file !== undefined && jobId !== undefined)
          throw new AppError('invalid_input', 'Give a file or --job, not both.');
        const asked = jobId === undefined ? { text: endOf(await textIn(file ?? '-', host)) } : { jobId };
        const found = await lab.use(librarian, 'analyze_error', asked);
        output.answer(found, () => show(found, output));
      }),
    );
}

/** What is looked at, from the beginning of a line. */
function endOf(text: string): string {
  if (text.length <= ANALYZED_CHARACTERS) return text;
  const end = text.slice(-ANALYZED_CHARACTERS);
  return end.slice(end.indexOf('\n') + 1);
}

function show({ lines, events, moreEvents, traces }: Analysis, output: Output): void {
  output.layOut();
  for (const event of events) showEvent(event, output);
  for (const trace of traces) showTrace(trace, output);
  const rest = moreEvents === 0 ? '' : `; ${moreEvents} more kinds look less like errors`;
  output.line(output.style('dim', `${countText(lines, 'line')}, ${countText(events.length, 'kind')} of events${rest}`));
}

function showEvent({ template, fingerprint, lines, firstLine, seen, solutions }: Event, output: Output): void {
  const where = firstLine === 0 ? 'how the job ended' : `line ${firstLine}`;
  output.line(output.style('bold', template));
  output.line(`  ${output.style('dim', `${where}, ${countText(lines, 'time')}, ${fingerprint}`)}`);
  if (seen === null) output.line('  not seen before');
  else {
    const places = seen.where.length === 0 ? '' : `: ${seen.where.join(', ')}`;
    output.line(printable(`  seen ${countText(seen.lines, 'time')} since ${seen.firstAt}${places}`));
  }
  for (const { file, title, accepted, votes, by } of solutions) {
    const standing = `${accepted ? 'accepted, ' : ''}${countText(votes, 'vote')}${by === 'words' ? ', by its words' : ''}`;
    output.line(printable(`  solved by ${file}  ${title} (${standing})`));
  }
  output.line();
}

function showTrace({ language, chain, origin }: Trace, output: Output): void {
  for (const [at, { type, message, line }] of chain.entries()) {
    const said = [type, message].filter((part) => part !== null && part !== '').join(': ');
    output.line(printable(`${at === 0 ? `${language}, thrown` : 'caused by'}: ${said} (line ${line})`));
  }
  if (origin !== null) {
    const inside = origin.function === null ? '' : ` in ${origin.function}`;
    output.line(printable(`  your code: ${origin.file ?? '?'}:${origin.line ?? '?'}${inside}`));
  }
  output.line();
}
