// Where a command's answer goes: text for people, or one JSON document. Notes and progress go to standard error.
import { styleText } from 'node:util';
import type { Sink } from '../host.js';
import { printable } from './failure-text.js';
import { type Cell, type Style, table } from './table.js';

export interface OutputOptions {
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** One JSON document instead of text. */
  readonly json: boolean;
  readonly colourAllowed: boolean;
}

export class Output {
  readonly json: boolean;

  constructor(private readonly options: OutputOptions) {
    this.json = options.json;
  }

  /** The answer: `value` as one JSON document when that was asked for, else whatever `show` writes. */
  answer(value: unknown, show: () => void): void {
    if (this.json) this.document(value);
    else show();
  }

  /** One JSON document; indented where a person is likely to read it. */
  document(value: unknown): void {
    const { stdout } = this.options;
    stdout.write(`${JSON.stringify(value, null, stdout.isTTY ? 2 : undefined)}\n`);
  }

  line(text = ''): void {
    this.options.stdout.write(`${text}\n`);
  }

  table(header: readonly string[], rows: ReadonlyArray<readonly Cell[]>): void {
    for (const row of table(header, rows)) {
      this.line(
        row
          .map((cell) => (cell.style === undefined ? cell.text : this.style(cell.style, cell.text)))
          .join('  ')
          .trimEnd(),
      );
    }
  }

  /** For people only, beside the answer. */
  note(text: string): void {
    if (!this.json) this.options.stderr.write(`${text}\n`);
  }

  /** What a running call tells; as JSON lines when the answer is JSON. */
  progress({
    progress,
    total,
    message,
  }: {
    progress: number;
    total?: number | undefined;
    message?: string | undefined;
  }): void {
    const { stderr } = this.options;
    if (this.json) stderr.write(`${JSON.stringify({ progress, total, message })}\n`);
    else stderr.write(`[${progress}${total === undefined ? '' : `/${total}`}] ${printable(message ?? '')}\n`);
  }

  /** Coloured on a terminal, plain elsewhere. Text from elsewhere is made harmless first. */
  style(style: Style, text: string): string {
    const plain = printable(text);
    return this.options.stdout.isTTY && this.options.colourAllowed ? styleText(style, plain) : plain;
  }
}
