// Said where the lab lists none of the tools that a view needs.
import { Notice } from './notice.js';

export const NotForYou = () => (
  <Notice title="This is not for this sign-in.">
    <p>The lab lists none of the tools that this view needs. Ask the operator for a wallet with such a role.</p>
  </Notice>
);
