// The text of a file that somebody brings, in the form that passages are cut from. What cannot be read is refused in words; a file
// never costs more than its bounds of time and memory, and never the lab itself.
import { AppError, type ErrorCodeName } from '@labmesh/contracts';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type CommentPlace, DOCUMENT_BYTES_MAX, type DocumentKind } from '../../corpus/document.js';
import { ExtractionProcess } from './extraction-process.js';
import { z } from 'zod';
import { kindOf, type SourceKind } from './kinds.js';
import { logText } from './log-text.js';

/** Changes when the same file gives another text: then all are read anew. */
export const EXTRACTION_VERSION = 1;
/** Most time for one file. */
const FILE_MS = 60_000;
/** The process is ended when nothing came for so long. */
const IDLE_MS = 30_000;

export interface Extracted {
  readonly text: string;
  readonly title?: string;
  readonly form: DocumentKind;
}

export interface StrangeFile {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** Left out: by name and content. */
  readonly kind?: SourceKind | undefined;
}

/** By file: where each comment begins and ends, and the symbols that it is about. */
const Comments = z.array(z.array(z.tuple([z.int(), z.int(), z.array(z.string())])));

/** `comments`: of many files, as the process takes them. */
type Task = Pick<StrangeFile, 'path' | 'bytes'> & { readonly kind: SourceKind | 'comments' };

@Injectable()
export class Extraction implements OnModuleDestroy {
  #process: ExtractionProcess | undefined;
  #idle: NodeJS.Timeout | undefined;
  /** One file at a time, whoever brings it. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    /** Shorter for tests alone. */
    private readonly fileMs = FILE_MS,
  ) {}

  /** @throws AppError unsupported_format, too_large */
  async read({ path, bytes, kind = kindOf(path, bytes) }: StrangeFile, signal: AbortSignal): Promise<Extracted> {
    const { text, ...rest } = await this.#raw({ path, bytes, kind }, signal);
    const clean = storable(text);
    if (clean.trim() === '') throw refusal(path, 'it holds no text');
    if (Buffer.byteLength(clean) > DOCUMENT_BYTES_MAX)
      throw refusal(path, `its text has more than ${DOCUMENT_BYTES_MAX} bytes: split it`, 'too_large');
    return { text: clean, ...rest };
  }

  /** Of files of code, in their order: the places of their comments and docstrings; none in one that cannot be read. */
  async comments(
    files: ReadonlyArray<{ readonly name: string; readonly text: string }>,
    signal: AbortSignal,
  ): Promise<CommentPlace[][]> {
    const path = `${files.length} files of code`;
    const { text } = await this.#inTurn({ path, bytes: Buffer.from(JSON.stringify(files)), kind: 'comments' }, signal);
    return Comments.parse(JSON.parse(text)).map((found) =>
      found.map(([start, end, names]) => ({ start, end, path: names })),
    );
  }

  onModuleDestroy(): void {
    clearTimeout(this.#idle);
    this.#process?.end();
  }

  async #raw({ path, bytes, kind }: Required<StrangeFile>, signal: AbortSignal): Promise<Extracted> {
    if (kind !== 'pdf' && bytes.includes(0))
      throw refusal(path, `it is no ${kind}: it holds a zero byte. Was it stored as UTF-16, or is it no text?`);
    if (kind === 'markdown' || kind === 'text') return { text: decoded(path, bytes), form: kind };
    if (kind === 'log') return { text: await logText(path, decoded(path, bytes), signal), form: 'markdown' };
    if (kind !== 'pdf') decoded(path, bytes);
    return this.#inTurn({ path, bytes, kind: kind ?? 'text' }, signal);
  }

  #inTurn(task: Task, signal: AbortSignal): Promise<Extracted> {
    const turn = this.#turn.then(() => this.#asked(task, signal));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #asked({ path, bytes, kind }: Task, signal: AbortSignal): Promise<Extracted> {
    signal.throwIfAborted();
    clearTimeout(this.#idle);
    if (this.#process?.alive !== true) this.#process = new ExtractionProcess();
    const limit = AbortSignal.timeout(this.fileMs);
    const reply = await this.#process.ask({ kind, name: path, bytes }, AbortSignal.any([signal, limit]));
    this.#idle = setTimeout(() => this.#process?.end(), IDLE_MS).unref();
    if ('refused' in reply) throw refusal(path, reply.refused);
    if ('text' in reply)
      return {
        text: reply.text,
        form: 'markdown',
        ...(reply.title === undefined ? {} : { title: storable(reply.title) }),
      };
    signal.throwIfAborted();
    if (reply.ended === 'time')
      throw refusal(path, `reading it takes longer than ${this.fileMs / 1_000} s: split it`, 'too_large');
    if (reply.ended === 'memory') throw refusal(path, 'reading it takes too much memory: split it', 'too_large');
    throw refusal(path, `whoever reads it ended (${reply.ended}): is the file damaged?`);
  }
}

/** A byte order mark says nothing; ends of lines are alike. */
function decoded(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refusal(path, 'it is no UTF-8: save it as that');
  }
}

/** PostgreSQL keeps every character but NUL, and no half of a pair. */
const storable = (text: string): string =>
  text
    .replaceAll('\0', '')
    .replace(/\r\n?/g, '\n')
    .replace(/\p{Surrogate}/gu, '\ufffd');

const refusal = (path: string, why: string, code: ErrorCodeName = 'unsupported_format'): AppError =>
  new AppError(code, `Cannot take ${path}: ${why.replace(/[.]$/, '')}.`);
