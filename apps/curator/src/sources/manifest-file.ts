// A manifest's text to a manifest. What is wrong is told with its place in the file and what to do about it.
import { AppError } from '@labmesh/contracts';
import { LineCounter, type Node, parseDocument } from 'yaml';
import type { z } from 'zod';
import { guardPattern } from '../schemas/patterns.js';
import { checkSchema } from '../schemas/validator.js';
import { Manifest } from './manifest.js';
import { schemasOf } from './parameter-schemas.js';

/** Longest text of a manifest, characters. */
export const MANIFEST_CHARS_MAX = 65_536;
/** Times that all aliases together may repeat a node. */
const ALIASES_MAX = 200;
const PROBLEMS_MAX = 10;

/**
 * Reads a manifest. `file` is what it is called in errors.
 * @throws AppError invalid_input naming file, line, place and remedy of each of the first problems
 */
export async function readManifest(text: string, file: string): Promise<Manifest> {
  if (text.length > MANIFEST_CHARS_MAX)
    throw refused(file, [`it is ${text.length} characters long, ${MANIFEST_CHARS_MAX} is the most`]);
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    stringKeys: true,
    merge: true,
    lineCounter: lines,
  });
  const [broken] = [...document.errors, ...document.warnings];
  if (broken !== undefined) throw refused(file, [(broken.message.split('\n', 1)[0] ?? '').slice(0, 300)]);
  const parsed = Manifest.safeParse(withDefaults(plain(document, file)));
  if (parsed.success) {
    await checkInside(parsed.data, file);
    return parsed.data;
  }
  const lineOf = (path: readonly PropertyKey[]): string => {
    for (let depth = path.length; depth > 0; depth -= 1) {
      const node = document.getIn(path.slice(0, depth), true) as Node | undefined;
      if (node?.range) return `line ${lines.linePos(node.range[0]).line}`;
    }
    return 'line 1';
  };
  throw refused(
    file,
    parsed.error.issues
      .flatMap(flat)
      .slice(0, PROBLEMS_MAX)
      .map(
        ({ path, message }) => `${lineOf(path)}, ${path.length === 0 ? 'the manifest' : path.join('.')}: ${message}`,
      ),
  );
}

function plain(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: ALIASES_MAX });
  } catch (cause) {
    throw refused(file, [cause instanceof Error ? cause.message.slice(0, 200) : 'its aliases do not resolve'], cause);
  }
}

/** What `streamDefaults` says is said by every stream that does not say it otherwise. */
function withDefaults(manifest: unknown): unknown {
  if (typeof manifest !== 'object' || manifest === null || !('streamDefaults' in manifest)) return manifest;
  const { streamDefaults, ...rest } = manifest as Record<string, unknown>;
  const { streams } = rest;
  if (typeof streams !== 'object' || streams === null || typeof streamDefaults !== 'object') return rest;
  const filled = Object.entries(streams).map(([name, stream]) => [name, { ...streamDefaults, ...(stream as object) }]);
  return { ...rest, streams: Object.fromEntries(filled) };
}

/** A problem of each member of a union says little: the one that got furthest tells. */
function flat(issue: z.core.$ZodIssue): Array<{ path: PropertyKey[]; message: string }> {
  if (issue.code === 'unrecognized_keys')
    return [
      {
        path: [...issue.path],
        message: `has "${issue.keys.join('", "')}", which nothing here knows: correct the spelling or leave it out`,
      },
    ];
  return [{ path: [...issue.path], message: issue.message }];
}

async function checkInside(manifest: Manifest, file: string): Promise<void> {
  for (const [name, stream] of Object.entries(manifest.streams)) {
    if (stream.schema !== undefined) await checkSchema(stream.schema).catch(at(file, `streams.${name}.schema`));
    if ('parameters' in stream)
      await checkSchema({ type: 'object', properties: schemasOf(stream.parameters) }).catch(
        at(file, `streams.${name}.parameters`),
      );
  }
  if (!('errors' in manifest)) return;
  for (const [index, { body }] of manifest.errors.entries()) {
    try {
      if (body !== undefined) guardPattern(body);
    } catch (error) {
      at(file, `errors.${index}.body`)(error);
    }
  }
}

const at =
  (file: string, place: string) =>
  (error: unknown): never => {
    throw refused(file, [`${place}: ${error instanceof Error ? error.message : String(error)}`], error);
  };

const refused = (file: string, problems: readonly string[], cause?: unknown): AppError =>
  new AppError(
    'invalid_input',
    `Cannot use the manifest ${file}: ${problems.join('; ')}. docs/sources.md says what a manifest may hold.`,
    { cause },
  );
