import type { ToolSpec } from '../tool.ts';

/** Payments, messaging, mail, content, shops, customer and issue systems. */
export const business: Readonly<Record<string, ToolSpec>> = {
  'stripe square paypal braintree adyen paddle chargebee recurly mollie razorpay plaid lemonsqueezy': {
    system: 'service',
    valued: '--api-key -p --project-name --device-name -d --data',
    read: 'get, status, logs tail, events retrieve, version, open, resources, config --list, samples list, listen --help, balance retrieve',
    update:
      'login, logout, listen, post, trigger, fixtures, config --set, samples create, terminal, serve, events resend, payment_intents *, charges *, refunds *, payouts *, transfers *',
    destroy:
      'delete, api_keys roll, config --unset, subscriptions cancel, sandbox delete, payment_intents cancel, * delete, webhook_endpoints delete, reset',
    secret: 'api_keys list, api_keys create',
  },
  'twilio sendgrid mailgun mailchimp postmark resend vonage nexmo messagebird plivo bandwidth ses-cli mailtrap brevo mandrill sinch telnyx pusher ably onesignal novu courier customerio slack slackcat slack-cli discord telegram-cli telegram-send zulip-send matrix-commander signal-cli mattermost mmctl rocketchat teams webexcli m365 zoom ntfy pushover gotify apprise noti':
    {
      system: 'service',
      otherwise: 'update',
      bare: 'read',
      valued: '-p --profile --app -a --channel -c --token -t --workspace --team --output -o -u',
      read: 'list, debugger:logs:list, phone-numbers:list, profiles:list, profiles:projects, config:list, * fetch|list, api:*:list, activity, auth list, app list, env list, channel list, team list, user list|search, system status|version|getbusy, log, version, whoami, get, domains list, doctor, docs, help, manifest info|validate, trigger list|info, datastore query|get|count, receive, listIdentities, listGroups, listContacts, logs, status, config show|get, post list, plugin list, sub',
      local: 'create, init, build, run --local, samples, serverless:start, manifest',
      update:
        'login, logout, deploy, run, install, send, publish, phone-numbers:update, api:*:create, api:*:update, auth login, config set, export',
      destroy:
        '*:delete, api:*:remove, delete, uninstall, app delete|uninstall, auth revoke, phone-numbers:release, datastore delete, trigger delete, env remove, channel delete|archive, team delete|archive, user delete|deactivate|deleteall, permissions remove, profiles:remove, unregister, deleteLocalAccountData, post delete, remove, removeDevice',
      secret: 'token, auth token, profiles:create, token generate, auth:token',
    },
  'jira acli linear lr trello clickup asana notion monday shortcut youtrack redmine taskwarrior-web bugzilla phab arc bb-cli':
    {
      system: 'forge',
      valued: '-p --project -q --jql -c --config',
      read: 'issue list|view|show, me, open, serverinfo, board list, epic list, sprint list, project list, release list, version, list, view, search, jira workitem search|view, jira project list|view, jira auth status, confluence page view, my, boards, todo, mine, cards, whoami, diff, which, inlines, lint, unit, paste',
      local: 'lint, unit, browse',
      update:
        'init, create, edit, issue create|edit|move|assign|comment|link|clone|watch|worklog|unlink, epic create|add|remove, sprint add|close, transition, assign, comment, jira workitem create|edit|assign|transition|comment|link|clone|archive|unarchive, rovodev, land, amend, patch, revert, close, checkout, start',
      destroy:
        'issue delete|rm|del, jira workitem delete, delete, jira project delete|archive, card:delete, board:close, close-revision, admin user delete|deactivate',
    },
  'shopify magento bin/magento n98-magerun n98-magerun2 magerun bigcommerce stencil medusa saleor commercetools vtex prestashop swell crystallize':
    {
      system: 'service',
      valued: '--path --store -s --theme -t --environment -e',
      read: 'theme list|info|check|package|pull, app info|logs|env|function|versions, version, app config, whoami, setup:db:status, setup:status, indexer:status|info|show-mode, cache:status, module:status, deploy:mode:show, config:show, info:*, sys:info, db:info, db:query, admin:user:list, cron:list, store:list, maintenance:status, queue:consumers:list, db:console, list, doctor',
      local:
        'theme dev|init|check|console, app build|init|dev|generate, hydrogen *, setup:di:compile, setup:static-content:deploy, start, bundle, develop, build, cache:flush, cache:clean, cache:enable, dev:*',
      update:
        'theme push|publish|share|rename|open, app deploy|release|config, auth logout|login, login, setup:upgrade|install, config:set, module:enable|disable, indexer:reindex|reset, maintenance:enable|disable, deploy:mode:set, admin:user:create|unlock, cron:run|install, app execute, app bulk, import:*, link, deploy, publish, db seed, migrate, user',
      destroy:
        'theme delete, setup:uninstall, setup:rollback, setup:db-schema:*, module:uninstall, db:drop, db:import, db:truncate, customer:delete, customer:create --help, admin:user:delete, cache:disable, cron:remove, theme:uninstall, sales:*delete, catalog:images:resize --help, store delete, app uninstall, workspace delete, uninstall, maintenance:allow-ips',
      secret: 'app env show, app env pull, config:sensitive:set --help',
    },
  'contentful sanity strapi directus prismic storyblok hygraph datocms ghost payload keystone wagtail netlify-cms builder kontent contentstack csdx dato':
    {
      system: 'service',
      valued: '--space-id --environment-id --management-token --dataset --project --cms-url',
      read: 'space list|export, space environment list, content-type list|get, organization list|export, dataset list|export, documents get|query, cors list, hook list|logs, users list, debug, versions, docs, schema list|extract|validate, manage, check, config list|get, doctor, status, log, ls, graphql list, telemetry status, blueprints info|plan, media export, environments list, migrations list, buildinfo, version, export, list',
      local:
        'init, dev, build, start, develop, preview, codemod, typegen, exec --help, generate, console, ts:generate-types, templates, schema:generate, migrations:new, install, openapi',
      update:
        'login, logout, space create|import|use|migration|accesstoken|generate, space environment create|use|update, merge, deploy, dataset create|import|copy|alias|visibility, documents create, graphql deploy, cors add, hook create, users invite, schema deploy, backup enable, migration run|create, exec, bootstrap, schema snapshot|apply, database install|migrate, users create|passwd, start, stop, restart, import, transfer, deploy, setup, update, admin:create-user, admin:reset-user-password, migrations:run, upgrade, configuration:restore, config set|restore, extension',
      destroy:
        'space delete, space environment delete, space environment-alias, extension delete, dataset delete, dataset alias delete|unlink, documents delete, graphql undeploy, undeploy, cors delete, hook delete, backup disable, database migrate:rollback|rollback, uninstall, rollback, admin:delete-user, environments destroy, schema delete, tokens delete, blueprints destroy',
      secret: 'space accesstoken, tokens add, debug --secrets, config dump',
    },
  wp: {
    system: 'service',
    valued: '--path --url --ssh --http --user --require --context',
    read: '* list|get|status|path|version|is-installed|is-active|exists|search|describe|list-tables|size|tables|columns|check|verify-checksums|has|pluck|count|diff, core version|check-update|verify-checksums|is-installed, plugin search|status, cli info|version|check-update, db search|tables|size|prefix|columns|check, export, config list|path|get, cron test, cron event list, option list|get|pluck, user meta list, eval --help, help, find, profile, doctor, cap list, transient list, i18n audit, db export, post-type list, rewrite list, server --help, scaffold --help',
    local:
      'scaffold, i18n make-pot, server, dist-archive, package browse, cache flush, rewrite flush, transient delete, cache add|set',
    update:
      'core download|install|update|update-db|multisite-install|config, plugin install|activate|update|toggle|deactivate, theme install|activate|update|enable, post create|update|generate|meta, user create|update|add-role|set-role|reset-password|generate|import-csv, option add|update|patch|set-autoload, db create|import|optimize|repair|cli, config create|set|edit|shuffle-salts, cron event run|schedule, media import|regenerate, menu *, term create|update, import, maintenance-mode activate|deactivate, super-admin add, package install|update, cache *, comment create|update|approve|unapprove, rewrite structure, site create|activate, language *, role create, cap add, widget add',
    destroy:
      'db reset|drop|clean, db import, search-replace, site empty|delete|archive|deactivate|spam, post delete, user delete|remove-role|remove-cap|spam, plugin uninstall|delete|deactivate, theme delete|disable, option delete, term delete, comment delete|trash|spam, media delete, core multisite-convert, config delete, cron event delete|unschedule, role delete|reset, cap remove, super-admin remove, package uninstall, menu delete, widget delete|reset|deactivate',
    run: 'eval, eval-file, shell, db query, db cli',
    secret: 'user application-password, user session list, user reset-password',
  },
  'drush drupal': {
    system: 'service',
    valued: '-r --root -l --uri',
    read: 'status, st, core:status, pm:list, pml, config:get, cget, config:status, cst, watchdog:show, ws, user:information, uinf, state:get, updatedb:status, updbst, sql:conf, role:list, site:alias, sa, core:requirements, rq, core:route, browse, field:info, queue:list, views:list, pm:security, sec, version, twig:debug, deploy:hook-status, config:diff, sql:dump, sql-dump, topic',
    local:
      'generate, gen, runserver, rs, cache:rebuild, cr, cache-rebuild, cache:clear, cc, locale:check, twig:compile, image:flush',
    update:
      'pm:install, pm:enable, en, updatedb, updb, config:set, cset, config:export, cex, config:import, cim, user:create, ucrt, user:password, upwd, user:role:add, urol, user:block, user:unblock, state:set, sset, cron, core:cron, deploy, locale:update, queue:run, search-api:*, entity:save, core:rsync, rsync, migrate:import, php:eval --help, maint:set, role:create, role:perm:add',
    destroy:
      'sql:drop, sql-drop, sql:create, sql-create, sql:sync, sql-sync, site:install, si, entity:delete, edel, pm:uninstall, pmu, user:cancel, ucan, config:delete, cdel, state:delete, sdel, watchdog:delete, wd-del, queue:delete, migrate:rollback, mr, migrate:reset-status, role:delete, role:perm:remove, field:delete, theme:uninstall, sql:sanitize, sqlsan',
    run: 'php:eval, eval, ev, php:script, scr, php:cli, php, core:cli, sql:query, sqlq, sql:cli, sqlc, site:ssh, ssh, core:execute, exst',
    secret: 'user:login, uli, sql:connect',
  },
  'odoo odoo-bin openerp frappe bench moodle moosh nextcloud occ owncloud matomo discourse rainloop suitecrm civicrm cv espocrm erpnext craft typo3 joomla ghost-cli mautic':
    {
      system: 'service',
      otherwise: 'update',
      bare: 'update',
      valued: '-d --database -c --config --site -u -i',
      read: 'status, --version, version, list-apps, list-sites, doctor, show-config, show-pending-jobs, app:list, config:list, user:list, user:info, files:scan --help, config:system:get, config:app:get, log:tail, maintenance:mode --help, list, check, setup:info, upgrade/check, cache:status, plugin:list, info, extension:list, site:list, background:*, integrity:*',
      local: 'scaffold, neutralize --help, new-app, build, start, watch, clear-cache, make',
      update:
        'maintenance:mode, upgrade, app:enable|install|update, user:add, user:resetpassword, config:system:set, config:app:set, files:scan, migrate, install-app, get-app, update, backup, set-config, new-site, restart, setup, serve, add-user, deploy',
      destroy:
        'db drop, drop-site, reinstall, restore, uninstall-app, remove-app, remove-from-installed-apps, app:remove|disable, user:delete|disable, config:system:delete, config:app:delete, files:cleanup, trashbin:cleanup, versions:cleanup, db:drop, delete-user, --stop-after-init --help, partial-restore, trim-database, trim-tables, destroy, db:restore, site:delete, clear-caches, purge, group:delete, groupfolders:delete, share:delete',
      run: 'shell, execute, console, execute-sql, mariadb, sql, php, rake, eval, exec',
    },
  'sf sfdx': {
    system: 'service',
    valued: '-o --target-org -u --targetusername --json -x -f -d --source-dir',
    read: 'org list|open, org list metadata|metadata-types|limits|users, data query|search|get, data export, data resume, sobject list|describe, apex list|get|tail, alias list, config list|get, project retrieve, project deploy report|validate|preview|quick --help, project list, limits api display, info, version, doctor, package list, package version list|report, project diff, force:org:list, force:source:status, force:data:soql:query, force:source:retrieve, force:limits:api:display, plugins, search, which, agent preview --help, schema generate, code-analyzer, scanner',
    local:
      'project generate|convert, lightning generate, apex generate, visualforce generate, template generate, force:project:create, analytics generate, apex run test --help, schema generate',
    update:
      'org login|logout|create|resume|assign|enable, data create|update|upsert|import, project deploy start|quick|resume|pipeline, deploy metadata, alias set, config set, package create|install|version|update|promote, force:source:push|deploy, force:mdapi:deploy, force:data:*, org refresh, org generate password --help, plugins install|update|link, community create|publish, org create',
    destroy:
      'org delete, data delete, project delete, project deploy cancel, alias unset, config unset, package delete|uninstall, force:org:delete, force:source:delete, force:data:record:delete, force:data:bulk:delete, plugins uninstall, apex log delete, org delete sandbox|scratch, cmdt delete',
    run: 'apex run, force:apex:execute, flow run, agent',
    secret:
      'org display, org generate password, force:org:display, force:user:password:generate, org login access-token',
  },
  'hs hubspot zendesk zcli zat intercom freshworks fdk servicenow now-sdk snc workday netsuite suitecloud sdf sap btp dynamics pac zoho zet marketo pipedrive attio airtable typeform calendly docusign dropbox gdrive gam onedrive-cli egnyte webflow retool hasura graphql-hive appwrite nhost pocketbase convex xata fauna fauna-shell back4app amplication backendless':
    {
      system: 'service',
      valued: '--account --portal -o -e --env --project -p --endpoint --admin-secret --target-org',
      read: 'accounts list|info|use --help, list, filemanager fetch --help, project list|logs|download, logs, info, whoami, get, print, report, show, version, account info|list, security, users list, folders:get, files:get, users:get, search, target, console --help, metadata diff|inconsistency list|ic list, migrate status, actions use-codegen --help, status, account get, health get, databases list, functions list-*, project:validate, object:list, file:list, auth list, solution list, org who, env list, data, env show',
      local:
        'init, create, project create|dev|validate, theme preview, cms lint, watch --help, run, validate, pack, test, apps:server, apps:validate, apps:package, apps:new, themes:preview, generate, codegen, dev, build, solution init|pack|unpack',
      update:
        'auth, upload, deploy, project upload|deploy|migrate, fetch, sandbox create, secrets add|update, mv, watch, login, logout, apps:create|update|push, themes:import|publish|update, create, update, publish, push, migrate apply|create|squash, metadata apply|reload|export, seed apply, deploy collections|functions|all, databases create-*|update-*, import, solution import|publish, env create|copy, object:import, share, collaborations:create, files:upload, upgrade, run, set',
      destroy:
        'remove, delete, cms delete, hubdb clear|delete, custom-object schema delete, secrets delete, sandbox delete, apps:delete, themes:delete, project delete, wipe, purge, deprovision, suspend user, migrate delete|apply --down-migrations, metadata clear, databases delete*, folders:delete, files:delete, users:delete, trash, env delete|reset, solution delete, account clear, collection delete, deployments delete, apply --down',
      secret: 'secrets list, access-token, tokens:get, auth create, env get|pull, admin key, create key',
    },
};
