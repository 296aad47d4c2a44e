// The button that changes between light and dark.
import { Icon } from './icon.js';
import { useTheme } from './theme.js';

export function ThemeToggle() {
  const { theme, toggle } = useTheme();
  const label = theme === 'dark' ? 'Use the light theme' : 'Use the dark theme';
  return (
    <button
      type="button"
      className="button button-icon"
      data-testid="theme-toggle"
      aria-label={label}
      title={label}
      onClick={toggle}
    >
      <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
    </button>
  );
}
