import type { Word } from '../../shell/command.ts';
import type { Effect } from '../effect.ts';
import { grammarOf, has, parseArguments, valuesOf } from './arguments.ts';
import type { Develop, DevelopTable } from './develop.ts';
import { outcomeEffect } from './outcome.ts';
import { type Special, type Tool, type ToolUse, toolOf } from './tool.ts';

const options =
  '-R= -X= -H= -f= -F= -q= -t= -b= -B= -l= -a= -m= -r= -s= -L= -S= -A= -u= -n= -e= -j= -p= -D= -o= -O= -c= -T= --repo= --method= --header= --field= --raw-field= --input= --jq= --template= --json= --hostname= --body= --body-file= --title= --label= --assignee= --milestone= --state= --search= --limit= --env= --org= --user= --owner= --ref= --branch= --base= --head= --reviewer= --project= --notes= --notes-file= --target= --dir= --pattern= --output= --job= --app= --name= --color= --description= --key= --sort= --order= --author= --status= --workflow= --commit= --event= --cache= --preview= --id= --codespace= --machine= --location= --filename= --desc= --reason= --message= --subject= --file= --format= --group= --per-page= --page= --scope= --value= --variables= --source= --target-branch= --source-branch= --git-protocol= --scopes= --secret= --visibility= --repos= --type= --tag= --field-id= --project-id= --item-id= --field-name=';

/** `gh api`: the method says what happens; fields without a method make it a POST; GraphQL by its text. */
const api: Special = ({ operands, parsed, subject }: ToolUse) => {
  const given = valuesOf(parsed, '-X', '--method').at(-1);
  const fields = valuesOf(parsed, '-f', '-F', '--field', '--raw-field', '--input');
  const path = operands[0]?.text ?? '';
  if (given && !given.known)
    return [outcomeEffect('remote.update', { ...subject, what: `${subject.what} with an unknown method` })];
  const method = given?.text.toUpperCase() ?? (fields.length > 0 ? 'POST' : 'GET');
  const what = `${subject.what} ${method} ${path}`;
  const sent = sentFiles(fields);
  if (path === 'graphql')
    return [outcomeEffect(queryOutcome(fields), { ...subject, what: `${subject.what} graphql` }), ...sent];
  if (method === 'GET' || method === 'HEAD') return [outcomeEffect('remote.read', { ...subject, what })];
  return [
    outcomeEffect(method === 'DELETE' ? 'remote.destroy' : 'remote.update', { ...subject, what }),
    ...sent,
  ];
};

/** Fields whose content comes from a file. */
const sentFiles = (fields: readonly Word[]): readonly Effect[] =>
  fields.some(({ text }) => /=@(?!-$)./.test(text))
    ? [
        {
          type: 'reach',
          host: null,
          how: 'send',
          local: false,
          payload: 'file',
          what: 'sends a file to the forge',
        },
      ]
    : [];

const queryOutcome = (fields: readonly Word[]): 'remote.read' | 'remote.update' | 'remote.destroy' => {
  const query = fields.find(({ text }) => text.startsWith('query='));
  if (!query?.known || /^query=@/.test(query.text)) return 'remote.update';
  if (!/\bmutation\b/.test(query.text)) return 'remote.read';
  return /\b(?:delete|remove|destroy|archive)\w*/i.test(query.text) ? 'remote.destroy' : 'remote.update';
};

/** `gh alias set name '!command'` */
const alias: Special = ({ operands, parsed, subject }) => {
  const text = operands[1]?.text ?? '';
  return text.startsWith('!') || has(parsed, '-s', '--shell')
    ? [
        {
          type: 'spawn',
          program: text.replace(/^!/, ''),
          what: `${subject.what} makes an alias that runs "${text}"`,
        },
      ]
    : [outcomeEffect('settings', subject)];
};

const sends =
  (what: string): Special =>
  ({ operands, subject }) => [
    outcomeEffect('remote.create', subject),
    {
      type: 'reach',
      host: null,
      how: 'send',
      local: false,
      payload: 'file',
      what: `${what} ${operands.map(({ text }) => text).join(' ')}`,
    },
  ];

