// What makes somebody else's version of a dataset readable: its owner said so in a validation, and that is still open.

/** Of `datasets` as d and `dataset_versions` as v. */
export const SHARED = `EXISTS (SELECT 1 FROM curator.validations s WHERE s.dataset_id = d.id AND s.version = v.version
  AND s.shares_data AND s.state = 'open' AND s.deadline > clock_timestamp())`;
