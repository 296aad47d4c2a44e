// `npm run bench -- fingerprints`: how well lines of logs are grouped by event, and how many a second.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Fingerprints } from '@labmesh/librarian';
import { parse } from 'csv-parse/sync';
import { labelledFiles } from '../labelled-files.js';
import { atLeast, type BenchResult, result, round } from '../report.js';
import { median } from '../timed.js';

const ACCURACY_MIN = 0.93;
const LINES_PER_SECOND_MIN = 50_000;
/** Turns over all lines. */
const TURNS = 5;

interface Line {
  readonly Content: string;
  readonly EventId: string;
}

export async function fingerprintsBench({ data }: { readonly data: string | undefined }): Promise<BenchResult> {
  const files = await labelledFiles('logs', '.csv', data);
  const systems: { name: string; lines: readonly Line[] }[] = [];
  for (const path of files.paths)
    systems.push({
      name: basename(path, '.csv'),
      lines: parse(await readFile(path), { columns: true, bom: true }) as Line[],
    });
  if (systems.length === 0) return result('fingerprints', [], [], files.notes);
  const figures = systems.map(({ name, lines }) => {
    const fingerprints = new Fingerprints();
    const given = lines.map(({ Content }) => fingerprints.add(Content).id);
    const ids = given.map((id) => fingerprints.current(id));
    const events = new Set(lines.map(({ EventId }) => EventId)).size;
    return {
      case: name,
      accuracy: accuracyOf(
        ids,
        lines.map(({ EventId }) => EventId),
      ),
      values: { lines: lines.length, events, groups: new Set(ids).size },
    };
  });
  const accuracy = figures.reduce((sum, each) => sum + each.accuracy, 0) / figures.length;
  const speed = linesPerSecond(systems.flatMap(({ lines }) => lines.map(({ Content }) => Content)));
  return result(
    'fingerprints',
    [
      ...figures.map(({ case: name, accuracy: own, values }) => ({
        case: name,
        values: { ...values, accuracy: round(own) },
      })),
      { case: 'all', values: { lines: speed.lines, accuracy: round(accuracy), 'lines/CPU s': round(speed.perSecond) } },
    ],
    [
      atLeast('grouping accuracy, mean of the systems', round(accuracy), ACCURACY_MIN),
      atLeast('lines a second of CPU time', round(speed.perSecond), LINES_PER_SECOND_MIN),
    ],
  );
}

/**
 * Share of the lines whose group holds exactly the lines of their event.
 * Source: J. Zhu et al., "Tools and benchmarks for automated log parsing", ICSE-SEIP 2019, grouping accuracy.
 */
export function accuracyOf(groups: readonly string[], events: readonly string[]): number {
  const sizes = new Map<string, number>();
  const count = (key: string): void => void sizes.set(key, (sizes.get(key) ?? 0) + 1);
  for (const [at, group] of groups.entries()) {
    count(`group ${group}`);
    count(`event ${events[at]}`);
    count(`both ${group} ${events[at]}`);
  }
  const right = groups.filter((group, at) => {
    const both = sizes.get(`both ${group} ${events[at]}`);
    return both === sizes.get(`group ${group}`) && both === sizes.get(`event ${events[at]}`);
  });
  return right.length / groups.length;
}

/** By CPU time of all threads, as the lines come one by one. Each turn begins with nothing known. */
function linesPerSecond(lines: readonly string[]): { lines: number; perSecond: number } {
  const seconds = Array.from({ length: TURNS }, () => {
    const fingerprints = new Fingerprints();
    const before = process.cpuUsage();
    for (const line of lines) fingerprints.add(line);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  });
  return { lines: lines.length, perSecond: lines.length / median(seconds) };
}