const merge: Special = ({ parsed, subject }) => [
  outcomeEffect('remote.update', subject),
  ...(has(parsed, '-d', '--delete-branch', '--remove-source-branch')
    ? [outcomeEffect('remote.destroy', { ...subject, what: `${subject.what} and delete the branch` })]
    : []),
  ...(has(parsed, '--admin')
    ? [{ type: 'bypass', what: 'merges around the checks (--admin)' } as const]
    : []),
];

const settingOf: Special = ({ operands, subject }) => {
  const key = operands[0]?.text ?? '';
  const program = operands[1];
  return /^(?:editor|pager|browser)$/.test(key) &&
    program &&
    !/^(?:vim?|nvim|nano|emacs|code|cat|less|more|delta)(?: -\S+)*$/.test(program.text)
    ? [
        {
          type: 'spawn',
          program: program.text,
          what: `${subject.what} ${key}: "${program.text}" is run later`,
        },
      ]
    : [outcomeEffect('settings', subject)];
};

const rerun: Special = ({ subject }) => [outcomeEffect('remote.run', subject)];

const gh: Tool = {
  system: 'forge',
  options,
  dry: ['--dry-run'],
  subcommands: `
    remote.read: issue,pr,repo,release,gist,label,run,workflow,secret,variable,cache,ruleset,rs,org,project,codespace,cs,ssh-key,gpg-key,extension,ext,alias,discussion/list,ls,view,status,diff,checks,check,search,get,watch,field-list,item-list,logs,browse,verify,verify-asset,ports repo/deploy-key/list repo/autolink/list,view repo/gitignore/list,view repo/license/list,view repo/read-dir repo/read-file attestation/verify,trusted-root,download config/get,list,ls auth/status auth completion help version browse search status reference environment formatting exit-codes mintty accessibility actions preview licenses agent-task/list,view rulesets skill/list,search,preview
    remote.create: issue,pr,repo,label,project,codespace,cs,discussion/create,new issue,pr,discussion/comment repo/fork,create,new label/clone project/copy,item-add,item-create,field-create,link
    remote.update: issue,pr,repo,release,gist,label,project,codespace,cs,discussion/edit,close,reopen,lock,unlock,pin,unpin,ready,review,transfer,rename,archive,unarchive,sync,set-default,item-edit,item-archive,mark-template,unlink,update-branch,revert,rebuild,stop,develop
    remote.update: workflow/enable,disable run/cancel secret/set variable/set repo/deploy-key/add repo/autolink/create issue/pin,unpin,develop pr/lock,unlock repo/garden label/edit
    remote.run: workflow/run run/rerun codespace,cs/ssh,code,jupyter,cp agent-task/create
    remote.destroy: issue,pr,repo,release,gist,label,run,secret,variable,cache,project,codespace,cs,ssh-key,gpg-key,discussion/delete,rm,remove release/delete-asset project/item-delete,field-delete repo/deploy-key/delete repo/autolink/delete ruleset/delete alias/delete extension,ext/remove
    remote.read: pr/checkout,co run/download release/download gist/clone repo/clone repo/set-default
    exec: extension,ext/install,exec,upgrade skill/install,update
    project: extension,ext/create
    settings: alias/import config/clear-cache auth/setup-git auth/switch
    credential.read: auth/token
    credential.write: auth/login auth/refresh ssh-key/add gpg-key/add
    credential.destroy: auth/logout`,
  special: {
    api,
    'alias/set': alias,
    'config/set': settingOf,
    'gist/create': sends('publishes'),
    'gist/new': sends('publishes'),
    'release/create': ({ operands, subject }) => [
      outcomeEffect('publish', {
        ...subject,
        what: `${subject.what} ${operands.map(({ text }) => text).join(' ')}`,
      }),
    ],
    'release/upload': sends('uploads'),
    'pr/merge': merge,
    'auth/status': ({ parsed, subject }) => [
      outcomeEffect(has(parsed, '-t', '--show-token') ? 'credential.read' : 'remote.read', subject),
    ],
    'workflow/run': rerun,
    '*': ({ path }) =>
      path === ''
        ? null
        : [
            {
              type: 'run',
              program: `gh-${path}`,
              origin: 'opaque',
              what: `gh ${path} is an alias or an extension`,
            },
          ],
  },
};

