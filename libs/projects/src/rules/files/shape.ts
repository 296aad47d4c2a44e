// A configuration file held against its schema: each difference with the line it stands on.
import type { z } from 'zod';
import type { Project, TextFile } from '../project/project.js';
import type { Found, Rule } from '../rule.js';

/** Most that is told of one file: the rest follows from it, or is more of the same. */
const TOLD_MAX = 10;

export const FILES = 'Configuration files';

export function* differences(file: TextFile, schema: z.ZodType, remedy: string): Generator<Found> {
  const { document } = file;
  if (document === undefined || document.faults.length > 0) return;
  const checked = schema.safeParse(document.value);
  for (const { path, message } of checked.error?.issues.slice(0, TOLD_MAX) ?? []) {
    const steps = path.map((step) => (typeof step === 'number' ? step : String(step)));
    yield {
      path: file.path,
      line: document.lineOf(steps),
      message: `${steps.length === 0 ? 'The file' : steps.join('.')}: ${message}.`,
      remedy,
    };
  }
}

interface ShapeRule {
  readonly id: string;
  readonly title: string;
  readonly files: RegExp;
  readonly schema: z.ZodType;
  /** Where it says what may stand there. */
  readonly see: string;
  readonly more?: (file: TextFile, project: Project) => Iterable<Found>;
}

/** A rule that is one schema, and what no schema can say. */
export const shapeRule = ({ id, title, files, schema, see, more }: ShapeRule): Rule => ({
  id,
  family: FILES,
  severity: 'error',
  title,
  *look(project) {
    for (const file of project.named(files)) {
      yield* differences(file, schema, `See ${see}`);
      if (file.document?.faults.length === 0) yield* more?.(file, project) ?? [];
    }
  },
});
