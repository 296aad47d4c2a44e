// Rows checked against a JSON Schema: one of the simple kind, and one that the validator itself must judge.
import { validateRows } from '@labmesh/curator/engine';
import { atMost, type Figure, type Floor, round } from '../report.js';
import { median } from '../timed.js';
import { rowOf } from './measured-rows.js';

const ROWS = 100_000;
const TURNS = 5;
/** 100,000 rows a second. */
const MICROS_MAX = 10;

const SIMPLE = {
  type: 'object',
  properties: {
    id: { type: 'integer', minimum: 0 },
    time: { type: 'string', minLength: 20 },
    station: { type: 'string', pattern: '^st[0-9]+$' },
    flux: { type: 'number', minimum: -1, maximum: 1 },
    count: { type: 'integer', minimum: 0, maximum: 1_000 },
    ok: { type: 'boolean' },
    note: { type: ['string', 'null'] },
    lat: { type: 'number', minimum: -90, maximum: 90 },
    lon: { type: 'number', minimum: -181, maximum: 181 },
    kind: { enum: ['B', 'C', 'M'] },
  },
  required: ['id', 'time', 'station', 'flux', 'count', 'ok', 'note', 'lat', 'lon', 'kind'],
  additionalProperties: false,
};

export async function validationFigures(): Promise<{ figures: Figure[]; floors: Floor[] }> {
  const rows = Array.from({ length: ROWS }, (_, n) => rowOf(n));
  const [simple, other] = [await microsOf(SIMPLE, rows), await microsOf({ allOf: [SIMPLE] }, rows)];
  const figure = (name: string, micros: number): Figure => ({
    case: name,
    values: { rows: ROWS, 'us/row': round(micros), 'rows/s': round(1e6 / micros) },
  });
  return {
    figures: [
      figure('validation of ten columns, simple schema', simple),
      figure('the same by the validator itself (inside of allOf)', other),
    ],
    floors: [atMost('validation, us a row', round(simple), MICROS_MAX)],
  };
}

async function microsOf(schema: Record<string, unknown>, rows: readonly unknown[]): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn <= TURNS; turn += 1) {
    const started = performance.now();
    const { valid } = await validateRows(schema, rows, 10);
    times.push(performance.now() - started);
    if (!valid) throw new Error('The rows must fit, or another thing is measured');
  }
  return (median(times.slice(1)) * 1_000) / rows.length;
}
