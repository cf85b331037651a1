import type { Describe, Table } from '../describe.ts';
import type { Effect } from '../effect.ts';
import { grammar } from './arguments.ts';
import { callOf } from './call.ts';
import { innerText } from './inner.ts';
import { reaches, spawns } from './make.ts';
import { changesNothing, describeBy, forAll, type Spec, tableOf } from './spec.ts';

const sedGrammar = grammar({
  values: '-e --expression -f --file -l --line-length',
  attached: '-i',
  flags: '--in-place --null-data --quiet',
});

const sed: Describe = (command, context) => {
  const call = callOf(command, context, sedGrammar);
  const given = call.has('-e', '--expression', '-f', '--file');
  const scripts = given ? call.values('-e', '--expression') : call.operands.slice(0, 1);
  const inPlace = call.has('-i', '--in-place', '-I');
  // BSD's `-i ''`: the suffix is a word of its own.
  const operands = inPlace ? call.operands.filter((word) => word.text !== '') : call.operands;
  const [first] = operands;
  const code = given ? scripts : first ? [first] : [];
  const inputs = given ? operands : operands.slice(1);
  return [
    ...call.read(call.values('-f', '--file')),
    ...code.flatMap((script) => context.code('sed', script, command)),
    ...(inPlace ? call.write(inputs, 'edit') : call.read(inputs)),
  ];
};

const awkGrammar = grammar({
  values: '-F -v -f -e -i -l -E --field-separator --assign --file --source --include --load --exec',
  attached: '-o -p -d',
  flags: '--pretty-print --profile --dump-variables',
});

const awk: Describe = (command, context) => {
  const call = callOf(command, context, awkGrammar);
  const files = call.values('-f', '--file', '-E', '--exec');
  const sources = call.values('-e', '--source');
  const given = files.length + sources.length > 0;
  const code = given ? sources : call.operands.slice(0, 1);
  const inputs = (given ? call.operands : call.operands.slice(1)).filter((word) => !/^\w+=/.test(word.text));
  const inPlace = call.values('-i', '--include').some((word) => /^inplace/.test(word.text));
  return [
    ...call.read(files),
    ...code.flatMap((script) => context.code('awk', script, command)),
    ...call.values('-l', '--load').map((word) => spawns(word.text, 'awk loads a library')),
    ...call.write(call.values('-o', '-p', '-d', '--pretty-print', '--profile', '--dump-variables')),
    ...(inPlace ? call.write(inputs, 'edit') : call.read(inputs)),
  ];
};

const teeGrammar = grammar({ flags: '--append', values: '--output-error' });

const tee: Describe = (command, context) => {
  const call = callOf(command, context, teeGrammar);
  const how = call.has('-a', '--append') ? 'append' : 'overwrite';
  const { stdin } = command;
  const content = stdin.type === 'text' && stdin.text.known ? { content: stdin.text.text } : {};
  return call.write(call.operands, how).map((effect) => ({ ...effect, ...content }) as Effect);
};

const yqGrammar = grammar({
  values: '--from-file -p --input-format -I --indent --arg --argjson --front-matter',
  flags: '--inplace --split-exp',
  attached: '-o',
});

const yq: Describe = (command, context) => {
  const call = callOf(command, context, yqGrammar);
  const verb = /^(e|ea|eval|eval-all)$/.test(call.operands[0]?.text ?? '') ? 2 : 1;
  const inputs = call.operands.slice(verb);
  return call.has('-i', '--inplace', '--in-place') ? call.write(inputs, 'edit') : call.read(inputs);
};

const patchGrammar = grammar({
  values: '-p -i -d -o -r -F -B -D -V -z --strip --input --directory --output --reject-file --fuzz',
  flags: '--dry-run --check',
});

