import { Monitor, Moon, Sun } from '../controls/icons.js';
import { chooseTheme, themes, useTheme, type Theme } from './theme.js';

const faces: Record<Theme, { label: string; icon: typeof Sun }> = {
  system: { label: 'as the system', icon: Monitor },
  light: { label: 'light', icon: Sun },
  dark: { label: 'dark', icon: Moon },
};

/** Steps through system, light and dark. */
export function ThemeToggle() {
  const theme = useTheme();
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] as Theme;
  const { icon: Icon, label } = faces[theme];
  return (
    <button
      type="button"
      onClick={() => chooseTheme(next)}
      className="grid size-8 place-items-center rounded-md text-ink-2 hover:bg-sunk hover:text-ink"
      title={`Colours: ${label}`}
      aria-label={`Colours: ${label}. Switch to ${faces[next].label}`}
    >
      <Icon />
    </button>
  );
}
