/** Screens that need nothing but their name. */
const plainScreens = ['new', 'usage', 'audit', 'webhooks'] as const;
type PlainScreen = (typeof plainScreens)[number];

/** A screen. It lies behind the `#` of the address: the server never learns what is looked at. */
export type Route =
  | { readonly screen: 'home' }
  | { readonly screen: PlainScreen }
  | { readonly screen: 'task'; readonly id: string }
  | { readonly screen: 'webhook'; readonly id: string }
  | { readonly screen: 'session'; readonly id: string };

export const routeOf = (hash: string): Route => {
  const [screen, id] = hash.replace(/^#\/?/, '').split('/');
  if (screen === 'tasks' && id) return { screen: 'task', id: decode(id) };
  if (screen === 'webhooks' && id) return { screen: 'webhook', id: decode(id) };
  if (screen === 'sessions' && id) return { screen: 'session', id: decode(id) };
  const plain = plainScreens.find((one) => one === screen);
  return { screen: plain ?? 'home' };
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
    case 'usage':
    case 'audit':
    case 'webhooks':
      return `#/${route.screen}`;
    case 'task':
      return `#/tasks/${encodeURIComponent(route.id)}`;
    case 'webhook':
      return `#/webhooks/${encodeURIComponent(route.id)}`;
    case 'session':
      return `#/sessions/${encodeURIComponent(route.id)}`;
  }
};