const patch: Describe = (command, context) => {
  const call = callOf(command, context, patchGrammar);
  const folder = call.values('-d', '--directory')[0];
  const inside = {
    text: folder ? `${folder.text}/*` : '*',
    known: folder?.known ?? true,
    glob: true,
    quoted: false,
  };
  const targets = call.values('-o', '--output').concat(call.operands.slice(0, 1));
  const effects = [
    ...call.read(call.values('-i', '--input').concat(call.operands.slice(1, 2))),
    ...call.write(targets.length > 0 ? targets : [inside], 'edit'),
  ];
  return call.has('--dry-run', '-C', '--check') ? effects.filter(changesNothing) : effects;
};

const fzfGrammar = grammar({
  values:
    '--preview --bind --execute -q --query -f --filter -d -n --delimiter --nth --with-nth --height --prompt --header --history --with-shell',
});

const fzf: Describe = (command, context) => {
  const call = callOf(command, context, fzfGrammar);
  const bound = call
    .values('--bind')
    .filter((word) => /execute|become|reload|transform|preview/.test(word.text) || !word.known);
  const port = call.options.find((option) => option.name === '--listen');
  return [
    ...call.write(call.values('--history'), 'append'),
    ...call.values('--preview').flatMap((word) => innerText(word, { command, context })),
    ...[...call.values('--with-shell'), ...bound].map((word) =>
      spawns(word.text, 'fzf runs a command for the chosen line'),
    ),
    ...(port
      ? [
          reaches(
            'listen',
            /^[^:]+(?=:\d)/.exec(port.value?.text ?? '')?.[0] ?? 'localhost',
            'fzf takes commands on a port',
          ),
        ]
      : []),
  ];
};

const pattern = '-e -f --regexp --file';
const patternFiles = '-f --file';
const grepValues =
  '-A -B -C -m -d -D --include --exclude --exclude-dir --exclude-from --max-count --context --after-context --before-context --color --label --binary-files';
const grep: Spec = { operands: 'patternRead', pattern, reads: patternFiles, values: grepValues };

