// A project as the rules see it: texts, configuration that was read once, and what the folder knows. It changes nothing.
import ignoring from 'ignore';
import type { ProjectFile } from '../../project-file.js';
import { type Document, readJson, readToml, readYaml } from './document.js';

/** A text longer than this is looked at by nobody: it is data. */
const TEXT_BYTES_MAX = 4 * 1024 * 1024;
const LOOK_FOR_ZERO = 8_192;
const WITH_COMMENTS =
  /(^|\/)(tsconfig[^/]*\.json|jsconfig\.json|\.vscode\/[^/]+\.json|devcontainer\.json|[^/]+\.jsonc)$/;

/** What only the folder itself can tell. */
export interface DiskFacts {
  /** Permission bits of the `.env` files that are there. */
  readonly modes: ReadonlyMap<string, number>;
  /** Left out where the folder is in no git work tree. */
  readonly tracked?: ReadonlySet<string>;
  /** The `.env` files themselves, which are no part of the project. */
  readonly environment: readonly ProjectFile[];
}

export class TextFile {
  #document?: Document;
  #lines?: string[];

  constructor(
    readonly path: string,
    readonly text: string,
  ) {}

  get lines(): readonly string[] {
    this.#lines ??= this.text.split('\n');
    return this.#lines;
  }

  get name(): string {
    return this.path.slice(this.path.lastIndexOf('/') + 1);
  }

  /** With the slash at its end; empty for the project's root. */
  get folder(): string {
    return this.path.slice(0, this.path.lastIndexOf('/') + 1);
  }

  lineAt(offset: number): number {
    return this.text.slice(0, offset).split('\n').length;
  }

  /** Undefined for what is no JSON, YAML or TOML by its name. */
  get document(): Document | undefined {
    if (this.#document === undefined) {
      if (/\.(json|jsonc|ipynb)$/.test(this.path)) this.#document = readJson(this.text, WITH_COMMENTS.test(this.path));
      else if (/\.ya?ml$/.test(this.path)) this.#document = readYaml(this.text);
      else if (/\.toml$/.test(this.path)) this.#document = readToml(this.text);
    }
    return this.#document;
  }
}

export class Project {
  readonly texts: readonly TextFile[];
  readonly paths: ReadonlySet<string>;
  readonly #byPath: ReadonlyMap<string, TextFile>;

  constructor(
    readonly files: readonly ProjectFile[],
    readonly disk?: DiskFacts,
  ) {
    this.texts = [...files, ...(disk?.environment ?? [])].flatMap((file) => textOf(file) ?? []);
    this.paths = new Set(files.map(({ path }) => path));
    this.#byPath = new Map(this.texts.map((text) => [text.path, text]));
  }

  at(path: string): TextFile | undefined {
    return this.#byPath.get(path);
  }

  named(pattern: RegExp): readonly TextFile[] {
    return this.texts.filter(({ path }) => pattern.test(path));
  }

  /** What git would not take: by the `.gitignore` of the root and of the file's own folders. */
  ignores(path: string): boolean {
    const parts = path.split('/');
    return parts.some((_, depth) => {
      const folder = parts
        .slice(0, depth)
        .map((part) => `${part}/`)
        .join('');
      const rules = this.at(`${folder}.gitignore`);
      return rules !== undefined && ignoring().add(rules.text).ignores(path.slice(folder.length));
    });
  }
}

function textOf({ path, bytes }: ProjectFile): TextFile | undefined {
  if (bytes.length > TEXT_BYTES_MAX || bytes.subarray(0, LOOK_FOR_ZERO).includes(0)) return undefined;
  try {
    return new TextFile(path, new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}
