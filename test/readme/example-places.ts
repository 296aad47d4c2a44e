// Where the pieces of CONTRIBUTING's example go: before this line of the file.
export const PLACES: Readonly<Record<string, string>> = {
  'libs/contracts/src/curator-datasets.ts': '  list_available_datasets: defineTool({',
  'apps/curator/src/curator.tools.ts': '  get_dataset: (input, call)',
  'test/story/ownership.table.ts': '  curator_list_available_datasets: {',
  'libs/endpoint/src/catalogue/every-tool.spec.ts': '  curator_list_available_datasets: [',
};
