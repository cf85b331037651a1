import { type Describe, oneTable, type Table } from '../describe.ts';
import { describeCompose, describeEngine } from './docker.ts';
import { describeKubectl } from './kubectl.ts';
import { describeMongo } from './mongo.ts';
import { describeRedis } from './redis.ts';
import { describeBorg, describeRestic } from './repositories.ts';
import { sqlClients } from './sql-clients.ts';
import { describeTerraform } from './terraform.ts';
import { describeTool, type ToolSpec } from './tool.ts';
import { backups } from './tools/backups.ts';
import { business } from './tools/business.ts';
import { clouds } from './tools/clouds.ts';
import { clusters } from './tools/clusters.ts';
import { containers } from './tools/containers.ts';
import { data } from './tools/data.ts';
import { delivery } from './tools/delivery.ts';
import { infrastructure } from './tools/infrastructure.ts';
import { monitoring } from './tools/monitoring.ts';
import { secrets } from './tools/secrets.ts';
import { describeTransferTool, hasAlias, hasRemoteName, hasScheme } from './transfers.ts';

const groups = {
  ...business,
  ...monitoring,
  ...delivery,
  ...secrets,
  ...backups,
  ...data,
  ...containers,
  ...clusters,
  ...infrastructure,
  ...clouds,
};

/** One description under each of several names, separated by blanks. */
const under = (names: string, describe: Describe): Table =>
  Object.fromEntries(names.split(' ').map((name) => [name, describe]));

/** Where the other end of a copy is named, for tools that also carry files. */
const carriers: Readonly<Record<string, Parameters<typeof describeTransferTool>[1]>> = {
  'aws awslocal': hasScheme,
  gsutil: hasScheme,
  gcloud: hasScheme,
  azcopy: hasScheme,
  's3cmd s4cmd': hasScheme,
  s5cmd: hasScheme,
  rclone: hasRemoteName,
  mc: hasAlias,
};

/** Tools whose data is only a part of what is known of them. */
const more: Table = {
  ...under('terraform tofu opentofu terragrunt', describeTerraform),
  ...under('restic rustic', describeRestic),
  borg: describeBorg,
};

const describeGroup = (names: string, spec: ToolSpec): Table => {
  const carries = carriers[names];
  const describe = carries === undefined ? describeTool(spec) : describeTransferTool(spec, carries);
  return names.split(' ').every((name) => Object.hasOwn(more, name)) ? {} : under(names, describe);
};

/** The tables that it is made of; no two of them describe the same program. */
export const remoteParts: readonly Table[] = [
  ...Object.entries(groups).map(([names, spec]) => describeGroup(names, spec)),
  sqlClients,
  under('docker podman nerdctl buildah docker.io', describeEngine),
  under('docker-compose podman-compose docker-buildx', describeCompose),
  under('kubectl oc kubecolor k kubectl.exe', describeKubectl),
  under('redis-cli valkey-cli keydb-cli', describeRedis),
  under('mongosh mongo', describeMongo),
  more,
];

/** Tools whose work is done elsewhere: clouds, clusters, containers, databases, services. */
export const remoteTable: Table = oneTable(...remoteParts);
