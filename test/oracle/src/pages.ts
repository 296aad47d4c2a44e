// Lists in answers: what they hold can be changed, and the pages of one can be joined. All else of an answer stays as it is.

/** The kinds of lists, by the member of the result that holds the items. */
const KINDS = ['tools', 'prompts', 'resources', 'resourceTemplates'] as const;

type Item = Readonly<Record<string, unknown>>;
type Result = Record<string, Item[] | undefined>;

/** Answers as JSON and as events of a stream alike: a line is a message, or `data: ` and a message. */
const MESSAGE = /^(data: )?(\{.*\})$/gm;

/** The text with each list in it as `change` leaves it. */
export function onLists(text: string, change: (result: Result, kind: string) => void): string {
  if (!KINDS.some((kind) => text.includes(`"${kind}":[`))) return text;
  return text.replace(MESSAGE, (line, prefix: string | undefined, json: string) => {
    const message = parsed(json);
    const result = message?.result;
    const kind = KINDS.find((each) => Array.isArray(result?.[each]));
    if (result === undefined || kind === undefined) return line;
    change(result, kind);
    return `${prefix ?? ''}${JSON.stringify(message)}`;
  });
}

function parsed(json: string): { result?: Result } | undefined {
  try {
    return JSON.parse(json) as never;
  } catch {
    return undefined;
  }
}

/** Every different answer around the items, then all items in their order: the same wherever the pages ended. */
export function asOnePage(pages: readonly string[]): string[] {
  const items: Item[] = [];
  const frames = pages.map((page) =>
    onLists(page, (result, kind) => {
      items.push(...(result[kind] ?? []));
      result[kind] = [];
    }),
  );
  return [...new Set(frames), items.map((item) => JSON.stringify(item)).join('\n')];
}
