// One column's profile, asked of the engine in SQL. Counts are exact; how each figure is found, its name or its comment says.
import { answerOf } from '../engine/answer-values.js';
import { type EngineSession, quoteName } from '../engine/engine-session.js';
import type { WireRow, WireType } from '../engine/wire.js';
import type { Json } from '../rows.js';
import type { Column } from '../schemas/columns.js';
import { binsOf, type Histogram } from './histogram.js';

export interface ColumnProfile {
  readonly name: string;
  readonly type: string;
  readonly rows: number;
  readonly nulls: number;
  /** Rows that lack the column. */
  readonly missing: number;
  /** Different values, counted exactly. */
  readonly distinct: number;
  readonly min: Json;
  readonly max: Json;
  readonly numbers?: NumberProfile;
  readonly lengths?: { readonly least: number; readonly most: number; readonly mean: number };
  /** First and last, where every value is an ISO 8601 time. */
  readonly times?: { readonly first: Json; readonly last: Json };
  /** The most frequent values, those that come first in the order of their text among equals. */
  readonly top: ReadonlyArray<{ readonly value: Json; readonly count: number }>;
}

export interface NumberProfile {
  readonly mean: number;
  /** Of a sample: divided by n - 1. Null for one value. */
  readonly standardDeviation: number | null;
  /** By linear interpolation between the two nearest values (Hyndman and Fan 1996, type 7). */
  readonly quantiles: ReadonlyArray<{ readonly share: number; readonly value: number }>;
  readonly histogram: Histogram;
}

