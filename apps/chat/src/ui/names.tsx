// Names of tools or permissions, one beside the other.
export const Names = ({ names }: { names: readonly string[] }) => (
  <ul className="value-list">
    {names.map((name) => (
      <li key={name} className="mono">
        {name}
      </li>
    ))}
  </ul>
);
