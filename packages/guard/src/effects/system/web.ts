import { posix } from 'node:path';
import type { Word } from '../../shell/command.ts';
import type { Describe, Table } from '../describe.ts';
import type { Effect } from '../effect.ts';
import { grammar, wordWith } from './arguments.ts';
import { callOf } from './call.ts';
import { curl, nameIn, webRequest } from './curl.ts';
import { reaches, spawns, unclear } from './make.ts';
import { gravest, type Payload, payloadOfFile, payloadOfInput, payloadOfText } from './payload.ts';
import { forAll } from './spec.ts';

const wgetGrammar = grammar({
  values:
    '-O --output-document -o --output-file -a --append-output -P --directory-prefix -i --input-file -e --execute -U --user-agent ' +
    '-t --tries -T --timeout -w --wait -Q --quota -D --domains -A --accept -R --reject -l --level -I -X -B --base --header --user --password ' +
    '--post-data --post-file --body-data --body-file --method --load-cookies --save-cookies --use-askpass --config --limit-rate --certificate --private-key --ca-certificate --warc-file',
  flags: '--spider --recursive --quiet --no-check-certificate --delete-after --no-clobber --continue',
});

const wget: Describe = (command, context) => {
  const call = callOf(command, context, wgetGrammar);
  const bodies = call.values('--post-file', '--body-file');
  const texts = call.values('--post-data', '--body-data');
  const payload = gravest([
    ...bodies.map((word) => payloadOfFile(call.path(word))),
    ...texts.map(payloadOfText),
  ]);
  const method = call.values('--method').at(-1)?.text.toUpperCase() ?? (payload ? 'POST' : 'GET');
  const changing = payload !== undefined || !['GET', 'HEAD'].includes(method);
  const folder = call.values('-P', '--directory-prefix')[0]?.text ?? '.';
  const named = call.values('-O', '--output-document');
  const kept =
    named.length > 0 || call.has('--spider')
      ? named
      : call.operands.map((word) => wordWith(word, posix.join(folder, nameIn(word))));
  return [
    ...call.read([...bodies, ...call.values('-i', '--input-file', '--load-cookies', '--config')]),
    ...call.write([...kept, ...call.values('-o', '--output-file', '--save-cookies', '--warc-file')]),
    ...call.write(call.values('-a', '--append-output'), 'append'),
    ...call
      .values('--use-askpass')
      .map((word) => spawns(word.text, 'wget runs the program that asks for a password')),
    ...(call.has('-e', '--execute')
      ? call
          .values('-e', '--execute')
          .filter(isProgram)
          .map((word) => spawns(word.text, 'wget is told to run a program'))
      : []),
    ...(call.has('-i', '--input-file') ? [reaches('fetch', null, 'fetches the addresses in a file')] : []),
    ...call.operands.flatMap((address) =>
      webRequest(address, { method: call.has('--spider') ? 'HEAD' : method, changing, payload }),
    ),
  ];
};

const isProgram = (word: Word): boolean => /askpass/i.test(word.text);

const ariaGrammar = grammar({
  values:
    '-d --dir -o --out -i --input-file -x -s -j -k --header --conf-path --on-download-complete --on-download-start --on-download-stop --on-bt-download-complete --on-download-error --on-download-pause --save-session --load-cookies',
  attached: '-l',
});

const aria: Describe = (command, context) => {
  const call = callOf(command, context, ariaGrammar);
  const hooks = call.options.filter((option) => option.name.startsWith('--on-') && option.value);
  const folder = call.values('-d', '--dir')[0]?.text ?? '.';
  const outs = call.values('-o', '--out');
  const kept = outs.length > 0 ? outs : call.operands.map((word) => wordWith(word, nameIn(word)));
  return [
    ...call.read(call.values('-i', '--input-file', '--conf-path', '--load-cookies')),
    ...call.write(kept.map((word) => wordWith(word, posix.join(folder, word.text)))),
    ...hooks.map((option) => spawns(option.value!.text, 'aria2c runs a program at an event')),
    ...(call.has('--enable-rpc') ? [reaches('listen', null, 'takes commands on a port')] : []),
    ...(call.has('-i', '--input-file') ? [reaches('fetch', null, 'fetches the addresses in a file')] : []),
    ...call.operands.flatMap((address) =>
      webRequest(address, { method: 'GET', changing: false, payload: undefined }),
    ),
  ];
};

