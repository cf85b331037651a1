import type { Describe, Table } from '../describe.ts';
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

const specOf = (name: keyof typeof groups): ToolSpec => groups[name]!;

/** Tools whose work is done elsewhere: clouds, clusters, containers, databases, services. */
export const remoteTable: Table = {
  ...Object.assign({}, ...Object.entries(groups).map(([names, spec]) => under(names, describeTool(spec)))),
  ...sqlClients,
  ...under('docker podman nerdctl buildah docker.io', describeEngine),
  ...under('docker-compose podman-compose docker-buildx', describeCompose),
  ...under('kubectl oc kubecolor k kubectl.exe', describeKubectl),
  ...under('terraform tofu opentofu terragrunt', describeTerraform),
  ...under('redis-cli valkey-cli keydb-cli', describeRedis),
  ...under('mongosh mongo', describeMongo),
  ...under('restic rustic', describeRestic),
  ...under('borg', describeBorg),
  ...under('aws awslocal', describeTransferTool(specOf('aws'), hasScheme)),
  ...under('gsutil', describeTransferTool(specOf('gsutil'), hasScheme)),
  ...under('gcloud', describeTransferTool(specOf('gcloud'), hasScheme)),
  ...under('azcopy', describeTransferTool(specOf('azcopy'), hasScheme)),
  ...under('s3cmd s4cmd', describeTransferTool(specOf('s3cmd s4cmd'), hasScheme)),
  ...under('s5cmd', describeTransferTool(specOf('s5cmd'), hasScheme)),
  ...under('rclone', describeTransferTool(specOf('rclone'), hasRemoteName)),
  ...under('mc', describeTransferTool(specOf('mc'), hasAlias)),
};