const SHARES = [0.05, 0.25, 0.5, 0.75, 0.95];
const TOP = 10;
const TOP_LENGTH_MAX = 200;
const NUMBER = /^(?:U?(?:TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(.*\))$/;

export interface ColumnOfTable {
  /** As SQL: where its rows come from. */
  readonly table: string;
  readonly name: string;
  readonly type: WireType;
  /** What the table says of it when it was written here. */
  readonly own: Column | undefined;
}

export async function profileColumn(
  session: EngineSession,
  { table, name, type, own }: ColumnOfTable,
): Promise<ColumnProfile> {
  const column = quoteName(name);
  const isJson = type.name === 'JSON';
  // A column that has both nulls and gaps holds JSON's own null for the former.
  const nullText = isJson ? `${column} = 'null'` : 'false';
  const there = `${column} IS NOT NULL AND NOT (${nullText})`;
  const scalar = type.valueType === undefined && type.entryTypes === undefined && !isJson;
  const [counts] = await asked(
    session,
    `SELECT count(*), count(*) FILTER (${column} IS NULL), count(*) FILTER (${nullText}),
      count(DISTINCT ${column}) FILTER (${there})${scalar ? `, min(${column}), max(${column})` : ', NULL, NULL'} FROM ${table}`,
  );
  const [rows, empty, jsonNulls, distinct, min = null, max = null] = counts ?? [];
  const gapsAreMissing = own?.absent === true;
  const present = Number(rows) - Number(empty) - Number(jsonNulls);
  const numbers =
    NUMBER.test(type.name) && present > 0
      ? await profileNumbers(session, { table, column, type: type.name })
      : undefined;
  return {
    name,
    type: type.name,
    rows: Number(rows),
    nulls: Number(jsonNulls) + (gapsAreMissing ? 0 : Number(empty)),
    missing: gapsAreMissing ? Number(empty) : 0,
    distinct: Number(distinct),
    min: shortened(min),
    max: shortened(max),
    ...(numbers === undefined ? {} : { numbers }),
    ...(type.name === 'VARCHAR' && present > 0 ? await profileTexts(session, { table, column }) : {}),
    top: await topValues(session, { table, column }, there),
  };
}

interface Place {
  readonly table: string;
  readonly column: string;
}

interface ColumnPlace extends Place {
  /** As the engine names it. */
  readonly type: string;
}

/** From here on sums, squares and ranges of doubles may be more than a double holds. */
const LARGE = 2 ** 500;
/** What such values are divided by while they are summed; that is exact. */
const SCALE = 2 ** 530;
const WHOLE = /^U?(?:TINYINT|SMALLINT|INTEGER|BIGINT)$/;

/** How values are reckoned with as doubles, so that none of their differences is lost, and what such a figure stands for. */
interface Reckoned {
  readonly sql: string;
  /** Of the least, as SQL. */
  readonly least: string;
  readonly value: (figure: number) => number;
  readonly distance: (figure: number) => number;
}

async function profileNumbers(session: EngineSession, place: ColumnPlace): Promise<NumberProfile | undefined> {
  const { table, column } = place;
  const values = `FROM (SELECT ${column} AS v, CAST(${column} AS DOUBLE) AS x FROM ${table} WHERE ${column} IS NOT NULL) WHERE isfinite(x)`;
  const { sql: x, least: origin, value, distance } = await reckoned(session, place, values);
  // About the least value: squares of large values would hide how little they differ.
  const [figures] = await asked(
    session,
    `SELECT avg(${x}), stddev_samp(${x} - ${origin}), quantile_cont(${x}, [${SHARES.join(', ')}]), min(${x}), max(${x}), count(*) ${values}`,
  );
  const [mean, deviation, quantiles, least, most, count] = figures ?? [];
  if (!Array.isArray(quantiles) || Number(count) === 0) return undefined;
  const found = quantiles.map(Number);
  const plan = binsOf({
    least: Number(least),
    most: Number(most),
    quartiles: [found[1] ?? 0, found[3] ?? 0],
    count: Number(count),
  });
  const bins = await asked(
    session,
    `SELECT least(CAST(floor((${x} - ${plan.from}) / ${plan.width}) AS BIGINT), ${plan.bins - 1}) AS bin, count(*) ${values} GROUP BY bin`,
  );
  const counts = new Map(bins.map(([bin, held]) => [Number(bin), Number(held)]));
  return {
    mean: value(Number(mean)),
    standardDeviation: deviation === null ? null : distance(Number(deviation)),
    quantiles: SHARES.map((share, index) => ({ share, value: value(found[index] ?? 0) })),
    histogram: {
      ...plan,
      from: value(plan.from),
      width: distance(plan.width),
      counts: Array.from({ length: plan.bins }, (_, bin) => counts.get(bin) ?? 0),
    },
  };
}

async function reckoned(session: EngineSession, { type }: ColumnPlace, values: string): Promise<Reckoned> {
  const [extremes] = await asked(session, `SELECT max(abs(x)), min(x), CAST(min(v) AS VARCHAR) ${values}`);
  const [largest, least, leastExact] = extremes ?? [];
  if (WHOLE.test(type) && Number(largest) > Number.MAX_SAFE_INTEGER) {
    const base = BigInt(String(leastExact));
    const sql = `CAST(CAST(v AS HUGEINT) - CAST('${base}' AS HUGEINT) AS DOUBLE)`;
    return {
      sql,
      least: '0',
      value: (figure) => Number(base + BigInt(Math.round(figure))),
      distance: (figure) => figure,
    };
  }
  const scale = Number(largest ?? 0) > LARGE ? SCALE : 1;
  const scaled = (figure: number): number => Math.max(-Number.MAX_VALUE, Math.min(figure * scale, Number.MAX_VALUE));
  const origin = `CAST('${Number(least ?? 0) / scale}' AS DOUBLE)`;
  // The largest double stands for what is more than that.
  return { sql: scale === 1 ? 'x' : `(x / ${scale})`, least: origin, value: scaled, distance: scaled };
}

async function profileTexts(
  session: EngineSession,
  { table, column }: Place,
): Promise<Pick<ColumnProfile, 'lengths' | 'times'>> {
  const [lengths] = await asked(
    session,
    `SELECT min(length(${column})), max(length(${column})), avg(length(${column})) FROM ${table}`,
  );
  const [least, most, mean] = (lengths ?? []).map(Number);
  // A look at a few first: most texts are no times.
  const time = `TRY(iso_time(${column}))`;
  const [few] = await asked(
    session,
    `SELECT count(*) FILTER (${time} IS NULL) FROM (SELECT ${column} FROM ${table} WHERE ${column} IS NOT NULL LIMIT 20)`,
  );
  const [times] =
    Number(few?.[0]) > 0
      ? []
      : await asked(
          session,
          `SELECT min(${time}), max(${time}), count(*) FILTER (${time} IS NULL) FROM ${table} WHERE ${column} IS NOT NULL`,
        );
  return {
    lengths: { least: least ?? 0, most: most ?? 0, mean: mean ?? 0 },
    ...(times === undefined || Number(times[2]) > 0
      ? {}
      : { times: { first: times[0] ?? null, last: times[1] ?? null } }),
  };
}

async function topValues(
  session: EngineSession,
  { table, column }: Place,
  there: string,
): Promise<ColumnProfile['top']> {
  const found = await asked(
    session,
    `SELECT ${column}, count(*) AS n FROM ${table} WHERE ${there} GROUP BY ${column} ORDER BY n DESC, CAST(${column} AS VARCHAR) LIMIT ${TOP}`,
  );
  return found.map(([value = null, count]) => ({ value: shortened(value), count: Number(count) }));
}

/** Rows of a short answer, as exact JSON. */
async function asked(session: EngineSession, sql: string): Promise<Json[][]> {
  const { names, types, portions } = await session.stream(sql);
  const rows: WireRow[] = [];
  for await (const portion of portions) rows.push(...portion);
  return answerOf(names, types, rows).rows;
}

function shortened(value: Json): Json {
  const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
  return typeof text === 'string' && text.length > TOP_LENGTH_MAX ? `${text.slice(0, TOP_LENGTH_MAX)}…` : value;
}
