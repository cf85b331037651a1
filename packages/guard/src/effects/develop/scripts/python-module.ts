import { literal, type Word } from '../../../shell/command.ts';
import type { Effect } from '../../effect.ts';
import { grammarOf, parseArguments } from '../arguments.ts';
import type { Develop } from '../develop.ts';
import { runFile } from './file.ts';

/** Modules that are command-line tools under the same or another name. */
const tools: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    'pip pytest tox nox ruff black mypy isort flake8 pylint coverage mkdocs twine uv poetry pipx pdm hatch flit flask uvicorn gunicorn celery alembic pyright bandit pre_commit build jupyter'
      .split(' ')
      .map((name) => [name, name.replace('_', '-')]),
  ),
  'py.test': 'pytest',
  django: 'django-admin',
  sphinx: 'sphinx-build',
  virtualenv: 'virtualenv',
  nodeenv: 'virtualenv',
  IPython: 'ipython',
};

const servers =
  /^(?:http\.server|SimpleHTTPServer|smtpd|aiosmtpd|xmlrpc\.server|wsgiref\.simple_server|pyftpdlib|uploadserver|websockets|twisted)$/;
const senders = /^(?:smtplib|ftplib|telnetlib|nntplib)$/;
const readers =
  /^(?:json\.tool|json|calendar|this|site|sysconfig|platform|pydoc|dis|ast|tokenize|tabnanny|pyclbr|inspect|symtable|pickletools|base64|locale|mimetypes|compileall|py_compile|zipfile|tarfile|gzip|ensurepip|venv|keyword|antigravity|doctest|unittest|difflib|filecmp|getopt|textwrap|uuid|random|encodings\..*|ensurepip\..*|lib2to3.*|pyperf|pstats|imghdr|sndhdr|quopri|uu|cmd|webbrowser|code|asyncio|idlelib|tkinter|turtledemo|sqlite3|zipapp)$/;
const runners =
  /^(?:pdb|cProfile|profile|trace|runpy|bdb|memory_profiler|line_profiler|kernprof|debugpy|viztracer|scalene|pyinstrument)$/;

/** Effects of `python -m module …`. */
export const pythonModule = (
  module: Word,
  args: readonly Word[],
  ...[command, context]: Parameters<Develop>
): readonly Effect[] => {
  const name = module.text;
  if (!module.known)
    return [{ type: 'opaque', at: 'code', what: 'python runs a module whose name is not known' }];
  const what = `python -m ${name}`;
  const tool = tools[name];
  if (tool) return context.inner([literal(tool), ...args], command);
  if (servers.test(name)) return [listens(what, args)];
  if (senders.test(name)) return [{ type: 'reach', host: null, how: 'send', local: false, what }];
  if (name === 'timeit') {
    const code = parseArguments(args, grammarOf('-n= -r= -s= -u=')).operands;
    return code.flatMap((text) => context.code('python', text, command));
  }
  if (readers.test(name)) return [{ type: 'run', program: 'python', origin: 'known', what }];
  if (runners.test(name)) {
    const parsed = parseArguments(args, grammarOf('@stop -o= -s= -m= -c= --listen='));
    const script = parsed.operands[0];
    return script
      ? [runFile(script, what, command, context)]
      : [{ type: 'run', program: 'python', origin: 'project', what }];
  }
  return [{ type: 'run', program: name, origin: 'project', what }];
};

const listens = (what: string, args: readonly Word[]): Effect => {
  const bind = parseArguments(args, grammarOf('-b= --bind= -d= --directory= -p= -H= --port= --host='));
  const host = bind.flags.find(({ name }) => /^(?:-b|--bind|-H|--host)$/.test(name))?.value?.text ?? null;
  return {
    type: 'reach',
    host,
    how: 'listen',
    local: host !== null && /^(?:localhost|127\.|::1)/.test(host),
    what,
  };
};
