import type { Effect } from '../effect.ts';
import { grammarOf, parseArguments, valuesOf } from './arguments.ts';
import type { Develop, DevelopTable } from './develop.ts';
import { outcomeEffect } from './outcome.ts';
import { scriptEffect } from './scripts/script-name.ts';
import { type Special, type Tool, toolOf } from './tool.ts';

const options =
  '-c= -n= -x= -f= -e= -d= -m= -r= -p= -s= --env= --config= --schema= --name= --url= --database= --to= --from= --steps= --step= --migrations-path= --models-path= --options-path= --seeders-path= --knexfile= --datasource= --settings= --pythonpath= --changelog-file= --username= --password= --target= --count= --project-ref= --db-url= --connection= --path= --class= --out= --dialect= --file= --stdin= --host= --port=';

/** Flags by which a migration tool drops what is in its way. */
const flags: NonNullable<Tool['flags']> = {
  '--accept-data-loss --force-reset --drop-schema --fresh --drop-database --allow-destructive':
    'database.destroy',
};

const code: Special = ({ subject, operands }) => [
  operands.length > 0
    ? { type: 'opaque', at: 'code', what: `${subject.what} runs code inside the application` }
    : outcomeEffect('project', subject),
];

const prisma: Tool = {
  options,
  flags,
  subcommands: `
    read: format validate version debug studio help migrate/status migrate/diff
    project: init generate platform dev migrate/dev db/seed
    database.update: migrate/deploy migrate/resolve db/push db/execute
    read: db/pull introspect
    database.destroy: migrate/reset`,
};

/** Migration tools whose subcommands are `group:action` or plain words. */
const migrator: Tool = {
  options,
  flags,
  dry: ['--dry-run', '--sql', '--pretend'],
  subcommands: `
    read: current heads history show branches check info status validate version list help migrate:status migrate:list migrate/status migration:show migrations/list snapshot diff diffChangeLog generateChangeLog migrate/list migrate:currentVersion inspect studio calculate-checksum update-sql updateSQL rollback-sql rollbackSQL tag-exists diff-changelog generate-changelog lint schema/inspect schema/diff migrate/lint migrate/hash migrate/validate log plan wait print-schema migration/list migration/info migrate/info list-locks future-rollback-sql dbDoc db-doc report checks unexpected-change-sets clusters/list clusters/describe accessLogs
    project: init revision edit merge make migrate:make migrate/make seed:make seed/make migration:create migration:generate migration/create migration/generate create generate new up-sql introspect seed:generate migration:generate model:generate model:create seeder:create cache:clear entity:create subscriber:create init:config init:migrations check-only migrate/new ensure_version export pull schema:log generate-entities generate-cache debug add dump fix seed:create prepare
    project: upgrade stamp up migrate:latest migrate:up migrate:run migrate/latest migrate/up migration:run migration:up migration/run migration/up db:migrate db:create db:seed db:seed:all seed:run seed/run
    database.update: migrate update deploy migrate/apply schema:sync schema:update schema-sync push apply sync ensure-database baseline repair tag changelog-sync changelogSync mark-next-changeset-ran release-locks releaseLocks clear-checksums schema/apply query force goto load set auth login deployments update-count update-to-tag clearCheckSums
    database.destroy: downgrade clean reset drop drop-all dropAll rollback rollback-count rollbackCount rollback-to-date rollbackToDate undo down redo fresh migrate:rollback migrate:down migrate:reset migrate:fresh migrate/down migrate/rollback migrate/reset migrate/fresh migration:revert migration:down migration:fresh migration/down schema:drop schema:fresh schema/clean revert rebase migration/revert migration/redo migrate/revert rollback-one-update rollback-one-changeset update-testing-rollback deployments/delete clusters/delete clusters/pause db:drop db:migrate:undo db:migrate:undo:all db:seed:undo db:seed:undo:all drop-database flush purge`,
};

