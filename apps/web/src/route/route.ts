/** A screen. It lies behind the `#` of the address: the server never learns what is looked at. */
export type Route =
  | { readonly screen: 'home' }
  | { readonly screen: 'new' }
  | { readonly screen: 'task'; readonly id: string }
  | { readonly screen: 'session'; readonly id: string };

export const routeOf = (hash: string): Route => {
  const [screen, id] = hash.replace(/^#\/?/, '').split('/');
  if (screen === 'new') return { screen };
  if (screen === 'tasks' && id) return { screen: 'task', id: decode(id) };
  if (screen === 'sessions' && id) return { screen: 'session', id: decode(id) };
  return { screen: 'home' };
};

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

export const hashOf = (route: Route): string => {
  switch (route.screen) {
    case 'home':
      return '#/';
    case 'new':
      return '#/new';
    case 'task':
      return `#/tasks/${encodeURIComponent(route.id)}`;
    case 'session':
      return `#/sessions/${encodeURIComponent(route.id)}`;
  }
};
