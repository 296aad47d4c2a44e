// What looks into datasets, together: so that the Curator's tools are given one thing.
import { Inject, Injectable } from '@nestjs/common';
import { DatasetProfiles } from '../profile/dataset-profiles.js';
import { DatasetComparison } from './dataset-comparison.js';
import { DatasetQueries } from './dataset-queries.js';

@Injectable()
export class DatasetAnalysis {
  constructor(
    @Inject(DatasetQueries) readonly queries: DatasetQueries,
    @Inject(DatasetProfiles) readonly profiles: DatasetProfiles,
    @Inject(DatasetComparison) readonly comparison: DatasetComparison,
  ) {}
}
