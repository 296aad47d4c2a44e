// `labmesh sentinel`: models that say what is unusual, on this machine's files. It needs no lab and changes none.
import { type Command, InvalidArgumentError } from 'commander';
import { addJsonOption, type Session } from '../session.js';
import {
  type EvaluationOptions,
  evaluateTable,
  scoreRows,
  showEvaluation,
  showScores,
} from '../training/scored-table.js';
import { writeFeatures, writeSimulation } from '../training/simulated-data.js';
import { type TrainOptions, train } from '../training/trainer.js';

const TRAIN_HELP = `
The description says what each column is:
  { "name": "pumps", "header": true, "columns": [
    { "name": "note", "kind": "text" }, { "name": "pressure", "kind": "number" },
    { "name": "site", "kind": "category" }, { "name": "state", "kind": "label", "normal": ["ok"] } ] }
Kinds are text, number, category, label and ignored. Only rows whose label is normal are learned from; the others are
measured. Without a label every row is normal. The model's card goes beside it: pumps.onnx, pumps.card.json.

Without --python a virtual environment is made once, in .labmesh/training (about 1 GB, from PyPI).

Examples:
  npx @labmesh/cli sentinel train --data pumps.csv --columns pumps.json --out pumps.onnx
  npx @labmesh/cli sentinel train --data pumps.csv --columns pumps.json --out pumps.onnx --rate 0.001 --python .venv/bin/python`;

const EVALUATE_HELP = `
Examples:
  npx @labmesh/cli sentinel evaluate --model pumps.onnx --data held-out.csv --json
  npx @labmesh/cli sentinel evaluate --model content --data ordinary.csv --attacks attacks.csv --by kind --fields fields.json`;

const MODEL = 'a model’s .onnx file, or the name of one that comes with Sentinel: content, behaviour';

export function addSentinel(program: Command, session: Session): void {
  const group = program
    .command('sentinel')
    .description('learn what is normal in a table, and score what is not')
    .addHelpText(
      'after',
      '\nExample:\n  npx @labmesh/cli sentinel score --model content --text "which formats are there?"',
    );
  addTrain(group, session);
  addScore(group, session);
  addEvaluate(group, session);
  addSimulate(group, session);
  addFeatures(group, session);
}

function addTrain(group: Command, session: Session): void {
  const command = group
    .command('train')
    .description('learn a model from the normal rows of a CSV table')
    .requiredOption('--data <file>', 'the table')
    .requiredOption('--columns <file>', 'its column description')
    .requiredOption('--out <file>', 'the model to write, ending in .onnx')
    .option('--calibration <file>', 'another table whose normal rows set the thresholds')
    .option('--rate <share>', 'share of normal rows that may be alarms', numberOf, 0.01)
    .option('--holdout <share>', 'share of the rows kept for the figures', numberOf, 1 / 3)
    .option('--seed <number>', 'the same seed and data give the same model', numberOf, 1)
    .option('--steps <number>', 'steps of learning the text', numberOf)
    .option('--prototypes <number>', 'most normal rows kept in the model', numberOf)
    .option('--notes <text>', 'a sentence for the card')
    .option('--python <file>', 'a Python that has the trainer’s packages');
  addJsonOption(command)
    .addHelpText('after', TRAIN_HELP)
    .action((options: TrainOptions) =>
      session.offline(command, async ({ output, host }) => {
        const card = await train(options, { host, home: session.config.home, note: (text) => output.note(text) });
        output.answer(card, () =>
          showEvaluation(output, { name: card.name, threshold: card.threshold, figures: card.figures }),
        );
        output.note(`${options.out} and its card are written.`);
      }),
    );
}

interface ScoreOptions {
  readonly model: string;
  readonly data?: string;
  readonly text?: string;
  readonly field?: string;
  readonly top: number;
}

function addScore(group: Command, session: Session): void {
  const command = group
    .command('score')
    .description('score the rows of a table, or one text, and say why')
    .requiredOption('--model <model>', MODEL)
    .option('--data <file>', 'a table with the columns that the model reads')
    .option('--text <text>', 'one text, for a model of text')
    .option('--field <kind>', 'kind of field the text stands in: prose (when left out), code, data, path, identifier')
    .option('--top <number>', 'how many rows to show, the most unusual first; --json has all', numberOf, 20);
  addJsonOption(command)
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli sentinel score --model content --text "\' OR 1=1 --"\n  npx @labmesh/cli sentinel score --model pumps.onnx --data today.csv',
    )
    .action((options: ScoreOptions) =>
      session.offline(command, async ({ output, host }) => {
        const scored = await scoreRows(options, host.cwd);
        output.answer(scored, () => showScores(output, scored, options.top));
      }),
    );
}

function addEvaluate(group: Command, session: Session): void {
  const command = group
    .command('evaluate')
    .description('the figures of a model on a labelled table: AUC, F1, alarms among normal rows')
    .requiredOption('--model <model>', MODEL)
    .requiredOption('--data <file>', 'a table with a label, which the model has not learned from')
    .option('--attacks <file>', 'another table, all of whose rows are attacks; then --data needs no label')
    .option('--by <column>', 'a column with the kinds of rows: figures for each; what follows a colon is left out')
    .option('--fields <file>', 'with --by: JSON that says which kinds of rows stand in which kind of field');
  addJsonOption(command)
    .addHelpText('after', EVALUATE_HELP)
    .action((options: EvaluationOptions) =>
      session.offline(command, async ({ output, host }) => {
        const found = await evaluateTable(options, host.cwd);
        output.answer(found, () => showEvaluation(output, found));
      }),
    );
}

function addSimulate(group: Command, session: Session): void {
  const command = group
    .command('simulate')
    .description('write the calls of a simulated lab, as JSON lines')
    .requiredOption('--out <file>', 'the file to write')
    .option('--seed <number>', 'of the first lab; each further lab has the next', numberOf, 1)
    .option('--labs <number>', 'how many labs', numberOf, 1)
    .option('--days <number>', 'days of each', numberOf, 14)
    .option('--quotes <folder>', 'Markdown files whose sentences the people of the lab quote')
    .option('--campaigns', 'attack: one lab for each scripted campaign', false)
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli sentinel simulate --out calls.jsonl --labs 2 --days 14');
  addJsonOption(command).action((options: Parameters<typeof writeSimulation>[0]) =>
    session.offline(command, async ({ output, host }) => {
      const written = await writeSimulation(options, host.cwd);
      output.answer(written, () => output.line(`${written.calls} calls in ${options.out}`));
    }),
  );
}

function addFeatures(group: Command, session: Session): void {
  const command = group
    .command('features')
    .description('from calls to the tables that the content and behaviour models learn from')
    .requiredOption('--calls <file>', 'JSON lines, as simulate writes them')
    .requiredOption('--out <folder>', 'where content.csv, behaviour.csv and behaviour.json go')
    .option('--skip-days <number>', 'days at the start that only fill the windows', numberOf, 7)
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli sentinel features --calls calls.jsonl --out tables');
  addJsonOption(command).action((options: Parameters<typeof writeFeatures>[0]) =>
    session.offline(command, async ({ output, host }) => {
      const written = await writeFeatures(options, host.cwd);
      output.answer(written, () =>
        output.line(`${written.content} texts and ${written.behaviour} windows in ${options.out}`),
      );
    }),
  );
}

function numberOf(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}
