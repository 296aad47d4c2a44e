// Where a command's answer goes: text for people, or one JSON document. Notes and progress go to standard error.
import { styleText } from 'node:util';
import type { Sink } from '../host.js';
import { printable } from './failure-text.js';
import type { TransferProgress } from './progress-bar.js';
import { type Cell, type Style, table } from './table.js';

/** How an answer looks where no flag says it: auto is a table on a terminal, and the JSON document of it elsewhere. */
export const LAYOUTS = ['auto', 'table', 'json'] as const;
export type Layout = (typeof LAYOUTS)[number];

export interface OutputOptions {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly layout: Layout;
  readonly colourAllowed: boolean;
  /** Nothing but the answer and what went wrong. */
  readonly quiet?: boolean;
  /** Shows a text that is longer than the terminal; false when it could not. */
  readonly page?: ((text: string) => boolean) | undefined;
}

const NO_PROGRESS: TransferProgress = { at: () => undefined, end: () => undefined };

export class Output {
  /** JSON was asked for: then what goes to standard error is JSON, too. */
  readonly json: boolean;
  /** Whoever reads the answer is a script, as far as can be told. */
  readonly forScripts: boolean;
  readonly #terminal: boolean;
  /** Lines of an answer that is being shown; undefined outside of one. */
  #held: string[] | undefined;
  #laidOut = false;

  constructor(private readonly options: OutputOptions) {
    this.json = options.layout === 'json';
    this.#terminal = options.stdout.isTTY === true;
    this.forScripts = this.json || (options.layout === 'auto' && !this.#terminal);
  }

  /**
   * The answer: `value` as one JSON document when that was asked for, else whatever `show` writes. What would be a table is the
   * document, too, where no person reads it; an id, a link or a text stays as it is, so that a script can take it.
   */
  answer(value: unknown, show: () => void): void {
    if (this.json) {
      this.document(value);
      return;
    }
    this.#held = [];
    this.#laidOut = false;
    try {
      show();
    } finally {
      const text = this.#held.map((line) => `${line}\n`).join('');
      this.#held = undefined;
      if (this.forScripts && (this.#laidOut || text === '')) this.document(value);
      else this.#shown(text);
    }
  }

  /** One JSON document, the same bytes wherever it goes. */
  document(value: unknown): void {
    this.options.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
  }

  /** One of many JSON documents, a line each. */
  jsonLine(value: unknown): void {
    this.options.stdout.write(`${JSON.stringify(value)}\n`);
  }

  line(text = ''): void {
    if (this.#held === undefined) this.options.stdout.write(`${text}\n`);
    else this.#held.push(text);
  }

  table(header: readonly string[], rows: ReadonlyArray<readonly Cell[]>): void {
    this.layOut();
    for (const row of table(header, rows)) {
      this.line(
        row
          .map((cell) => (cell.style === undefined ? cell.text : this.style(cell.style, cell.text)))
          .join('  ')
          .trimEnd(),
      );
    }
  }

  /** What is shown is a layout for people's eyes, of no use to a script. */
  layOut(): void {
    this.#laidOut = true;
  }

  /** For people only, beside the answer. */
  note(text: string): void {
    if (!this.json && this.options.quiet !== true) this.options.stderr.write(`${text}\n`);
  }

  /** As `note`, for what must be kept: it is said to whoever wants quiet, too. */
  warn(text: string): void {
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
    const { stderr, quiet } = this.options;
    if (quiet === true) return;
    if (this.json) stderr.write(`${JSON.stringify({ progress, total, message })}\n`);
    else stderr.write(`[${progress}${total === undefined ? '' : `/${total}`}] ${printable(message ?? '')}\n`);
  }

  /** How far bytes are moved. @param label what is moved, such as a file's name */
  async transfer(total: number, label: string): Promise<TransferProgress> {
    const { stderr, quiet } = this.options;
    if (quiet === true) return NO_PROGRESS;
    const { transferProgress } = await import('./progress-bar.js');
    return transferProgress({ stderr, json: this.json, total, label });
  }

  /** Coloured on a terminal, plain elsewhere. Text from elsewhere is made harmless first. */
  style(style: Style, text: string): string {
    const plain = printable(text);
    return this.#terminal && this.options.colourAllowed ? styleText(style, plain) : plain;
  }

  #shown(text: string): void {
    const { stdout, page } = this.options;
    const long = stdout.rows !== undefined && text.split('\n').length > stdout.rows;
    if (this.#terminal && long && page?.(text) === true) return;
    stdout.write(text);
  }
}
