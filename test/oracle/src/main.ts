// `npm run oracle -- --seeds 300 --from 1 [--mode lab|mesh]`: exit code 1 when a session differs, 2 for wrong arguments.
import { parseArgs } from 'node:util';
import { runProgram } from '@labmesh/testing';
import { type Mode, startLab } from './labs.js';
import { narrowToken, runSeeds, told } from './run.js';

const USAGE = `Usage: npm run oracle -- [--seeds 300] [--from 1] [--mode lab|mesh]

Runs random sessions at an agent's own endpoint and through the gateway, and compares the answers to the byte.

  --seeds NUMBER    how many sessions (default: 300)
  --from NUMBER     the first seed (default: 1)
  --mode lab|mesh   everything in one process, or processes over NATS and PostgreSQL (default: lab)
`;

interface Wanted {
  readonly seeds: number;
  readonly from: number;
  readonly mode: Mode;
}

/** Undefined when only help is wanted. @throws Error saying which argument is wrong */
function readArguments(): Wanted | undefined {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '300' },
      from: { type: 'string', default: '1' },
      mode: { type: 'string', default: 'lab' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const [seeds, from] = [Number(values.seeds), Number(values.from)];
  if (!Number.isInteger(seeds) || seeds < 1 || !Number.isInteger(from) || from < 0)
    throw new Error('--seeds and --from take whole numbers');
  if (values.mode !== 'lab' && values.mode !== 'mesh') throw new Error('--mode is lab or mesh');
  return { seeds, from, mode: values.mode };
}

async function run({ seeds, from, mode }: Wanted): Promise<number> {
  await using lab = await startLab(mode);
  const started = performance.now();
  const outcome = await runSeeds(lab, { seeds, from, narrowToken: await narrowToken(lab) });
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  for (const difference of outcome.differences) process.stdout.write(`${told(difference, mode)}\n`);
  const verdict = outcome.differences.length === 0 ? 'equal' : `${outcome.differences.length} differ`;
  process.stdout.write(
    `oracle (${mode}): seeds ${from} to ${from + outcome.sessions - 1}, ${outcome.operations} operations, ${outcome.answers} answers on each side, ${seconds} s: ${verdict}\n`,
  );
  return outcome.differences.length === 0 ? 0 : 1;
}

process.exitCode = await runProgram({ usage: USAGE, read: readArguments, run });
