// How a validation's state is shown.
import type { ValidationState } from '@labmesh/contracts';
import type { Style } from '../output/table.js';

export const STATE_STYLES: Readonly<Record<ValidationState, Style>> = {
  open: 'yellow',
  confirmed: 'green',
  refuted: 'red',
  undecided: 'dim',
  cancelled: 'dim',
};
