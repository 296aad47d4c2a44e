// The Curator's tools for looking into datasets: contract to domain, nothing else.
import type { curatorParts, Handlers } from '@labmesh/contracts';
import type { DatasetAnalysis } from './dataset-analysis.js';

export const analysisTools = ({
  queries,
  profiles,
  comparison,
}: DatasetAnalysis): Handlers<typeof curatorParts.analysis> => ({
  query_dataset: (input, call) => queries.query(input, call),
  save_query: (input, call) => queries.save(input, call),
  profile_dataset: (input, call) => profiles.profile(input, call),
  infer_schema: (input, call) => comparison.infer(input, call),
  compare_datasets: (input, call) => comparison.compare(input, call),
});
