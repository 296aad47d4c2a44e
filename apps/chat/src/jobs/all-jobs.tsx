// The way back from one job, or from an array, to the list.
import { jobsHref } from '../route.js';
import { Icon } from '../ui/icon.js';

export const AllJobs = () => (
  <a className="data-back" href={jobsHref('list')}>
    <Icon name="back" /> All jobs
  </a>
);
