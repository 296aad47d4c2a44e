// What a solution stands on, each with a way there.
import { evidenceOf } from './evidence.js';

export const EvidenceList = ({ evidence }: { evidence: readonly string[] }) => (
  <ul className="evidence" data-testid="evidence">
    {evidence.map(evidenceOf).map(({ text, href, outside }) => (
      <li key={text} className="mono">
        {href === undefined ? (
          text
        ) : (
          <a href={href} {...(outside ? { target: '_blank', rel: 'noopener noreferrer' } : {})}>
            {text}
          </a>
        )}
      </li>
    ))}
  </ul>
);
