import type { ThemeName } from '../text/style.ts';
import type { Machine } from './machine.ts';

/** The colours to begin with; NO_COLOR wins over everything. */
export const themeOf = ({ NO_COLOR, TANDEM_THEME }: Machine['environment']): ThemeName => {
  if (NO_COLOR !== undefined && NO_COLOR !== '') return 'plain';
  return TANDEM_THEME === 'dark' || TANDEM_THEME === 'light' || TANDEM_THEME === 'plain'
    ? TANDEM_THEME
    : 'terminal';
};
