import type { Command, Word } from '../../shell/command.ts';
import type { Describe } from '../describe.ts';
import type { Effect } from '../effect.ts';
import { readLine } from './line.ts';
import { effectOf, type Outcome } from './tool.ts';

/** `redis-cli`, `valkey-cli`: the command is the operands, or lines of standard input. */
export const describeRedis: Describe = (command, context) => {
  const line = readLine(command.args, knowledge);
  const { flags } = line;
  const has = (name: string) => flags.find((flag) => flag.name === name);
  if (command.args.length === 1 && (has('--help') || has('--version') || has('-v'))) return [];
  const words = line.operands.map((word) => word.text);
  const script = has('--eval')?.value;
  if (script)
    return [{ type: 'read', path: context.path(script, command) }, effect('run', ['EVAL', script.text])];
  const dump = has('--rdb')?.value ?? has('--functions-rdb')?.value;
  if (dump)
    return [{ type: 'write', path: context.path(dump, command), how: 'overwrite' }, effect('read', ['dump'])];
  if (has('--cluster'))
    return [effect(clusterOutcome(has('--cluster')?.value?.text ?? ''), ['cluster', ...words])];
  if (has('--pipe') || flags.some((flag) => flag.name.startsWith('--lru-test')))
    return [effect('update', ['pipe'])];
  if (flags.some((flag) => reading.has(flag.name))) return [effect('read', ['keys and statistics'])];
  if (words.length > 0) return [effect(outcomeOf(words), words)];
  return fromStdin(command);
};

const knowledge = {
  valued: new Set(
    '-h -p -s -a -u -n -r -i -d -D -t --user --pass --cacert --cacertdir --cert --key --sni --eval --rdb --functions-rdb --pattern --count --cluster --intrinsic-latency --show-pushes --pipe-timeout'.split(
      ' ',
    ),
  ),
  plain: new Set(
    '--scan --bigkeys --memkeys --hotkeys --stat --latency --latency-history --latency-dist --no-auth-warning --raw --no-raw --csv --json --tls --insecure -c -x -X -e -2 -3 --pipe --askpass --verbose'.split(
      ' ',
    ),
  ),
};

const reading = new Set(
  '--scan --bigkeys --memkeys --hotkeys --stat --latency --latency-history --latency-dist --intrinsic-latency'.split(
    ' ',
  ),
);

const effect = (outcome: Outcome, words: readonly string[]): Effect =>
  effectOf({ system: 'database', outcome, words: `redis ${words.slice(0, 3).join(' ')}` });

const clusterOutcome = (verb: string): Outcome => {
  if (['check', 'info', 'help', 'backup'].includes(verb)) return 'read';
  return ['del-node', 'reshard', 'import', 'fix'].includes(verb)
    ? 'destroy'
    : verb === 'call'
      ? 'run'
      : 'update';
};

const fromStdin = (command: Command): readonly Effect[] => {
  const { stdin } = command;
  if (stdin.type === 'text') return ofText(stdin.text);
  if (stdin.type !== 'pipe' || (stdin.from.name !== 'echo' && stdin.from.name !== 'printf')) {
    return [effect('run', ['session'])];
  }
  const words = stdin.from.args;
  return ofText({
    text: words.map((word) => word.text).join(' '),
    known: words.every((word) => word.known),
    glob: false,
    quoted: true,
  });
};

const ofText = (text: Word): readonly Effect[] =>
  text.text
    .split(/\n|\\n/)
    .map((one) => one.trim().split(/\s+/))
    .filter((words) => words[0] !== '')
    .map((words) => effect(outcomeOf(words), words));

const outcomeOf = (words: readonly string[]): Outcome => {
  const first = words[0]!.toLowerCase();
  const pair = `${first} ${words[1]?.toLowerCase() ?? ''}`;
  if (pairs.has(pair)) return pairs.get(pair)!;
  return singles.get(first) ?? 'update';
};

const table = (
  groups: Readonly<Partial<Record<Outcome, string>>>,
  separator: RegExp,
): ReadonlyMap<string, Outcome> =>
  new Map(
    Object.entries(groups).flatMap(([outcome, text]) =>
      text
        .trim()
        .split(separator)
        .map((name) => [name, outcome as Outcome] as const),
    ),
  );

const singles = table(
  {
    read: `get mget getrange substr strlen exists type ttl pttl expiretime pexpiretime keys scan randomkey dbsize info ping echo time
      hget hmget hgetall hkeys hvals hlen hexists hstrlen hscan hrandfield lrange llen lindex lpos smembers sismember smismember scard
      srandmember sscan sinter sinterc ard sdiff sunion zrange zrangebyscore zrevrange zrevrangebyscore zrangebylex zscore zmscore zcard
      zcount zlexcount zrank zrevrank zscan zrandmember xrange xrevrange xlen xinfo xpending xread pfcount bitcount bitpos getbit geopos
      geodist geosearch georadius_ro geohash object memory monitor subscribe psubscribe ssubscribe pubsub lastsave role slowlog latency
      command hello dump lolwut touch sort_ro wait json.get json.mget json.type ft.search ft.info ft.aggregate ts.get ts.range bf.exists
      graph.ro_query select auth quit help eval_ro fcall_ro client`,
    destroy: `flushall flushdb del unlink shutdown swapdb getdel ltrim hdel srem zrem zremrangebyrank zremrangebyscore zremrangebylex
      lrem xdel xtrim spop lpop rpop zpopmin zpopmax lmpop zmpop blpop brpop replicaof slaveof migrate restore ft.drop ft.dropindex json.del
      json.forget json.clear graph.delete rename failover debug expire pexpire expireat pexpireat psync`,
    run: 'eval evalsha fcall',
  },
  /\s+/,
);

const pairs = table(
  {
    read: `config get,acl list,acl whoami,acl users,acl getuser,acl cat,acl log,cluster info,cluster nodes,cluster slots,cluster shards,
      script exists,module list,function list,function stats,client list,client info,client getname,client id,latency doctor,memory usage,memory doctor,slowlog get,object encoding,sentinel masters`,
    destroy: `config set,config rewrite,config resetstat,acl setuser,acl deluser,acl load,cluster reset,cluster forget,cluster failover,cluster flushslots,
      cluster delslots,script flush,script kill,function flush,function delete,client kill,slowlog reset,xgroup destroy,memory purge,sentinel remove,sentinel reset`,
    run: 'module load,module loadex,script load,function load,function restore',
    update: 'client pause,client setname,client no-evict,client reply,client unpause,client tracking',
  },
  /,\s*/,
);
