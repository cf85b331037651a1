import { useSyncExternalStore } from 'react';
import { hashOf, type Route, routeOf } from './route.ts';

export const goTo = (route: Route): void => {
  location.hash = hashOf(route);
};

const listen = (changed: () => void): (() => void) => {
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
};

/** The screen of the address, again whenever it changes. */
export const useRoute = (): Route => routeOf(useSyncExternalStore(listen, () => location.hash));
