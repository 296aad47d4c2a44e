// Makes a model in a process of its own, which is ended at its limits of time and memory; in this one where there is no build.
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '@labmesh/contracts';
import type { ConversionStep, Converted } from './conversion.js';
import { GRAPH_FILE, type Heard, TOKENIZER_FILE } from './conversion-messages.js';
import type { WordPieceModel } from './word-piece.js';

/** As the build makes it, with all that it needs. */
const PROGRAM = fileURLToPath(new URL('../../../dist/bundle/model-conversion.js', import.meta.url));
/** An encoder of the size of BERT-base at 32 bits takes its 440 MB four times. */
const RSS_MAX = 3 * 1024 * 1024 * 1024;
const CONVERSION_MS = 10 * 60_000;

export interface Converting {
  readonly tell: (step: ConversionStep) => void;
  readonly signal: AbortSignal;
}

/**
 * @param folder the model's files; what is made lies there too, for whoever removes it
 * @throws AppError as `convert`; too_large beyond its limits; what the signal was aborted with
 */
export async function convertElsewhere(folder: string, { tell, signal }: Converting): Promise<Converted> {
  signal.throwIfAborted();
  // Only then: it opens the ONNX runtime, which takes longer than the rest of a start.
  if (!existsSync(PROGRAM)) return (await import('./conversion.js')).convert(folder, tell);
  const limit = AbortSignal.timeout(CONVERSION_MS);
  // Nothing of the lab's settings and secrets is in its environment.
  const child = fork(PROGRAM, [folder, String(RSS_MAX)], {
    cwd: tmpdir(),
    env: {},
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const stop = (): void => void child.kill('SIGKILL');
  const either = AbortSignal.any([signal, limit]);
  either.addEventListener('abort', stop, { once: true });
  try {
    const card = await new Promise<Converted['card']>((resolve, reject) => {
      child.on('message', (heard: Heard) => {
        if (heard.step !== undefined) tell(heard.step);
        if (heard.card !== undefined) resolve(heard.card);
        if (heard.refused !== undefined) reject(new AppError(heard.refused.code, heard.refused.message));
        if (heard.ended !== undefined) reject(endedFor(heard.ended));
      });
      child.on('error', (error) => reject(endedFor(error.message)));
      child.on('exit', () => reject(limit.aborted ? endedFor('time') : endedFor('it was ended')));
    });
    const graph = await readFile(join(folder, GRAPH_FILE));
    const tokenizer = JSON.parse(await readFile(join(folder, TOKENIZER_FILE), 'utf8')) as WordPieceModel;
    return { graph, tokenizer, card };
  } finally {
    either.removeEventListener('abort', stop);
    stop();
    signal.throwIfAborted();
  }
}

function endedFor(why: string): AppError {
  if (why === 'memory') return new AppError('too_large', 'Cannot take the model: to make it takes too much memory.');
  if (why === 'time')
    return new AppError('too_large', 'Cannot take the model: to make it takes longer than ten minutes.');
  return new AppError('internal', `Cannot take the model: the process that makes it failed (${why}).`);
}
