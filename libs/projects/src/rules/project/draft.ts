// A project being mended, in memory. Nothing is on a disk before whoever asked puts it there.
import type { ProjectFile } from '../../project-file.js';

export class Draft {
  readonly #files: Map<string, ProjectFile>;
  readonly #changed = new Set<string>();
  /** Permission bits that files of the folder shall have. */
  readonly modes = new Map<string, number>();

  constructor(files: readonly ProjectFile[]) {
    this.#files = new Map(files.map((file) => [file.path, file]));
  }

  textOf(path: string): string {
    return Buffer.from(this.#files.get(path)?.bytes ?? []).toString('utf8');
  }

  write(path: string, text: string): void {
    if (this.textOf(path) === text && this.#files.has(path)) return;
    this.#files.set(path, { path, bytes: Buffer.from(text), executable: this.#files.get(path)?.executable ?? false });
    this.#changed.add(path);
  }

  /** A line at the end of a file, which is made when it is not there; nothing when the line is in it. */
  addLine(path: string, line: string): void {
    const before = this.textOf(path);
    if (before.split(/\r?\n/).includes(line)) return;
    const gap = before === '' || before.endsWith('\n') ? '' : '\n';
    this.write(path, `${before}${gap}${line}\n`);
  }

  files(): ProjectFile[] {
    return [...this.#files.values()];
  }

  changed(): ProjectFile[] {
    return this.files().filter(({ path }) => this.#changed.has(path));
  }
}
