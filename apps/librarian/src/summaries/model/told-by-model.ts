// A summary in a model's words: asked once, within its time, and told only where the project's lines bear it out. Whatever the model
// does, there is an answer: why it has nothing of the model is told instead.
import { errorShape, type ProjectSummary } from '@labmesh/contracts';
import { byPath, type ProjectFile } from '@labmesh/projects';
import { several, TextFile, type ToldByModel } from '@labmesh/projects/summary';
import { streamOf } from '../../assistant/model-stream.js';
import type { OpenModel } from '../../assistant/models.js';
import { tokensOf } from '../../assistant/prompt.js';
import { isOrder, ModelAnswer, proven, type Sources, WHY_LEFT, type WhyLeft } from './proof.js';
import { type Shown, shownOf } from './shown.js';
import { instructionsOf, statementsFor, summaryPrompt } from './summary-prompt.js';

/** Of code and facts that are sent, whatever the model takes. */
const SENT_TOKENS_MAX = 24_000;
const SENT_TOKENS_MIN = 400;
/** Marks and headings around what is sent. */
const AROUND_TOKENS = 200;
/** What is longer was not asked for. */
const ANSWER_CHARACTERS_MAX = 128 * 1024;

export interface Telling {
  readonly model: OpenModel;
  readonly name: string;
  readonly summary: ProjectSummary;
  readonly files: readonly ProjectFile[];
}
export interface Patience {
  readonly signal: AbortSignal;
  readonly withinMs: number;
}

/** @throws what the signal was aborted with, and nothing else */
export async function toldByModel(telling: Telling, patience: Patience): Promise<ToldByModel> {
  const { model } = telling;
  try {
    return await told(telling, patience);
  } catch (thrown) {
    patience.signal.throwIfAborted();
    return nothingOf(model.name, thrown instanceof NoAnswer ? thrown.message : errorShape(thrown).message);
  }
}

export const nothingOf = (model: string, why: string): ToldByModel => ({
  model,
  statements: [],
  unknown: [`What the model ${model} would say of it: ${why}${/[.!?]$/.test(why) ? '' : '.'}`],
});

class NoAnswer extends Error {}

async function told({ model, name, summary, files }: Telling, patience: Patience): Promise<ToldByModel> {
  const statements = statementsFor(model.answerTokens);
  const around = tokensOf(instructionsOf('', statements)) + tokensOf(name) + AROUND_TOKENS;
  const room = Math.min(SENT_TOKENS_MAX, model.contextTokens - model.answerTokens - around);
  if (room < SENT_TOKENS_MIN) throw new NoAnswer(`it takes too little at once (${model.contextTokens} tokens)`);
  const shown = await shownOf(byPath(files), summary, room);
  if (shown.excerpts.length + shown.facts.length === 0) throw new NoAnswer('there is nothing to show to it');
  const answer = await asked(model, summaryPrompt(name, shown, statements), patience);
  const sources: Sources = {
    files: new Map(files.map(({ path, bytes }) => [path, new TextFile(path, Buffer.from(bytes).toString('utf8'))])),
    lines: shown.lines,
  };
  const { statements: kept, left } = proven(answerIn(answer), sources);
  if (kept.length + left.length === 0) throw new NoAnswer('it said nothing');
  return { model: model.name, statements: kept, unknown: [...leftOut(model.name, left), ...ordersIn(shown)] };
}

async function asked(
  model: OpenModel,
  prompt: Parameters<typeof streamOf>[1]['prompt'],
  { signal, withinMs }: Patience,
): Promise<string> {
  const most = Math.max(0, Math.min(withinMs, model.timeoutSeconds * 1_000));
  const late = AbortSignal.timeout(most);
  const enough = new AbortController();
  let [text, cutShort] = ['', false];
  try {
    for await (const piece of streamOf(model, { prompt }, AbortSignal.any([signal, late, enough.signal]))) {
      if (piece.kind === 'end') ({ cutShort } = piece);
      if (piece.kind !== 'text') continue;
      text += piece.text;
      if (text.length > ANSWER_CHARACTERS_MAX) throw new NoAnswer('its answer is far longer than what was asked for');
    }
  } catch (thrown) {
    signal.throwIfAborted();
    if (late.aborted) throw new NoAnswer(`it did not finish within ${Math.round(most / 1_000)} s`);
    throw thrown;
  } finally {
    enough.abort();
  }
  if (cutShort) throw new NoAnswer(`it stopped in the middle, at its limit of ${model.answerTokens} tokens`);
  return text;
}

/** Strictly the object that was asked for; a fence around it is no more than a habit. */
function answerIn(text: string): ReturnType<typeof ModelAnswer.parse> {
  const bare = /^```(?:json)?\s*\n([\s\S]*)\n```$/.exec(text.trim())?.[1] ?? text;
  let value: unknown;
  try {
    value = JSON.parse(bare);
  } catch {
    throw new NoAnswer('its answer is not the JSON that was asked for');
  }
  const answer = ModelAnswer.safeParse(value);
  if (!answer.success) throw new NoAnswer('its answer is not of the form that was asked for');
  return answer.data;
}

function leftOut(model: string, left: readonly WhyLeft[]): string[] {
  if (left.length === 0) return [];
  const counts = (Object.keys(WHY_LEFT) as WhyLeft[])
    .map((why) => ({ why, count: left.filter((one) => one === why).length }))
    .filter(({ count }) => count > 0);
  const said = left.length === 1 ? '1 statement' : `${left.length} statements`;
  return [
    `Of what the model ${model} said ${said} left out: ${several(counts.map(({ why, count }) => `${count} ${WHY_LEFT[why]}`))}.`,
  ];
}

/** Whoever reads the summary knows that somebody tried. */
function ordersIn({ excerpts }: Shown): string[] {
  const places = excerpts.flatMap(({ path, lines }) =>
    lines.flatMap((line, index) => (line.trim() !== '' && isOrder(lines, index + 1) ? [`${path}:${index + 1}`] : [])),
  );
  return places.length === 0
    ? []
    : [`Lines that tell a language model what to say, of which no statement of it may come: ${several(places)}.`];
}
