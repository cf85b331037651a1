import { describe, expect, test } from 'vitest';
import { remoteTable } from '../../../src/effects/remote/table.ts';
import { changeOf, effectsIn } from './context.ts';

const cases: Readonly<Record<string, readonly string[]>> = {
  read: [
    'aws ec2 describe-instances --filters Name=tag:Name,Values=x',
    'aws --profile prod --region eu-west-1 s3 ls',
    'aws s3 rm s3://bucket/key --dryrun',
    'aws ec2 help',
    'az network dns record-set list -g group',
    'gcloud compute instances list --project p',
    'gsutil ls gs://bucket',
    'doctl compute droplet list',
    'heroku logs --tail -a app',
    'fly status -a app',
    'terraform plan -destroy',
    'terraform state list',
    'terragrunt run-all plan',
    'pulumi preview',
    'cdk diff',
    'ansible-playbook site.yml --check',
    'vault kv list secret/',
    'consul kv get app/key',
    'nomad job status web',
    'helm get values release',
    'helm upgrade release chart --dry-run',
    'velero backup logs nightly',
    'argocd app diff web',
    'docker compose -f compose.yml logs web',
    'podman images',
    'skopeo inspect docker://alpine',
    'crictl ps',
    'rabbitmqctl list_queues name messages',
    'kafka-topics --bootstrap-server localhost:9092 --describe --topic t',
    'nats stream info ORDERS',
    'etcdctl get --prefix /registry',
    'restic snapshots',
    'borg list repo::archive',
    'rclone lsd remote:',
    'op item list',
    'stripe customers list',
    'auth0 users show auth0|1',
    'sentry-cli releases list',
    'wp plugin list',
    'sf org list',
  ],
  destroy: [
    'aws ec2 terminate-instances --instance-ids i-1',
    'aws --query delete s3 rb s3://bucket --force',
    'aws s3 sync . s3://bucket --delete',
    'aws kms schedule-key-deletion --key-id k',
    'aws dynamodb batch-delete-anything --table t',
    'az group delete -n group --yes',
    'az monitor log-analytics workspace delete -n w',
    'gcloud projects delete p --quiet',
    'gsutil -m rm -r gs://bucket',
    'azcopy sync ./a https://account.blob.core.windows.net/c --delete-destination=true',
    'doctl kubernetes cluster delete c',
    'heroku pg:reset DATABASE_URL',
    'fly apps destroy app',
    'vercel remove app --yes',
    'wrangler kv:key delete --namespace-id=n KEY',
    'terraform destroy -target=a.b',
    'terraform apply -destroy',
    'terraform -chdir=infra state rm a.b',
    'terragrunt run-all destroy',
    'pulumi stack rm prod',
    'vault secrets disable kv/',
    'vault lease revoke -prefix secret/',
    'consul kv delete -recurse app',
    'nomad system gc',
    'cloud-nuke aws --region eu-west-1',
    'helm uninstall release',
    'velero backup delete nightly --confirm',
    'argocd app delete web',
    'kops delete cluster --name c --yes',
    'docker system prune -af',
    'docker volume rm data',
    'docker rm -f web',
    'docker compose down -v',
    'docker-compose -f x.yml down --volumes',
    'podman system reset',
    'crictl rmi --prune',
    'dropdb app',
    'pg_restore --clean -d app dump',
    'mysqladmin -u root drop app',
    'mongorestore --drop dump/',
    'rabbitmqctl delete_vhost /prod',
    'kafka-topics --bootstrap-server localhost:9092 --delete --topic t',
    'kafka-consumer-groups --bootstrap-server b:9092 --reset-offsets --to-earliest --group g --execute',
    'nats stream purge ORDERS',
    'etcdctl del --prefix /registry',
    'nodetool decommission',
    'restic forget --keep-last 1 --prune',
    'borg compact repo',
    'rclone sync a remote:b',
    'mc rb --force store/bucket',
    'op vault delete Engineering',
    'doppler configs delete dev --yes',
    'auth0 api delete clients/1',
    'ldcli flags archive f',
    'circleci context remove-secret org context KEY',
    'gitlab-runner unregister --all-runners',
    'dnscontrol push --dry-run=false --delete',
    'fastly service purge --all',
    'deck gateway reset',
    'wp db reset --yes',
    'drush sql-drop',
    'sf org delete scratch -o x',
    'airflow dags delete d',
    'virsh undefine vm',
  ],
  update: [
    'aws s3 cp a.txt s3://bucket/a.txt',
    'aws iam attach-role-policy --role-name r --policy-arn p',
    'az vm start -n vm',
    'gcloud app deploy',
    'terraform import a.b id',
    'helm rollback release 3',
    'kustomize apply',
    'docker login -u me',
    'docker push registry/image',
    'vault write secret/a b=c',
    'auth0 users import',
    'aws unheard-of frobnicate',
  ],
  secret: [
    'aws secretsmanager get-secret-value --secret-id s',
    'aws ssm get-parameter --name p --with-decryption',
    'aws sts assume-role --role-arn r',
    'gcloud auth print-access-token',
    'gcloud secrets versions access latest --secret s',
    'az keyvault secret show --vault-name v -n s',
    'az account get-access-token',
    'vault kv get secret/app',
    'op read op://vault/item/password',
    'pass show mail/work',
    'sops -d secrets.yaml',
    'doppler secrets download --no-file',
    'heroku config',
    'rclone config show',
    'sf org display -o prod',
  ],
  run: [
    'aws ssm start-session --target i-1',
    'docker run ubuntu',
    'ansible web -m shell -a uptime',
    'heroku run bash',
    'gcloud compute ssh vm',
  ],
  local: ['cdk init app', 'wrangler dev', 'helm package ./chart', 'packer fmt .', 'docker completion bash'],
};

describe('remoteTable', () => {
  for (const [change, texts] of Object.entries(cases)) {
    test.each(texts)(`${change}: %s`, (text) => expect(changeOf(effectsIn(text))).toBe(change));
  }

  test('judges the same operation by the tool it belongs to', () => {
    expect(effectsIn('kubectl get pods')).toMatchObject([{ type: 'remote', system: 'k8s' }]);
    expect(effectsIn('docker ps')).toMatchObject([{ type: 'remote', system: 'container' }]);
    expect(effectsIn('terraform plan')).toMatchObject([{ type: 'remote', system: 'iac' }]);
    expect(effectsIn('nats sub a')).toMatchObject([{ type: 'remote', system: 'queue' }]);
  });

  test.each(['--dry-run=none', '--dry-run=false'])('%s changes something', (flag) => {
    expect(changeOf(effectsIn(`kubectl delete pod a ${flag}`))).toBe('destroy');
  });

  test('does not guess an operation that is a hole', () => {
    expect(effectsIn('aws ec2 \uFFFC')).toMatchObject([{ type: 'opaque', at: 'command' }]);
    expect(changeOf(effectsIn('aws ec2 terminate-instances --instance-ids \uFFFC'))).toBe('destroy');
  });

  test('a helper program is started', () => {
    expect(effectsIn("restic backup . --password-command '/bin/sh -c x'")).toContainEqual(
      expect.objectContaining({ type: 'spawn', program: '/bin/sh' }),
    );
  });

  test('every entry describes help as harmless and never throws', () => {
    for (const name of Object.keys(remoteTable)) {
      expect([name, changeOf(effectsIn(`${name} --help`))]).toEqual([
        name,
        expect.stringMatching(/^(?:read|local|none)$/),
      ]);
    }
  });
});