const httpieGrammar = grammar({
  values:
    '-o --output -a --auth -A --auth-type -s --style -p --print --session --proxy --verify --cert --cert-key --timeout --raw -b --bearer',
  flags: '--form --json --download --offline --headers',
});
const methods = /^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|TRACE|PURGE)$/i;

/** `http [METHOD] URL [item]…`: an item sends something, apart from headers `a:b` and queries `a==b`. */
const httpie: Describe = (command, context) => {
  const call = callOf(command, context, httpieGrammar);
  const [first, ...others] = call.operands;
  if (!first || first.text === 'sessions' || first.text === 'plugins')
    return first?.text === 'plugins' ? null : [];
  const given = methods.test(first.text);
  const [address, ...items] = given ? others : call.operands;
  if (!address) return [];
  const files = items.flatMap((item) => {
    const match = /^[^=:@]*(?:@|=@|:=@)(.+)$/.exec(item.text);
    return match ? [wordWith(item, match[1]!)] : [];
  });
  const texts = items.filter((item) => /^[^=:@]+(=|:=)(?!=)/.test(item.text));
  const input = call.has('--ignore-stdin') ? undefined : payloadOfInput(call);
  const payload = gravest([
    ...files.map((word) => payloadOfFile(call.path(word))),
    ...[...texts, ...call.values('--raw')].map(payloadOfText),
    ...(input ? [input] : []),
  ] satisfies readonly Payload[]);
  const method = given ? first.text.toUpperCase() : payload ? 'POST' : 'GET';
  const changing = payload !== undefined || !/^(GET|HEAD|OPTIONS)$/.test(method);
  const place = address.text.startsWith(':') ? wordWith(address, `localhost${address.text}`) : address;
  return [
    ...call.read(files),
    ...call.write(call.values('-o', '--output')),
    ...(call.has('-d', '--download') && !call.has('-o', '--output')
      ? call.write([wordWith(address, nameIn(address))])
      : []),
    ...(call.has('--offline') ? [] : webRequest(place, { method, changing, payload })),
  ];
};

/** Fetches each operand and shows or keeps it. */
const fetching: Describe = (command, context) => {
  const call = callOf(command, context, grammar({ values: '-o --output -P -f -O -S -T -t --exec' }));
  const run = call.options.filter((option) => option.name === '--exec');
  const scripted = call.operands.filter((word) => /^-cmd_script/.test(word.text));
  return [
    ...call.write(call.values('-o', '--output', '-O')),
    ...run.map((option) =>
      spawns(option.value?.text ?? '', `${command.name} runs a program after each file`),
    ),
    ...(scripted.length > 0 ? [unclear('code', 'plays keys from a file')] : []),
    ...call.operands.map(
      (word): Effect =>
        isAddress(word)
          ? reaches('fetch', word.text, `fetches ${word.text}`)
          : (call.read([word])[0] ?? reaches('fetch', null, 'fetches')),
    ),
  ];
};

const isAddress = (word: Word): boolean => /^[a-z]+:\/\//i.test(word.text) || !/^[./~]/.test(word.text);

const download: Describe = (command, context) => {
  const call = callOf(command, context, grammar({}));
  const [address, target] = call.operands;
  if (!address) return [];
  return [
    reaches('fetch', address.text, `fetches ${address.text}`),
    ...call.write([target ?? wordWith(address, nameIn(address))]),
  ];
};

/** Programs that make web requests. */
export const web: Table = {
  curl,
  curlie: curl,
  wget,
  wget2: wget,
  aria2c: aria,
  ...forAll('http https httpie xh xhs', httpie),
  ...forAll('lynx links elinks w3m yt-dlp youtube-dl gallery-dl axel', fetching),
  ...forAll('lwp-download lwp-mirror', download),
};
