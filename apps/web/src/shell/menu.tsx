import type { May } from '../door/scopes.ts';
import type { Route } from '../route/route.ts';
import { Link } from './parts.tsx';

const entries = [
  { screen: 'usage', words: 'Usage', scope: 'usage:read' },
  { screen: 'audit', words: 'Audit', scope: 'audit:read' },
  { screen: 'webhooks', words: 'Webhooks', scope: 'webhooks:read' },
] as const satisfies readonly {
  readonly screen: Route['screen'];
  readonly words: string;
  readonly scope: string;
}[];

/** Screens about the organisation, as far as the key may see them. The browser closes it: by Escape, and by a press beside it. */
export const Menu = ({ may }: { readonly may: May }) => {
  const shown = entries.filter(({ scope }) => may.has(scope));
  if (shown.length === 0) return null;
  return (
    <>
      <button type="button" className="plain" popoverTarget="menu">
        More
      </button>
      <ul id="menu" popover="auto" className="menu">
        {shown.map(({ screen, words }) => (
          <li key={screen}>
            <Link to={{ screen }} className="button plain">
              {words}
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
};
