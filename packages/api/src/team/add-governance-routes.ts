import { callerOf, type Door } from './door.ts';
import * as routes from './governance-routes.ts';

export const addGovernanceRoutes = ({ app, team }: Door): void => {
  app.openapi(routes.setUp, async (context) =>
    context.json(await team.setUp(context.req.valid('json')), 201),
  );
  app.openapi(routes.me, (context) => {
    const caller = context.get('caller');
    const { organisation, name, scopes } = caller ?? {
      organisation: null,
      name: 'administrator',
      scopes: [],
    };
    return context.json({ organisation, name, scopes }, 200);
  });
  app.openapi(routes.usage, async (context) =>
    context.json(await team.usage(callerOf(context), context.req.valid('query')), 200),
  );
  app.openapi(routes.audit, async (context) => {
    const { after, ...query } = context.req.valid('query');
    return context.json(await team.audit(callerOf(context), { ...query, after }), 200);
  });
};
