// Runs the trainer, which is Python: with the one that was given, or in a virtual environment that is made once.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type ModelCard, readModelFile } from '@labmesh/anomaly';
import { AppError } from '@labmesh/contracts';
import type { Host } from '../host.js';
import { INSTALL_ROOT } from '../lab/operator-token.js';

export interface TrainOptions {
  readonly data: string;
  readonly columns: string;
  readonly out: string;
  readonly calibration?: string;
  readonly rate: number;
  readonly holdout: number;
  readonly seed: number;
  readonly steps?: number;
  readonly prototypes?: number;
  readonly notes?: string;
  readonly python?: string;
}

interface Surroundings {
  readonly host: Host;
  readonly home: string | undefined;
  readonly note: (text: string) => void;
}

const FOLDER = join(INSTALL_ROOT, 'apps/sentinel/training');
const INSTALL_HINT =
  'Install Python 3.11 or newer with venv, or give one that has the packages of apps/sentinel/training/requirements.txt by --python';

/** @throws AppError invalid_input for what the trainer refuses, unavailable without a Python that can run it */
export async function train(options: TrainOptions, around: Surroundings): Promise<ModelCard> {
  if (!options.out.endsWith('.onnx'))
    throw new AppError('invalid_input', `--out ${options.out}: a model’s name ends in .onnx`);
  const python = options.python === undefined ? await ownPython(around) : resolve(around.host.cwd, options.python);
  const { code, stderr } = await run(python, [join(FOLDER, 'train.py'), ...argumentsOf(options)], around.host);
  if (code === 0) return (await readModelFile(resolve(around.host.cwd, options.out))).card;
  const last = stderr.trim().split('\n').at(-1) ?? '';
  if (code === 2) throw new AppError('invalid_input', problemOf(last));
  if (/ModuleNotFoundError|ImportError/.test(stderr))
    throw new AppError('unavailable', `${python} lacks a package of the trainer (${last}). ${INSTALL_HINT}`);
  throw new AppError('internal', `The trainer ended with code ${code}: ${last}`);
}

const argumentsOf = (options: TrainOptions): string[] =>
  (
    ['data', 'columns', 'out', 'calibration', 'rate', 'holdout', 'seed', 'steps', 'prototypes', 'notes'] as const
  ).flatMap((name) => (options[name] === undefined ? [] : [`--${name}`, String(options[name])]));

function problemOf(line: string): string {
  try {
    return String((JSON.parse(line) as { problem: unknown }).problem);
  } catch {
    return line;
  }
}

/**
 * The Python of the virtual environment beside the lab's data; made, and filled from PyPI, when it is not there. By uv where
 * there is one: it is quicker, and keeps what it has downloaded for the next environment.
 */
async function ownPython({ host, home, note }: Surroundings): Promise<string> {
  const folder = join(resolve(host.cwd, home ?? '.labmesh'), 'training');
  const python = join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const complete = join(folder, 'complete');
  if (existsSync(complete)) return python;
  note(`Making a Python environment for the trainer in ${folder}. This happens once, and takes some minutes.`);
  const system = process.platform === 'win32' ? 'python' : 'python3';
  const packages = join(FOLDER, 'requirements.txt');
  const make: ReadonlyArray<readonly [string, readonly string[]]> = (await hasUv(host))
    ? [
        ['uv', ['venv', '--quiet', '--allow-existing', '--python', system, folder]],
        ['uv', ['pip', 'install', '--quiet', '--python', python, '-r', packages]],
      ]
    : [
        [system, ['-m', 'venv', folder]],
        [python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', packages]],
      ];
  const steps = [...make, [python, ['-c', `open(${JSON.stringify(complete)}, "w").close()`]] as const];
  for (const [command, args] of steps) {
    const { code, stderr } = await run(command, args, host);
    if (code !== 0) {
      const last = stderr.trim().split('\n').at(-1) ?? '';
      throw new AppError('unavailable', `Cannot make a Python environment for the trainer: ${last}. ${INSTALL_HINT}`);
    }
  }
  return python;
}

const hasUv = (host: Host): Promise<boolean> =>
  run('uv', ['--version'], host).then(
    ({ code }) => code === 0,
    () => false,
  );

function run(
  command: string,
  args: readonly string[],
  { cwd, signal, env }: Host,
): Promise<{ code: number; stderr: string }> {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { cwd, signal, env, stdio: ['ignore', 'ignore', 'pipe'] });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-20_000);
    });
    child.on('error', (cause: NodeJS.ErrnoException) =>
      failed(
        signal.aborted
          ? new AppError('cancelled', 'Training was cancelled', { cause })
          : new AppError('unavailable', `Cannot run ${command}: ${cause.code ?? cause.message}. ${INSTALL_HINT}`, {
              cause,
            }),
      ),
    );
    child.on('close', (code) => done({ code: code ?? 1, stderr }));
  });
}
