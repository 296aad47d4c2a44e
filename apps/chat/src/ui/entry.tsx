// A name and what it stands for, in a list of such.
import type { ReactNode } from 'react';

export const Entry = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="record-entry">
    <dt>{name}</dt>
    <dd>{children}</dd>
  </div>
);
