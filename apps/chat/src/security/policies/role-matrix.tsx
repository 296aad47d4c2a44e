// Roles against permissions: a mark where a role has one.
import { Icon } from '../../ui/icon.js';
import { permissionRows, type RolePermissions } from './policy.js';

export function RoleMatrix({ roles }: { roles: readonly RolePermissions[] }) {
  const held = new Map(roles.map(({ role, permissions }) => [role, new Set(permissions)]));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="matrix" aria-label="Permissions of each role" tabIndex={0}>
      <table data-testid="policy-matrix">
        <thead>
          <tr>
            <th scope="col">Permission</th>
            {roles.map(({ role }) => (
              <th key={role} scope="col" className="matrix-role">
                {role}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {permissionRows(roles).map((permission) => (
            <tr key={permission}>
              <th scope="row" className="mono">
                {permission}
              </th>
              {roles.map(({ role }) => (
                <td key={role} className="matrix-cell">
                  {held.get(role)?.has(permission) ? (
                    <>
                      <Icon name="check" />
                      <span className="sr-only">yes</span>
                    </>
                  ) : (
                    <span className="sr-only">no</span>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
