import { describe, expect, test } from 'vitest';
import { changeOf, effectsIn } from './context.ts';

const typesIn = (text: string) =>
  effectsIn(text).map((effect) => (effect.type === 'system' ? effect.part : effect.type));

describe('container engines', () => {
  test.each([
    'docker run --privileged image',
    'docker run -v /:/host image',
    'docker run -v /etc:/x image',
    'docker run --volume=/var/run/docker.sock:/s image',
    'docker run --mount type=bind,source=/root,target=/x image',
    'docker run --pid=host image',
    'podman run --net host image',
    'docker run --cap-add SYS_ADMIN image',
    'docker run --security-opt seccomp=unconfined image',
    'docker run --device /dev/sda image',
    'docker run -v ~/.ssh:/x image',
    'docker exec --privileged web ls',
  ])('rights over this machine: %s', (text) => expect(typesIn(text)).toContain('privilege'));

  test.each([
    'docker run -v /home/user/project:/src image',
    'docker run -p 3000:3000 --network web image',
    'docker run --rm -v data:/data image',
    'docker ps --filter name=x',
  ])('none: %s', (text) => expect(typesIn(text)).toEqual(['remote']));

  test('compose down keeps volumes unless told', () => {
    expect(changeOf(effectsIn('docker compose down'))).toBe('update');
    expect(changeOf(effectsIn('podman-compose down -v'))).toBe('destroy');
  });
});

describe('kubectl', () => {
  test.each([
    ['kubectl get secrets', 'read'],
    ['kubectl describe secret s', 'read'],
    ['kubectl get secret s -o yaml', 'secret'],
    ['kubectl get secret/s -ojsonpath={.data}', 'secret'],
    ['kubectl -n prod get secrets --output=json', 'secret'],
    ['kubectl config view', 'read'],
    ['kubectl config view --raw', 'secret'],
    ['kubectl create token sa', 'secret'],
    ['kubectl --context prod delete pod list', 'destroy'],
    ['kubectl scale deploy web --replicas=0', 'destroy'],
    ['kubectl scale deploy web --replicas=3', 'update'],
    ['kubectl rollout status deploy/web', 'read'],
    ['kubectl rollout undo deploy/web', 'update'],
    ['kubectl drain node-1', 'destroy'],
    ['kubectl apply -f x.yaml --dry-run=server', 'read'],
    ['kubectl apply -f x.yaml --prune', 'destroy'],
    ['kubectl exec -it web', 'run'],
    ['oc delete project p', 'destroy'],
  ])('%s: %s', (text, change) => expect(changeOf(effectsIn(text))).toBe(change));

  test('manifests are read or fetched', () => {
    expect(effectsIn('kubectl apply -f k8s/web.yaml')).toMatchObject([
      { type: 'remote', change: 'update' },
      { type: 'read', path: { place: 'workspace' } },
    ]);
    expect(effectsIn('kubectl apply -f https://example.com/x.yaml')).toMatchObject([
      { type: 'remote' },
      { type: 'reach', host: 'example.com', how: 'fetch' },
    ]);
  });

  test('a port opened to everyone is not local', () => {
    expect(effectsIn('kubectl proxy --address=0.0.0.0')).toContainEqual(
      expect.objectContaining({ type: 'reach', how: 'listen', local: false }),
    );
    expect(effectsIn('kubectl port-forward svc/web 8080')).toContainEqual(
      expect.objectContaining({ type: 'reach', how: 'listen', local: true }),
    );
  });

  test('full rights over a cluster', () => {
    expect(typesIn('kubectl create clusterrolebinding x --clusterrole=cluster-admin --user=me')).toContain(
      'privilege',
    );
    expect(typesIn('kubectl run x --image=y --privileged')).toContain('privilege');
  });
});
