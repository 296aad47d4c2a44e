// Stack traces that name the sources instead of the bundle. A map is read when the first trace through its file is told: what Node
// does by itself reads every map at the start and looks through every program's text, a sixth of a start. It must never throw.
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** From now on traces through files in `folder` name what is in the maps beside them. */
export function nameSources(folder) {
  const prefix = pathToFileURL(folder + sep).href;
  const maps = new Map();

  function mapOf(url) {
    if (!maps.has(url)) maps.set(url, readMap(`${fileURLToPath(url)}.map`));
    return maps.get(url);
  }

  function told(call) {
    const text = String(call);
    const url = call.getFileName();
    if (!url?.startsWith(prefix)) return text;
    const [line, column] = [call.getLineNumber(), call.getColumnNumber()];
    const entry = mapOf(url)?.findEntry(line - 1, column - 1);
    // The map's last word before this place may be of an earlier line: then there is nothing on this one, as in packages.
    if (entry?.originalSource === undefined || entry.generatedLine !== line - 1) return text;
    const source = resolve(folder, entry.originalSource);
    return text.replace(`${url}:${line}:${column}`, `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`);
  }

  Error.prepareStackTrace = (error, calls) =>
    [headOf(error), ...calls.map((call) => `    at ${told(call)}`)].join('\n');
}

function readMap(path) {
  try {
    return new SourceMap(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined; // traces then name the bundle
  }
}

function headOf(error) {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return '<error>';
  }
}
