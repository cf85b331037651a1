import './no-eval.ts';
import { createRoot } from 'react-dom/client';
import { doorKind } from './door/door.ts';
import { takeKeyFromLink } from './door/key.ts';
import { takeSetupCode } from './door/setup-code.ts';
import { App } from './shell/app.tsx';
import './style.css';

const element = document.getElementById('root');
const root = element === null ? null : createRoot(element);
let links = 0;
/** Anew for each link, also for the same one twice. */
const draw = (setupCode: string | null): void => {
  links += 1;
  root?.render(<App key={links} kind={doorKind()} setupCode={setupCode} />);
};

takeKeyFromLink();
// Another link in the same tab changes nothing but what is behind the `#`.
addEventListener('hashchange', () => {
  if (takeKeyFromLink()) location.reload();
  const code = takeSetupCode();
  if (code !== null) draw(code);
});
draw(takeSetupCode());
