// Inside a sandbox with allowed hosts: listens on its own loopback, passes everything on to the proxy's socket file,
// and runs the command with the variables that point at it. Arguments: the socket file, then the command's argv.
import { spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { constants } from 'node:os';

const [socket, command, ...rest] = process.argv.slice(2);

const server = createServer((client) => {
  const proxy = connect(socket);
  const end = () => {
    client.destroy();
    proxy.destroy();
  };
  client.on('error', end).on('close', end);
  proxy.on('error', end).on('close', end);
  client.pipe(proxy).pipe(client);
});

const leave = (code) => {
  server.close();
  process.exit(code);
};

server.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  const names = [
    'HTTP_PROXY',
    'HTTPS_PROXY',
    'http_proxy',
    'https_proxy',
    'npm_config_proxy',
    'npm_config_https_proxy',
  ];
  const variables = Object.fromEntries(names.map((name) => [name, url]));
  const local = 'localhost,127.0.0.1,::1';
  const child = spawn(command, rest, {
    stdio: 'inherit',
    env: { ...process.env, ...variables, NO_PROXY: local, no_proxy: local, NODE_USE_ENV_PROXY: '1' },
  });
  // The command decides what a signal means; this process only carries bytes.
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => undefined);
  child.on('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    leave(error.code === 'EACCES' ? 126 : 127);
  });
  child.on('exit', (code, signal) => leave(code ?? 128 + constants.signals[signal]));
});
