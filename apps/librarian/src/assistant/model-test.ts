// Whether a model answers: it is asked for one word, and nothing is kept.
import type { librarian, ToolOutput } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { streamOf } from './model-stream.js';
import { Models } from './models.js';

const TEXT_MAX = 2_000;
const QUESTION = 'Answer with one word: ready';

@Injectable()
export class ModelTest {
  constructor(@Inject(Models) private readonly models: Pick<Models, 'open'>) {}

  /** @throws AppError not_found, and what keeps the model from answering */
  async run(name: string, signal: AbortSignal): Promise<ToolOutput<(typeof librarian.tools)['test_model']>> {
    const model = await this.models.open(name);
    const started = performance.now();
    let text = '';
    let usage: { inputTokens: number | null; outputTokens: number | null } | null = null;
    const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: QUESTION }] }];
    for await (const piece of streamOf(model, { prompt }, signal)) {
      if (piece.kind === 'text') text = `${text}${piece.text}`.slice(0, TEXT_MAX);
      if (piece.kind === 'end') usage = { inputTokens: piece.inputTokens, outputTokens: piece.outputTokens };
    }
    return { name: model.name, text, tookMs: Math.round(performance.now() - started), usage };
  }
}
