// The way back from one thing to the list that it is of.
import type { ReactNode } from 'react';
import { Icon } from './icon.js';

export const BackLink = ({ href, children }: { href: string; children: ReactNode }) => (
  <a className="data-back" href={href}>
    <Icon name="back" /> {children}
  </a>
);
