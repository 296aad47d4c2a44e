// LabMesh's own code in the knowledge base: what its comments and docstrings say, on a shelf that only questions of the code name. It is
// read when the first of these comes, beside all else that this process does, and leaves memory when none came for long.
import { setImmediate as othersTurn } from 'node:timers/promises';
import { AppError } from '@labmesh/contracts';
import { LAB_CONFIG, type LabConfig, LOGGER, type Logger } from '@labmesh/runtime';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { Corpus, type Scope } from '../corpus/corpus.js';
import { type Document, newDocument } from '../corpus/document.js';
import { Extraction } from '../sources/extraction/extraction.js';
import { sourceFilesUnder, type SourceFiles, sourceText } from './source-files.js';
import { isTemplate, templateWords } from './template-words.js';

export const CODE = 'code';
export const CODE_SCOPE: Scope = { shelves: [CODE] };

/** Files that are given to the extraction at once: some milliseconds of its work, so that what people bring has its turn. */
const AT_ONCE = 16;
const IDLE_MS = 60 * 60_000;

/** All that was read. */
export interface ReadCode {
  readonly corpus: Corpus;
  /** Names of its symbols, in small letters. */
  readonly symbols: ReadonlySet<string>;
}

@Injectable()
export class CodeShelf implements OnModuleDestroy {
  #files: Promise<SourceFiles> | undefined;
  #reading: Promise<ReadCode> | undefined;
  #idle: NodeJS.Timeout | undefined;
  readonly #stopping = new AbortController();

  constructor(
    @Inject(LAB_CONFIG) private readonly config: Pick<LabConfig, 'installRoot'>,
    @Inject(Extraction) private readonly extraction: Pick<Extraction, 'comments'>,
    @Inject(LOGGER) private readonly log: Pick<Logger, 'info' | 'warn'>,
  ) {}

  onModuleDestroy(): void {
    clearTimeout(this.#idle);
    this.#stopping.abort();
  }

  /** How many files of code are installed, and how long they are. Looked for once: an installation does not change while it runs. */
  async size(): Promise<{ documents: number; characters: number }> {
    const { files } = await this.#found();
    return { documents: files.size, characters: [...files.values()].reduce((sum, bytes) => sum + bytes, 0) };
  }

  /** One file whole, whether the shelf is read or not; undefined for a name that is none of these files. */
  async document(file: string): Promise<Document | undefined> {
    if (!(await this.#found()).files.has(file)) return undefined;
    const text = await sourceText(this.config.installRoot, file);
    return text === undefined ? undefined : documentOf(file, text);
  }

  /** Undefined when it is not read within the time; it goes on being read then, for the next question. */
  async within(ms: number): Promise<ReadCode | undefined> {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      this.#reading = undefined;
    }, IDLE_MS).unref();
    this.#reading ??= this.#read();
    const reading = this.#reading;
    reading.catch(() => {
      if (this.#reading === reading) this.#reading = undefined;
    });
    let late: NodeJS.Timeout | undefined;
    const waited = new Promise<undefined>((resolve) => {
      late = setTimeout(resolve, Math.max(0, ms), undefined);
    });
    try {
      return await Promise.race([reading, waited]);
    } finally {
      clearTimeout(late);
    }
  }

  #found(): Promise<SourceFiles> {
    this.#files ??= sourceFilesUnder(this.config.installRoot);
    return this.#files;
  }

  async #read(): Promise<ReadCode> {
    const begun = performance.now();
    const { files, cut } = await this.#found();
    if (cut)
      this.log.warn({ files: files.size }, 'not all of the installed code is in the knowledge base: there is too much');
    const corpus = new Corpus();
    const symbols = new Set<string>();
    const paths = [...files.keys()];
    for (let at = 0; at < paths.length; at += AT_ONCE) {
      if (this.#stopping.signal.aborted)
        throw new AppError('unavailable', 'Cannot read the code: the Librarian stops.');
      const batch = await this.#texts(paths.slice(at, at + AT_ONCE));
      const sources = batch.filter(({ name }) => !isTemplate(name));
      const places = sources.length === 0 ? [] : await this.extraction.comments(sources, this.#stopping.signal);
      for (const file of batch) {
        const { name, text } = file;
        const comments = isTemplate(name) ? templateWords(name, text) : (places[sources.indexOf(file)] ?? []);
        if (comments.length === 0) continue;
        for (const { path } of comments) for (const symbol of path) symbols.add(symbol.toLowerCase());
        corpus.add({ ...documentOf(name, text), comments }, CODE);
        await othersTurn();
      }
    }
    const tookMs = Math.round(performance.now() - begun);
    this.log.info(
      { files: files.size, documents: corpus.size(CODE_SCOPE), tookMs },
      'the comments of the installed code are read',
    );
    return { corpus, symbols };
  }

  async #texts(paths: readonly string[]): Promise<Array<{ name: string; text: string }>> {
    const texts: Array<{ name: string; text: string }> = [];
    for (const name of paths) {
      const text = await sourceText(this.config.installRoot, name);
      if (text !== undefined) texts.push({ name, text });
    }
    return texts;
  }
}

const documentOf = (file: string, text: string): Document =>
  newDocument({ file, text, collection: CODE, kind: 'text', title: file });
