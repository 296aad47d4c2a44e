// How a stream of a web API is asked: request, pages, where the records are, what tells them apart, how to go on.
import { z } from 'zod';
import { DriftRule, Duration, Parameters, Pointer, Template, Text, Topics, Word } from './manifest-values.js';

const Request = z.strictObject({
  method: z.enum(['GET', 'POST']).default('GET'),
  path: z.string().startsWith('/', 'must begin with /').max(500),
  query: z.record(Word, Template).default({}),
  /** JSON, in which {name} stands for a parameter. */
  body: z.json().optional(),
});

/** How the next page is asked for. Each gives its variables to the request: {page} and {size}, {offset} and {size}, {cursor}, {from} and {to}. */
const Paginator = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({
    kind: z.literal('page'),
    first: z.int().min(0).max(1).default(1),
    size: z.int().min(1).max(10_000),
    /** How many pages there are; or true where one more follows. Left out: the first page that is not full is the last. */
    pages: Pointer.optional(),
    more: Pointer.optional(),
    /** How many records there are: another number while paging says that they have moved. */
    total: Pointer.optional(),
  }),
  z.strictObject({
    kind: z.literal('offset'),
    size: z.int().min(1).max(10_000),
    total: Pointer.optional(),
  }),
  z.strictObject({ kind: z.literal('cursor'), next: Pointer, size: z.int().min(1).max(10_000).optional() }),
  z.strictObject({
    kind: z.literal('link'),
    /** The first of these that is there; left out: the Link header (RFC 8288). */
    next: z.array(Pointer).min(1).optional(),
  }),
  z.strictObject({
    kind: z.literal('windows'),
    /** Longest time that one request may ask for. */
    span: Duration,
  }),
]);

const Records = z.strictObject({
  /** Of a list of records, or of the one record. */
  path: Pointer.default(''),
  /** The records are values of an object, or lists in it; its keys go into this column. */
  keyedAs: Word.optional(),
  /** Records that are no objects become ones with this column. */
  scalarAs: Word.optional(),
  /** The reply is XML: where in a record each column is. Names come without prefixes, attributes with an @, texts beside attributes as #text. */
  xml: z.record(Word, Pointer).optional(),
  /** Under this name a record holds further records of its kind. */
  nested: Word.optional(),
  /** Records without anything there are none. */
  having: Pointer.optional(),
});

/** Times or numbers that may be asked for: {from} and {to} of the request. */
const Range = z.strictObject({
  format: z.enum(['date', 'datetime', 'integer', 'text']),
  /** How far back a first fetch goes, or where it begins. */
  begin: z.union([Duration, z.strictObject({ at: z.union([z.string().max(40), z.int()]) })]).optional(),
  /** Nothing is there before. */
  earliest: z.string().max(40).optional(),
});

const Cursor = z.strictObject({
  field: Pointer,
  /** How much is asked for again: late and corrected records. A duration, or a number where the cursor is one. */
  lookBack: z.union([Duration, z.int().min(0)]).default(0),
});

export const HttpStream = z
  .strictObject({
    title: Text,
    description: Text,
    topics: Topics.optional(),
    request: Request,
    parameters: Parameters.default({}),
    range: Range.optional(),
    paginator: Paginator.default({ kind: 'none' }),
    records: Records.prefault({}),
    /** JSON Schema of one row; left out: as the rows have it. */
    schema: z.record(z.string(), z.unknown()).optional(),
    primaryKey: z.array(Pointer.min(1)).min(1).max(8).optional(),
    cursor: Cursor.optional(),
    /** How long a fetch is fresh; then it is fetched again by itself. Left out: only when asked. */
    freshness: Duration.optional(),
    drift: DriftRule,
  })
  .superRefine((stream, context) => {
    const problem = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (stream.cursor !== undefined && stream.primaryKey === undefined)
      problem('cursor', 'needs a primaryKey: without one, a row that comes again would be another row');
    if (stream.cursor !== undefined && stream.range === undefined)
      problem('cursor', 'needs a range: say in which format {from} of the request is');
    if (stream.paginator.kind === 'windows' && (stream.range === undefined || !stream.range.format.startsWith('date')))
      problem('paginator', 'needs a range of dates or times: the windows are parts of it');
    if (stream.range?.format === 'text' && stream.cursor !== undefined && stream.cursor.lookBack !== 0)
      problem('cursor', 'cannot look back in texts: leave lookBack out');
  });

export type HttpStream = z.output<typeof HttpStream>;
export type Paginator = HttpStream['paginator'];
export type Range = NonNullable<HttpStream['range']>;
