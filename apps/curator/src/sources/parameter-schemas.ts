// The parameters of a stream as JSON Schemas, without what only manifests know.
export const schemasOf = (parameters: Readonly<Record<string, Record<string, unknown>>>): Record<string, object> =>
  Object.fromEntries(Object.entries(parameters).map(([name, { required: _ours, ...schema }]) => [name, schema]));