const supabase: Tool = {
  options: `${options} --workdir= --experimental= --profile= --size= --region= --org-id=`,
  dry: ['--dry-run'],
  subcommands: `
    read: status db/diff db/dump db/lint migration/list projects/list functions/list functions/download secrets/list inspect/db branches/list branches/get gen/types gen/keys services orgs/list projects/api-keys storage/ls sso/list domains/get snippets/list completion help list gen test inspect/* db/advisors test/db network-bans/get ssl-enforcement/get
    project: init migration/new migration/squash seed db/start functions/new functions/serve link unlink bootstrap test/new
    project: start stop
    fetch: db/pull migration/fetch
    database.update: db/push migration/up migration/repair seed/buckets
    database.destroy: db/reset migration/down
    service.update: functions/deploy config/push secrets/set domains/create domains/activate branches/update vanity-subdomains/activate network-restrictions/update ssl-enforcement/update postgres-config/update sso/update storage/cp storage/mv encryption/update-root-key branches/pause projects/pause
    service.create: projects/create branches/create orgs/create sso/add
    service.destroy: projects/delete functions/delete secrets/unset branches/delete storage/rm sso/remove domains/delete vanity-subdomains/delete branches/disable postgres-config/delete
    credential.write: login
    credential.destroy: logout
    credential.read: encryption/get-root-key
    service.update: *`,
};

/** Django's commands, by name only: those that lose data, that change it, and that only look. */
const django: Tool = {
  options: `${options} -v= --verbosity= --app_label= --noinput`,
  alone: 'read',
  subcommands: `
    read: check diffsettings dumpdata inspectdb sendtestemail showmigrations sqlmigrate sqlflush sqlsequencereset help version findstatic show_urls print_settings
    project: startapp startproject makemigrations makemessages compilemessages collectstatic test testserver runserver createcachetable optimizemigration runserver_plus graph_models
    project: migrate loaddata
    database.update: createsuperuser changepassword remove_stale_contenttypes clearsessions ogrinspect
    database.destroy: flush reset_db sqlreset drop_test_database delete_squashed_migrations reset_schema
    opaque: shell_plus dbshell`,
  special: {
    shell: ({ parsed, command, context, subject }) => {
      const text = valuesOf(parsed, '-c', '--command')[0];
      return text ? context.code('python', text, command) : [outcomeEffect('opaque', subject)];
    },
    migrate: ({ operands, subject }) => [
      outcomeEffect(operands.some(({ text }) => text === 'zero') ? 'database.destroy' : 'project', subject),
    ],
    '*': ({ path, subject }) => (path ? [scriptEffect(path, { ...subject, what: 'manage.py' })] : null),
  },
};

const rails: Tool = {
  options: `${options} -b= -P=`,
  subcommands: `
    read: about stats notes routes middleware time:zones:all initializers db:version db:migrate:status secret version help db:abort_if_pending_migrations zeitwerk:check
    project: new generate g destroy d test server s assets:precompile assets:clobber assets:clean tmp:clear tmp:create log:clear db:migrate db:create db:prepare db:schema:dump db:structure:dump db:seed db:test:prepare db:test:load spec webpacker:compile restart yarn:install app:update dev:cache plugin
    database.update: db:encryption:init
    database.destroy: db:drop db:reset db:purge db:rollback db:schema:load db:structure:load db:setup db:seed:replant db:truncate_all db:migrate:reset db:migrate:redo db:migrate:down db:drop:all db:purge:all db:drop:_unsafe
    credential.read: credentials:show secrets:show encrypted:show
    credential.write: credentials:edit secrets:edit encrypted:edit
    opaque: console c dbconsole db`,
  special: {
    runner: code,
    r: code,
    '*': ({ path, subject }) => (path ? [scriptEffect(path, { ...subject, what: subject.program })] : null),
  },
};

const artisan: Tool = {
  options: `${options} --seed= --execute=`,
  alone: 'read',
  dry: ['--pretend'],
  subcommands: `
    read: list help about route:list migrate:status schedule:list db:show db:table model:show event:list config:show env queue:failed queue:monitor inspire
    project: serve test key:generate config:cache config:clear route:cache route:clear view:cache view:clear cache:clear optimize optimize:clear storage:link package:discover vendor:publish schema:dump migrate db:seed event:cache clear-compiled lang:publish stub:publish ide-helper:generate
    background: queue:work queue:listen queue:restart schedule:run schedule:work down up horizon
    database.destroy: migrate:fresh migrate:refresh migrate:reset migrate:rollback db:wipe model:prune queue:flush queue:clear queue:forget schema:drop
    opaque: tinker db`,
  special: {
    '*': ({ path, subject }) =>
      path ? [scriptEffect(path.startsWith('make:') ? 'make' : path, { ...subject, what: 'artisan' })] : null,
  },
};

