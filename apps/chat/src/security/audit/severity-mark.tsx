// A severity in words, with a dot of its colour.
import { SEVERITY_MEANING, type Severity } from './record.js';

export const SeverityMark = ({ severity }: { severity: Severity }) => (
  <span className={`severity severity-${severity}`} title={SEVERITY_MEANING[severity]}>
    {severity}
  </span>
);
