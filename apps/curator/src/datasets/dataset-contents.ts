// What works on the rows of datasets, together: so that the Curator's tools are given one thing.
import { Inject, Injectable } from '@nestjs/common';
import { DatasetChecker } from './dataset-checker.js';
import { DatasetFetcher } from './dataset-fetcher.js';
import { DatasetTransforms } from './dataset-transforms.js';

@Injectable()
export class DatasetContents {
  constructor(
    @Inject(DatasetFetcher) readonly fetcher: DatasetFetcher,
    @Inject(DatasetChecker) readonly checker: DatasetChecker,
    @Inject(DatasetTransforms) readonly transforms: DatasetTransforms,
  ) {}
}