/** `python setup.py sdist bdist_wheel upload` */
const setupScript: Develop = (command) => {
  const { operands } = parseArguments(command.args, grammarOf('-d= -r= --dist-dir= --repository= -b='));
  const what = `setup.py ${operands.map(({ text }) => text).join(' ')}`;
  if (operands.some(({ text }) => text === 'upload' || text === 'register'))
    return [{ type: 'package', change: 'publish', scope: 'project', what }];
  if (operands.some(({ text }) => text === 'install'))
    return [{ type: 'package', change: 'install', scope: 'user', what }];
  return [{ type: 'run', program: 'setup.py', origin: 'project', what }];
};

/** `flask db upgrade` and the like are alembic inside a framework. */
const flask: Develop = (command, context) => {
  const { operands, flags: given } = parseArguments(
    command.args,
    grammarOf('-A= -e= --app= --env-file= -h= -p= --host= --port= -m= -d= --cert= --key='),
  );
  if (operands[0]?.text === 'db')
    return context.inner([{ ...operands[0], text: 'alembic' }, ...operands.slice(1)], command);
  const host = given.find(({ name }) => name === '--host' || name === '-h')?.value?.text;
  const listens: readonly Effect[] =
    host && !/^(?:localhost|127\.|::1)/.test(host)
      ? [{ type: 'reach', host, how: 'listen', local: false, what: `flask serves on ${host}` }]
      : [];
  return [
    scriptEffect(operands[0]?.text ?? '', {
      program: 'flask',
      what: 'flask',
      scope: 'project',
      system: 'service',
    }),
    ...listens,
  ];
};

/** Made for databases alone: a word that is not known does something to one. */
const databaseTools = new Set(
  'alembic goose dbmate sqitch tern yoyo phinx refinery sqlx diesel sea-orm-cli ley postgrator flyway liquibase atlas'.split(
    ' ',
  ),
);

const migratorNames =
  'alembic knex sequelize sequelize-cli typeorm drizzle-kit mikro-orm db-migrate node-pg-migrate migrate-mongo flyway liquibase dbmate goose migrate sqitch phinx yoyo atlas diesel sqlx sea-orm-cli refinery aerich tern umzug graphile-migrate kysely pgroll ley postgrator rambler evolve roundhouse grate';

/** Migration tools of ORMs and frameworks. */
export const migrationTable: DevelopTable = {
  prisma: toolOf('prisma', prisma),
  ...Object.fromEntries(migratorNames.split(' ').map((name) => [name, toolOf(name, sqlxLike(name))])),
  supabase: toolOf('supabase', supabase),
  'manage.py': toolOf('manage.py', django),
  'django-admin': toolOf('django-admin', django),
  rails: toolOf('rails', rails),
  rake: toolOf('rake', rails),
  artisan: toolOf('artisan', artisan),
  'setup.py': setupScript,
  flask,
};

/** Some put `migration`, `migrate` or `database` before the verb. */
function sqlxLike(name: string): Tool {
  const own = databaseTools.has(name)
    ? { ...migrator, subcommands: `${migrator.subcommands}\n    database.update: *` }
    : migrator;
  const before = {
    diesel: 'migration database',
    sqlx: 'migrate database',
    'sea-orm-cli': 'migrate',
    kysely: 'migrate seed',
    atlas: 'migrate schema',
  }[name];
  if (!before) return own;
  return {
    ...own,
    special: Object.fromEntries(
      before.split(' ').map((group): [string, Special] => [
        group,
        ({ operands, subject }) => {
          const verb = operands[0]?.text ?? 'status';
          if (/^(?:apply|push|deploy)$/.test(verb))
            return [outcomeEffect('database.update', { ...subject, what: `${subject.what} ${verb}` })];
          if (/^(?:drop|reset|revert|redo|down|rollback|fresh|refresh|clean)$/.test(verb))
            return [outcomeEffect('database.destroy', { ...subject, what: `${subject.what} ${verb}` })];
          return [outcomeEffect('project', { ...subject, what: `${subject.what} ${verb}` })];
        },
      ]),
    ),
  };
}
