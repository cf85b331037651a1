import type { Describe } from '../describe.ts';
import type { Effect } from '../effect.ts';
import type { Flag, Line } from './line.ts';
import { describeTool, type Outcome } from './tool.ts';
import { kubectlSpec } from './tools/clusters.ts';

/** `kubectl`, `oc`: secrets shown, ports opened, rights given. Commands inside pods are described by their own program. */
export const describeKubectl: Describe = describeTool(kubectlSpec, {
  decide,
  extra: (line, command, context) => [
    ...privileges(line),
    ...opens(line),
    ...line.flags.flatMap((flag): Effect[] => {
      if (flag.value === null || !files.has(flag.name) || flag.value.text === '-') return [];
      const host = /^https?:\/\/([^/:]+)/.exec(flag.value.text)?.[1];
      if (host !== undefined)
        return [
          {
            type: 'reach',
            host,
            how: 'fetch',
            local: host === 'localhost',
            what: `takes its manifest from ${flag.value.text}`,
          },
        ];
      return [{ type: 'read', path: context.path(flag.value, command) }];
    }),
  ],
});

const files = new Set(['-f', '--filename', '-k', '--kustomize', '--patch-file']);

function decide(line: Line): Outcome | null {
  const words = line.operands.map((word) => word.text.toLowerCase());
  const has = (name: string) => line.flags.find((flag) => flag.name === name);
  if (words[0] === 'get' && words.slice(1, 2).some(namesSecret))
    return showsContent(line.flags) ? 'secret' : 'read';
  if (words[0] === 'config' && words[1] === 'view') return has('--raw') === undefined ? 'read' : 'secret';
  if (words[0] === 'get' && /\/secrets?(?:\/|$)/.test(has('--raw')?.value?.text ?? '')) return 'secret';
  if (words[0] === 'whoami') return has('-t') || has('--show-token') ? 'secret' : 'read';
  if (words[0] === 'scale' && has('--replicas')?.value?.text === '0') return 'destroy';
  return null;
}

const namesSecret = (word: string): boolean =>
  word.split(',').some((kind) => /^secrets?(?:[./]|$)/.test(kind)) || word === 'all,secret';

/** Without `-o`, `get secret` lists names; these formats print the values. */
const showsContent = (flags: readonly Flag[]): boolean =>
  flags.some(
    (flag) =>
      (flag.name === '-o' || flag.name === '--output') &&
      /^(?:ya?ml|json|jsonpath|go-template|template|custom-columns)/.test(flag.value?.text ?? ''),
  ) || flags.some((flag) => flag.name === '--template' || /^-o(?:ya?ml|json)/.test(flag.name));

const privileges = (line: Line): readonly Effect[] => {
  const words = line.operands.map((word) => word.text);
  const overrides = line.flags.find((flag) => flag.name === '--overrides')?.value?.text ?? '';
  const given =
    line.flags.some((flag) => flag.name === '--privileged') ||
    /hostPID|hostNetwork|hostPath|privileged/.test(overrides) ||
    line.flags.some((flag) => flag.name === '--profile' && flag.value?.text === 'sysadmin') ||
    (/^(?:cluster)?rolebinding$/.test(words[1] ?? '') &&
      line.flags.some((flag) => flag.value?.text === 'cluster-admin')) ||
    words.includes('add-cluster-role-to-user');
  return given
    ? [
        {
          type: 'system',
          part: 'privilege',
          change: 'change',
          what: 'gives full rights over a cluster or its machines',
        },
      ]
    : [];
};

const opens = (line: Line): readonly Effect[] => {
  const verb = line.operands[0]?.text;
  if (verb !== 'proxy' && verb !== 'port-forward') return [];
  const address = line.flags.find((flag) => flag.name === '--address')?.value?.text ?? 'localhost';
  const local = /^(?:localhost|127\.|::1)/.test(address);
  return [
    { type: 'reach', host: address, how: 'listen', local, what: `opens a port to the cluster on ${address}` },
  ];
};
