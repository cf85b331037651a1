import { expect, test } from 'vitest';
import { hashOf, type Route, routeOf } from '../../src/route/route.ts';

test('every screen has an address that leads back to it', () => {
  const routes: readonly Route[] = [
    { screen: 'home' },
    { screen: 'new' },
    { screen: 'usage' },
    { screen: 'audit' },
    { screen: 'webhooks' },
    { screen: 'webhook', id: 'whk_1' },
    { screen: 'task', id: 'task_1' },
    { screen: 'session', id: 'ses_/%&?#' },
  ];
  for (const route of routes) expect(routeOf(hashOf(route))).toEqual(route);
});

test('what is no address leads home', () => {
  for (const hash of ['', '#', '#/tasks', '#/tasks/', '#/nowhere/x'])
    expect(routeOf(hash)).toEqual({ screen: 'home' });
  expect(routeOf('#/tasks/%zz')).toEqual({ screen: 'task', id: '%zz' });
});