const specs: Readonly<Record<string, Spec>> = {
  grep,
  egrep: grep,
  fgrep: grep,
  ggrep: grep,
  zgrep: grep,
  bzgrep: grep,
  xzgrep: grep,
  pgrep: {},
  ugrep: { ...grep, filters: '--pager --filter --view' },
  rg: {
    operands: 'patternRead',
    pattern,
    values:
      '-A -B -C -g -t -T -m -j -d -M -r -E --glob --iglob --type --type-not --max-count --replace --sort --max-depth --context --engine --colors --path-separator --type-add --pre-glob --encoding --max-filesize --threads --max-columns',
    reads: `${patternFiles} --ignore-file`,
    filters: '--pre --hostname-bin',
  },
  ag: {
    operands: 'patternRead',
    values: '-A -B -C -G -m -p --ignore --depth --file-search-regex',
    filters: '--pager',
  },
  ack: { operands: 'patternRead', values: '-A -B -C -m -t --type --output --match', filters: '--pager' },
  pt: { operands: 'patternRead' },
  sift: { operands: 'patternRead' },
  fd: {
    values:
      '-e -t -d -E -g -c -S -o -j --type --extension --max-depth --exclude --color --changed-within --changed-before --size --owner --base-directory',
  },
  fdfind: {
    values: '-e -t -d -E -c -S -o -j --type --extension --max-depth --exclude',
  },
  sort: {
    operands: 'read',
    values:
      '-k -t -S -T --key --field-separator --buffer-size --temporary-directory --parallel --batch-size --sort',
    writes: '-o --output',
    reads: '--files0-from --random-source',
    filters: '--compress-program',
  },
  gsort: { operands: 'read', values: '-k -t -S -T', writes: '-o --output', filters: '--compress-program' },
  uniq: { operands: 'secondWrite', values: '-f -s -w --skip-fields --skip-chars --check-chars' },
  csplit: { operands: 'read', values: '-f -b -n --prefix --suffix-format --digits' },
  cut: { operands: 'read', values: '-d -f -c -b --delimiter --fields --output-delimiter' },
  head: { operands: 'read', values: '-n -c --lines --bytes' },
  tail: { operands: 'read', values: '-n -c -s --lines --bytes --pid --sleep-interval' },
  shuf: {
    operands: 'read',
    values: '-n -i -e --head-count --input-range',
    writes: '-o --output',
    reads: '--random-source',
  },
  column: {
    operands: 'read',
    values: '-s -t -o -c -N -H -R -T --separator --output-separator --table-columns',
  },
  paste: { operands: 'read', values: '-d --delimiters' },
  join: { operands: 'read', values: '-t -1 -2 -j -a -v -e -o' },
  fold: { operands: 'read', values: '-w --width' },
  nl: { operands: 'read', values: '-b -d -f -h -i -l -n -s -v -w' },
  pr: { operands: 'read', values: '-h -l -w -o -D -N --header' },
  fmt: { operands: 'read', values: '-w -p -g' },
  expand: { operands: 'read', values: '-t --tabs' },
  unexpand: { operands: 'read', values: '-t --tabs' },
  diff: {
    operands: 'read',
    values: '-U -C -x -X -I -W -F --label --exclude --width --color --from-file --to-file',
  },
  sdiff: { operands: 'read', values: '-w', writes: '-o --output', filters: '--diff-program' },
  diff3: { operands: 'read', values: '-L --label', filters: '--diff-program' },
  colordiff: { operands: 'read' },
  delta: { operands: 'read', filters: '--pager' },
  difft: { operands: 'read' },
  jq: {
    operands: 'patternRead',
    pattern: '-f --from-file',
    values: '--arg --argjson --slurpfile --rawfile --indent',
    reads: '-L',
  },
  gojq: { operands: 'patternRead', pattern: '-f --from-file', values: '--arg --argjson' },
  jaq: { operands: 'patternRead', pattern: '-f --from-file', values: '--arg --argjson' },
  fx: { operands: 'read' },
  xmllint: { operands: 'read', values: '--xpath --schema --encode --pattern', writes: '--output -o' },
  xmlstarlet: { operands: 'read' },
  tidy: { operands: 'read', values: '-config -wrap', writes: '-output -o -file -f', single: true },
  iconv: { operands: 'read', values: '-f -t --from-code --to-code', writes: '-o --output' },
  recode: { operands: 'edit' },
  dos2unix: { operands: 'edit', values: '-D' },
  unix2dos: { operands: 'edit' },
  sponge: { operands: 'write' },
  envsubst: {},
  tr: {},
  mlr: { values: '--ifs --ofs', operands: 'none' },
  base64: { operands: 'read', values: '-w --wrap', reads: '-i --input', writes: '-o --output' },
  base32: { operands: 'read', values: '-w --wrap' },
  basenc: { operands: 'read', values: '-w --wrap' },
  xxd: { operands: 'secondWrite', values: '-c -g -l -s -o -n -R' },
  uuencode: { operands: 'read' },
  uudecode: { operands: 'read', writes: '-o --output-file' },
  rename: { operands: 'edit', values: '-e', preview: '-n --no-act --nono' },
  prename: { operands: 'edit', values: '-e', preview: '-n --no-act --nono' },
};

const splitValues =
  '-n -l -b -C -a -t --number --lines --bytes --line-bytes --suffix-length --additional-suffix --separator';
const splitGrammar = grammar({ values: `${splitValues} --filter` });
const pieces = describeBy({
  operands: 'secondWrite',
  values: splitValues,
  filters: '--filter',
});

/** `split file prefix`; with more words it is another program of the same name. */
const split: Describe = (command, context) =>
  callOf(command, context, splitGrammar).operands.length > 2 ? null : pieces(command, context);

/** Programs that search, cut, sort and change text. */
export const text: Table = {
  ...tableOf(specs),
  ...forAll('sed gsed ssed', sed),
  ...forAll('awk gawk mawk nawk original-awk igawk', awk),
  split,
  tee,
  yq,
  patch,
  gpatch: patch,
  fzf,
};
