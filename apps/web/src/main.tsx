import './no-eval.ts';
import { createRoot } from 'react-dom/client';
import { doorKind } from './door/door.ts';
import { takeKeyFromLink } from './door/key.ts';
import { App } from './shell/app.tsx';
import './style.css';

takeKeyFromLink();
// Another link in the same tab changes nothing but what is behind the `#`.
addEventListener('hashchange', () => {
  if (takeKeyFromLink()) location.reload();
});
const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<App kind={doorKind()} />);
