import type { CodeLanguage } from '@tandem/syntax';
import { describe, expect, it } from 'vitest';
import { judge } from '../code-of.ts';

const found = (language: CodeLanguage, text: string): readonly string[] =>
  judge.weaknesses(language, text).map(({ id, certainty }) => `${id} ${certainty}`);

describe('weaknesses of python', () => {
  it.each([
    ['command-injection', 'import os\ndef ping(h): os.system("ping " + h)'],
    ['command-injection', 'import subprocess\nsubprocess.call(f"ls {x}", shell=True)'],
    ['code-injection', 'eval(request.args["x"])'],
    ['sql-injection', 'cur.execute("SELECT * FROM a WHERE b = \'%s\'" % name)'],
    ['sql-injection', 'query = f"DELETE FROM a WHERE b = {name}"'],
    ['path-traversal', 'from flask import request\nopen("/data/" + request.args["f"])'],
    ['request-forgery', 'from flask import request\nimport requests\nrequests.get(request.args["u"])'],
    ['template-injection', 'from flask import render_template_string\nrender_template_string("<p>" + x)'],
    ['open-redirect', 'from flask import redirect, request\nredirect(request.args["next"])'],
    ['weak-hash', 'import hashlib\nhashlib.md5(password)'],
    ['weak-cipher', 'from Crypto.Cipher import AES\nAES.new(key, AES.MODE_ECB)'],
    ['weak-random', 'import random\ntoken = random.randint(0, 9)'],
    ['weak-key', 'from Crypto.PublicKey import RSA\nRSA.generate(1024)'],
    ['unverified-peer', 'import requests\nrequests.get(url, verify=False)'],
    ['unverified-token', 'import jwt\njwt.decode(t, options={"verify_signature": False})'],
    ['weak-tls', 'import ssl\nssl.SSLContext(ssl.PROTOCOL_SSLv3)'],
    ['debug-server', 'app.run(debug=True)'],
    ['temporary-file', 'import tempfile\ntempfile.mktemp()'],
    ['weak-permission', 'import os\nos.chmod(p, 0o777)'],
    ['archive-traversal', 'import tarfile\ntarfile.open(p).extractall(d)'],
    ['unsafe-data', 'import pickle\npickle.loads(data)'],
    ['unsafe-data', 'import yaml\nyaml.load(f)'],
    ['unsafe-entities', 'from lxml import etree\netree.XMLParser(resolve_entities=True)'],
    ['hard-coded-secret', 'db_password = "hunter22"'],
    ['logged-secret', 'import logging\nlogging.info("x %s", password)'],
    ['turned-text', 'x = "a\u202e b"'],
    ['csrf-off', '@csrf_exempt\ndef view(request): pass'],
  ])('%s: %s', (id, text) => {
    expect(found('python', text)).toContain(`${id} high`);
  });

  it.each([
    'import os\nos.system("ls -l")',
    'import subprocess\nsubprocess.run(["ls", path])',
    'import os\ncommand = "ls"\nos.system(command + " -l")',
    'import shlex, os\nos.system("ls " + shlex.quote(path))',
    'cur.execute("SELECT * FROM a WHERE b = ?", (name,))',
    'cur.execute("SELECT * FROM a WHERE b = %d" % 3)',
    'import hashlib\nhashlib.md5(data, usedforsecurity=False)',
    'import yaml\nyaml.load(f, Loader=yaml.SafeLoader)',
    'import tarfile\ntarfile.open(p).extractall(d, filter="data")',
    'import requests\nrequests.get(url, timeout=3)',
    'password = os.environ["PASSWORD"]',
    'app.run(debug=False)',
    'import re\nre.compile(r"(foo|bar)+")',
  ])('finds nothing certain in %s', (text) => {
    expect(found('python', text).filter((line) => line.endsWith('high'))).toEqual([]);
  });
});

