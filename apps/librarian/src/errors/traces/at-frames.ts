// Frames that begin with `at`: of Node, Java (Kotlin, Scala) and C#. It reads one line and knows nothing of what stands around it.
import type { TraceLanguage } from '@labmesh/contracts';
import { type Frame, numberOf } from './trace.js';

export interface AtFrame {
  readonly language: TraceLanguage;
  readonly frame: Frame;
}

const AT = /^\s*at (?:async )?(\S.*)$/;
/** `fn (place)`, where the place is a file with line and column, or what has none. */
const NODE =
  /^(?:(.+?) \()?((?:file:\/\/|node:|webpack:|\/|[A-Za-z]:[\\/]|\.{0,2}\/|[\w@.-]+\/|<anonymous>|native|[\w.-]+\.[cm]?[jt]sx?:)[^()]*?)(?::(\d+))?(?::(\d+))?\)?$/;
const JAVA = /^(?:[\w.@-]+\/{1,2})*([\w$.<>]+)\.([\w$<>]+)\(([^():]+)(?::(\d+))?\)(?: ~?\[.*\])?$/;
const CSHARP = /^([^()]{1,300})\(.*\)(?: in (.{1,400}):line (\d+))?$/;
const CSHARP_NAME = /^[\w.<>`[\]|+,$ ]+$/;
const JAVA_FILE = /\.(?:java|kt|kts|scala|groovy|clj)$|^(?:Native Method|Unknown Source)$/;

/** Of the language, of its servers and of what many programs are built on. */
const JAVA_FOREIGN =
  /^(?:java|javax|jakarta|jdk|sun|com\.sun|kotlin|kotlinx|scala|groovy|clojure|org\.(?:springframework|apache|junit|eclipse|hibernate|gradle|codehaus|slf4j)|io\.(?:netty|micrometer|grpc)|com\.(?:google|fasterxml|zaxxer)|reactor|akka)\./;
const CSHARP_FOREIGN = /^(?:System|Microsoft|Newtonsoft|NUnit|Xunit)\b/;
const NODE_FOREIGN = /(?:^|[\\/])node_modules[\\/]|^node:|^internal\/|^<anonymous>$|^native$|^webpack:|\/\.pnp\./;

/** Lines that are longer say nothing that a person reads. */
const CHARACTERS_MAX = 1_000;

/** The frame that a line is; undefined for what is none. */
export function atFrame(line: string): AtFrame | undefined {
  if (line.length > CHARACTERS_MAX) return undefined;
  const said = AT.exec(line)?.[1]?.trimEnd().replace(/ \{$/, '');
  if (said === undefined) return undefined;
  return javaFrame(said) ?? nodeFrame(said) ?? csharpFrame(said);
}

function javaFrame(said: string): AtFrame | undefined {
  const [, type = '', method = '', file = '', line] = JAVA.exec(said) ?? [];
  if (!JAVA_FILE.test(file)) return undefined;
  const name = `${type}.${method}`;
  const own = line !== undefined && !JAVA_FOREIGN.test(name);
  const known = file.includes(' ') ? null : file;
  return { language: 'java', frame: { file: known, line: numberOf(line), function: name, own } };
}

function nodeFrame(said: string): AtFrame | undefined {
  const found = NODE.exec(said);
  if (found === null) return undefined;
  const [, name, place = '', line] = found;
  if (name === undefined && line === undefined && place !== '<anonymous>') return undefined;
  const file = place.replace(/^file:\/\//, '');
  const own = line !== undefined && !NODE_FOREIGN.test(file);
  return { language: 'node', frame: { file, line: numberOf(line), function: name ?? null, own } };
}

function csharpFrame(said: string): AtFrame | undefined {
  const found = CSHARP.exec(said);
  if (found === null) return undefined;
  const [, name = '', file, line] = found;
  if (!name.includes('.') || !CSHARP_NAME.test(name)) return undefined;
  const frame = { file: file ?? null, line: numberOf(line), function: name, own: !CSHARP_FOREIGN.test(name) };
  return { language: 'csharp', frame };
}
