// The door of the Curator: its module for the lab app, its list for the bench.
export { CuratorModule } from './curator.module.js';
export { DatasetCatalogue } from './datasets/dataset-catalogue.js';
export { DatasetListing } from './datasets/dataset-listing.repository.js';