describe('weaknesses of javascript', () => {
  it.each([
    ['command-injection', `require('child_process').exec('ls ' + x)`],
    ['code-injection', 'eval(x)'],
    ['code-injection', `new Function('a', body)`],
    ['path-traversal', `app.get('/', (req, res) => require('fs').readFile(req.query.f, cb))`],
    ['dynamic-expression', 'const r = /(a+)+b/'],
    ['sql-injection', `db.query(\`SELECT * FROM a WHERE b = \${x}\`)`],
    ['script-injection', 'el.innerHTML = "<b>" + x'],
    ['script-injection', 'document.write(x)'],
    ['script-injection', `app.get('/', (req, res) => res.send(req.query.x))`],
    ['open-redirect', `app.get('/', (req, res) => res.redirect(req.query.to))`],
    ['object-injection', `app.post('/', (req, res) => { a[req.body.k] = 1 })`],
    ['timing', 'if (req.signature === expectedSignature) {}'],
    ['weak-random', 'const token = Math.random().toString(36)'],
    ['weak-random', `require('crypto').pseudoRandomBytes(8)`],
    ['unsafe-buffer', 'new Buffer(n)'],
    ['unsafe-buffer', 'b.readUInt8(0, true)'],
    ['weak-cipher', `require('crypto').createCipher('aes192', k)`],
    ['weak-hash', `const password = require('crypto').createHash('md5').update(p)`],
    ['unverified-peer', `https.request({ rejectUnauthorized: false })`],
    ['unverified-peer', `process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'`],
    ['unverified-token', `const jwt = require('jsonwebtoken'); jwt.verify(t, k, { algorithms: ['none'] })`],
    ['open-cors', `const cors = require('cors'); app.use(cors({ origin: '*', credentials: true }))`],
    ['weak-cookie', `res.cookie('sid', v, { httpOnly: false })`],
    ['open-message', `window.parent.postMessage(data, '*')`],
    ['escape-off', 'renderer.escapeMarkup = false'],
    ['csrf-off', `app.use(express.csrf()); app.use(express.methodOverride())`],
    ['electron-open', 'new BrowserWindow({ webPreferences: { nodeIntegration: true } })'],
    ['prototype-pollution', `app.post('/', (req) => _.merge(config, req.body))`],
    ['hard-coded-secret', `const apiKey = 'k9f8a7d6b5c4e3f2'`],
    ['unsafe-data', `const s = require('node-serialize'); s.unserialize(x)`],
  ])('%s: %s', (id, text) => {
    expect(found('javascript', text)).toContain(`${id} high`);
  });

  it.each([
    `require('child_process').exec('ls -l')`,
    `const cmd = 'ls'; require('child_process').execSync(cmd)`,
    `eval('1 + 1')`,
    `require('fs').readFile('a.txt', cb)`,
    'new RegExp("^a+$")',
    'const r = /^([^,]+,)*x$/',
    `db.query('SELECT * FROM a WHERE b = ?', [x])`,
    'el.textContent = x',
    `el.innerHTML = '<b>x</b>'`,
    'if (password === null) {}',
    'for (let i = 0; i < n; i++) a[i] = 0',
    `require('./' + 'x')`,
    `setTimeout(() => f(x), 10)`,
    `res.cookie('sid', v, { httpOnly: true, secure: true })`,
  ])('finds nothing certain in %s', (text) => {
    expect(found('javascript', text).filter((line) => line.endsWith('high'))).toEqual([]);
  });

  it('knows typed code and markup in code', () => {
    expect(
      found('tsx', 'const A = (p: Props) => <div dangerouslySetInnerHTML={{ __html: p.text }} />'),
    ).toContain('script-injection high');
  });
});

it('counts lines from one', () => {
  expect(judge.weaknesses('python', 'x = 1\n\nimport os\nos.system("a " + x2)\n')).toEqual([
    expect.objectContaining({ line: 4 }),
  ]);
});
