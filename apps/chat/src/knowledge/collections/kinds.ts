// How a file can be read, as the tool that takes it says: a kind that the lab learns appears here by itself.
const LABELS: Readonly<Record<string, string>> = {
  markdown: 'Markdown',
  text: 'plain text',
  html: 'HTML',
  pdf: 'PDF',
  notebook: 'a notebook',
  code: 'code',
  openapi: 'OpenAPI',
  log: 'a log',
};

export function kindsIn(
  schema: Readonly<Record<string, unknown>> | undefined,
): Array<{ value: string; label: string }> {
  const properties = schema?.properties as Readonly<Record<string, { enum?: unknown }>> | undefined;
  const kinds = properties?.kind?.enum;
  return Array.isArray(kinds)
    ? kinds.filter((kind) => typeof kind === 'string').map((kind) => ({ value: kind, label: LABELS[kind] ?? kind }))
    : [];
}