const glab: Tool = {
  system: 'forge',
  options,
  subcommands: `
    remote.read: issue,mr,repo,project,release,ci,pipe,pipeline,label,variable,schedule,snippet,ssh-key,token,user,incident,cluster,iteration,milestone,runner,deploy-key,securefile,stack,changelog,job/list,ls,view,status,diff,show,get,trace,lint,search,contributors,events,artifact,export,approvers,approvals,note-list,issues,generate,download,config alias/list auth/status config/get completion help version check-update mr/checkout repo/clone cluster/graph user/events
    remote.create: issue,mr,repo,project,release,label,variable,schedule,snippet,incident,milestone,iteration,token,deploy-key/create,new,add,set issue,mr,incident/note repo,project/fork ssh-key/add securefile/upload,create
    remote.update: issue,mr,repo,project,release,variable,schedule,snippet,incident,milestone,runner,label/update,edit,close,reopen,approve,revoke,subscribe,unsubscribe,todo,rebase,archive,transfer,mirror,upload,members,rotate,pause,assign,publish mr/for ci/cancel
    remote.run: ci,pipe,pipeline,job/run,retry,trigger,play schedule/run duo/ask duo/cli stack/sync
    remote.destroy: issue,mr,repo,project,release,ci,pipe,pipeline,label,variable,schedule,snippet,ssh-key,token,incident,milestone,runner,deploy-key,securefile,job/delete,rm,remove,revoke-token alias/delete
    settings: auth/configure-docker auth/docker-helper config/edit
    credential.read: auth/token
    credential.write: auth/login
    credential.destroy: auth/logout`,
  special: {
    api,
    'mr/merge': merge,
    'mr/accept': merge,
    'alias/set': alias,
    'config/set': settingOf,
    'snippet/create': sends('publishes'),
    'release/upload': sends('uploads'),
  },
};

const tea: Tool = {
  system: 'forge',
  options,
  subcommands: `
    remote.read: issue,issues,i,pulls,pull,pr,repos,repo,r,releases,release,labels,label,milestones,ms,notifications,n,times,org,organizations,branches,actions/list,ls,view,checkout,clone,search ms/issues whoami open o logins/list login/list clone C help
    remote.read: issues issue i pulls pull pr repos repo r releases release labels label milestones ms notifications n times org branches
    remote.create: issue,issues,i,pulls,pull,pr,repos,repo,r,releases,release,labels,label,milestones,ms,org,organizations/create,c,add,fork,migrate comment times/add webhooks/create
    remote.update: issue,issues,i,pulls,pull,pr,releases,release,labels,label,milestones,ms/close,reopen,open,edit,update,approve,reject,review,merge,m notifications/read
    remote.destroy: repos,repo,releases,release,labels,label,milestones,ms,org,organizations,times,branches/delete,rm,d,clean releases/assets/delete webhooks/delete
    credential.write: logins,login/add,edit,default
    credential.destroy: logins,login/delete logout`,
  special: { api },
};

/** Hub is git with more subcommands. */
const hubTool = toolOf('hub', {
  system: 'forge',
  options,
  subcommands: `
    remote.read: browse ci-status issue issue/show pr/list pr/show pr/checkout release release/show release/download compare gist/show
    remote.create: create fork issue/create pull-request
    remote.update: issue/update pr/merge sync
    remote.destroy: delete release/delete
    publish: release/create release/edit`,
  special: { api, 'gist/create': sends('publishes') },
});

const hub: Develop = (command, context) => {
  const own = /^(?:api|browse|ci-status|issue|pr|pull-request|release|compare|create|delete|fork|gist|sync)$/;
  const { operands } = parseArguments(command.args, grammarOf('@stop -C= -c='));
  return own.test(operands[0]?.text ?? '')
    ? hubTool(command, context)
    : context.inner([{ ...command.program, text: 'git' }, ...command.args], command);
};

/** Command-line clients of forges. */
export const forgeTable: DevelopTable = {
  gh: toolOf('gh', gh),
  glab: toolOf('glab', glab),
  tea: toolOf('tea', tea),
  hub,
};
