// Simulated calls, and the tables that Sentinel's own models learn from. The windows are the ones that score calls later.

import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { BEHAVIOUR_FEATURES, BehaviourWindows, callTexts, csvCell } from '@labmesh/anomaly';
import { AppError, textFieldsOfTool } from '@labmesh/contracts';
import { CAMPAIGNS, type SimulatedCall, SimulatedLab, scenario } from '@labmesh/traffic';

const DAY_MS = 86_400_000;
/** Prose alone: code, tables and links are left out. */
const QUOTABLE = /^[^`|$<>{}[\]*#]{25,400}$/;

/** Who works late now and then is no alarm by that alone; money that goes in many pieces is one sooner. */
const WEIGHTS: Readonly<Record<string, number>> = { 'calls at unusual hours in 1 h': 0.5, 'payments in 1 h': 1.5 };

interface SimulateOptions {
  readonly out: string;
  readonly seed: number;
  readonly labs: number;
  readonly days: number;
  readonly quotes?: string;
  readonly campaigns: boolean;
}

type Line = SimulatedCall & { readonly lab: number };

export async function writeSimulation(options: SimulateOptions, cwd: string): Promise<{ calls: number }> {
  const quotes = options.quotes === undefined ? [] : await quotesIn(resolve(cwd, options.quotes));
  let calls = 0;
  function* lines(): Generator<string> {
    let lab = 0;
    for (let seed = options.seed; seed < options.seed + options.labs; seed++) {
      const about = { seed, days: options.days, quotes };
      const labs = options.campaigns
        ? CAMPAIGNS.map((campaign) => () => scenario(campaign, about))
        : [() => new SimulatedLab(about).calls()];
      for (const make of labs) {
        lab += 1;
        for (const call of make()) {
          calls += 1;
          yield `${JSON.stringify({ ...call, lab } satisfies Line)}\n`;
        }
      }
    }
  }
  await pipeline(lines, createWriteStream(resolve(cwd, options.out)));
  return { calls };
}

async function quotesIn(folder: string): Promise<string[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.md')).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return texts
    .flatMap((text) => text.split(/\n|(?<=[.?!]) /))
    .map((line) => line.trim())
    .filter((line) => QUOTABLE.test(line));
}

interface FeatureOptions {
  readonly calls: string;
  readonly out: string;
  readonly skipDays: number;
}

/** @throws AppError not_found, invalid_input */
export async function writeFeatures(
  { calls, out, skipDays }: FeatureOptions,
  cwd: string,
): Promise<{ content: number; behaviour: number }> {
  const folder = resolve(cwd, out);
  await mkdir(folder, { recursive: true });
  const content = createWriteStream(join(folder, 'content.csv'));
  const behaviour = createWriteStream(join(folder, 'behaviour.csv'));
  content.write('text,field,class\n');
  behaviour.write(`${[...BEHAVIOUR_FEATURES, 'campaign'].map(csvCell).join(',')}\n`);
  const written = { content: 0, behaviour: 0 };
  let windows = new BehaviourWindows();
  let lab = -1;
  let start = 0;
  for await (const call of linesOf(resolve(cwd, calls))) {
    if (call.lab !== lab) [windows, lab, start] = [new BehaviourWindows(), call.lab, call.at];
    const features = windows.observe(call);
    if (call.at < start + skipDays * DAY_MS) continue;
    const campaign = csvCell(call.campaign ?? '');
    for (const { field, text } of callTexts(call.arguments, textFieldsOfTool(call))) {
      content.write(`${csvCell(text)},${field},${campaign === '' ? 'ordinary' : campaign}\n`);
      written.content += 1;
    }
    if (!behaviour.write(`${features.map((value) => Number(value.toFixed(5))).join(',')},${campaign}\n`))
      await once(behaviour, 'drain');
    written.behaviour += 1;
  }
  await Promise.all([content, behaviour].map((stream) => new Promise((resolved) => stream.end(resolved))));
  await writeFile(join(folder, 'behaviour.json'), behaviourColumns());
  return written;
}

/** The column description that goes with behaviour.csv. */
function behaviourColumns(): string {
  const columns = [
    ...BEHAVIOUR_FEATURES.map((name) => ({
      name,
      kind: 'number',
      alarm: 'high',
      scale: 'linear',
      weight: WEIGHTS[name] ?? 1,
    })),
    { name: 'campaign', kind: 'label', normal: [''] },
  ];
  return `${JSON.stringify({ name: 'behaviour', header: true, columns }, null, 2)}\n`;
}

async function* linesOf(path: string): AsyncGenerator<Line> {
  const input = createReadStream(path, 'utf8');
  let number = 0;
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      number += 1;
      if (line !== '') yield JSON.parse(line) as Line;
    }
  } catch (cause) {
    if (cause instanceof SyntaxError)
      throw new AppError(
        'invalid_input',
        `${path}, line ${number} is no JSON: give what npx @labmesh/cli sentinel simulate writes`,
        { cause },
      );
    throw new AppError('not_found', `Cannot read ${path}: ${(cause as NodeJS.ErrnoException).code}`, { cause });
  }
}
