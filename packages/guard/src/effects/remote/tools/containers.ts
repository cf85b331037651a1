import type { ToolSpec } from '../tool.ts';

/** The client of a container engine; `docker.ts` adds what its options give away. */
export const engine: ToolSpec = {
  system: 'container',
  valued: `--config --context -c -H --host -l --log-level --tlscacert --tlscert --tlskey -f --file -p --project-name --profile --env-file
    --project-directory --namespace -n --name -e --env -v --volume --mount -w --workdir -u --user --network --net --pid --ipc --uts --userns --cap-add
    --security-opt --device --entrypoint --publish -t --tag --build-arg --platform --target --format --filter --tail --since --until --address -a
    --runtime --root --connection --url --remote --storage-driver --cgroupns --volumes-from --label --ulimit -m --memory --cpus --restart --scale --timeout`,
  plain:
    '--privileged -d -it -ti --rm --tls --tlsverify -D --all-tags --pull --no-cache --init --read-only --force --volumes --remove-orphans',
  read: `ps, images, logs, inspect, port, top, stats, events, history, diff, version, info, search, wait, context ls|show|inspect, system df|info|events,
    container|image|network|volume|node|service|stack|secret|config|plugin|pod|machine ls|list|inspect|ps|logs|top|stats|diff|port|history|exists|tree,
    service ps|logs, stack ps|services|config, buildx ls|du|inspect|version|history, buildx imagetools inspect, builder du, manifest inspect, trust inspect, scout *,
    compose ps|logs|ls|config|version|images|top|port|events|stats|volumes|convert, compose wait, healthcheck, system connection list, machine info, sbom, swarm ca|join-token|unlock-key,
    volume ls, namespace ls, auto-update --dry-run, model ls|list|inspect|df|ps, mcp *  ls, checkpoint ls, apparmor ls`,
  local: 'completion, generate kube|systemd, kube generate, compose config, init, buildx bake --print',
  create: `build, pull, commit, load, import, create, buildx build|bake|create, image build|pull|load|import, builder build, compose build|pull|create, network create,
    volume create, container create|commit, tag, image tag, save, export, image save, container export, from, bud, buildx imagetools create, machine init, manifest create, volume import, volume export, model pull`,
  update: `push, login, logout, start, restart, stop, pause, unpause, rename, update, cp, compose up|start|restart|stop|pause|unpause|down|push|publish|cp|scale|watch,
    image push, swarm init|join|update|unlock, context use|create|update|import|export, node update|promote|demote, service create|update|scale|rollback, stack deploy|up,
    network connect|disconnect, plugin install|enable|disable|set|upgrade|create|push, container start|restart|stop|pause|unpause|rename|update|cp|restore, manifest push|annotate|add,
    trust sign|key, machine start|stop|set, kube play|apply, play kube, mount, unmount, config, add, copy, secret create, auto-update, buildx use|install|stop, model push|run|start-runner`,
  destroy: `rm, rmi, kill, container rm|remove|kill|prune, image rm|remove|prune, volume rm|remove|prune, network rm|remove|prune, system prune|reset, builder prune, buildx prune|rm,
    compose rm|kill, swarm leave, node rm, service rm, stack rm|down, secret rm, config rm, plugin rm, trust revoke, machine rm|reset, pod rm|prune|kill|stop,
    kube down, context rm, manifest rm, checkpoint rm, volume reset, model rm`,
  run: `run, exec, attach, container run|exec|attach, compose run|exec|attach, unshare, debug, machine ssh, container runlabel, shell, sandbox, pod create, dev, mcp *`,
  secret: 'compose config --environment, secret inspect, swarm join-token, swarm unlock-key',
  options: { destroy: '--prune' },
};

/** Other tools around containers and images. */
export const containers: Readonly<Record<string, ToolSpec>> = {
  skopeo: {
    system: 'container',
    read: 'inspect, list-tags, manifest-digest, standalone-verify',
    update: 'copy, sync, login, logout, standalone-sign',
    destroy: 'delete',
  },
  'crane regctl oras gcrane ecr-cli cosign notation': {
    system: 'container',
    read: 'catalog, config, digest, manifest, ls, list, validate, image digest|manifest|inspect|config, tag ls, repo ls, registry config, discover, verify, verify-attestation, triangulate, tree, blob get, manifest fetch, export, pull, repo tags, version, inspect',
    update:
      'push, copy, cp, append, mutate, flatten, rebase, tag, sign, attest, attach, image copy|mod, login, logout, auth login, registry login|set|logout, upload, generate-key-pair, cache',
    destroy: 'delete, tag delete|rm, image delete, manifest delete, blob delete, clean, repo rm',
    secret: 'auth get, auth token',
  },
  crictl: {
    system: 'container',
    valued: '-r --runtime-endpoint -i --image-endpoint -t --timeout -c --config -o --output',
    read: 'ps, pods, images, image, img, logs, inspect, inspecti, inspectp, imagefsinfo, info, stats, statsp, version, metrics, events, config',
    create: 'pull, create, runp',
    run: 'exec, attach, run, port-forward',
    destroy: 'rm, rmi, rmp, stop, stopp',
    update: 'start, update, checkpoint',
  },
  ctr: {
    system: 'container',
    valued: '-a --address -n --namespace --timeout --connect-timeout',
    read: '* ls|list|info|check|metrics|ps|diff, version, info, events, plugins ls',
    create: 'images|image|i pull|import|mount|tag|convert, containers|c create, snapshots prepare',
    run: 'run, tasks|t exec|attach, sandboxes run, shim',
    destroy: '* rm|remove|delete|del|prune|kill',
    update:
      'images|image|i push|export|label, tasks|t start|pause|resume, namespaces create|label, content edit|ingest|push-object',
  },
  'lxc incus': {
    system: 'container',
    valued: '--project',
    read: 'list, ls, info, version, * list|ls|show|info|get, image list|info, remote list|get-default, query, config show|get, operation list, monitor, warning list, cluster list',
    create:
      'launch, init, create, copy, cp, snapshot, image copy|import, publish, network create, storage create, profile create, remote add',
    update:
      'start, stop, restart, pause, resume, config set|device|edit, move, mv, rename, rebuild, file push, profile edit|add|assign|set, restore',
    destroy:
      'delete, rm, snapshot delete|restore, image delete, network delete, storage delete, storage volume delete, profile delete|remove, project delete, cluster remove, config unset|trust',
    run: 'exec, shell, console, file mount',
    secret: 'config trust add',
  },
  'lxd incusd': {
    system: 'container',
    otherwise: 'update',
    bare: 'run',
    read: 'waitready, version, cluster list-database',
    destroy: 'shutdown, recover, cluster *',
  },
  'lxc-ls lxc-info lxc-monitor lxc-top lxc-checkconfig lxc-config lxc-wait': {
    system: 'container',
    otherwise: 'read',
    bare: 'read',
  },
  'lxc-destroy lxc-stop lxc-snapshot': { system: 'container', otherwise: 'destroy', bare: 'read' },
  'lxc-create lxc-start lxc-copy lxc-freeze lxc-unfreeze lxc-cgroup lxc-device lxc-autostart': {
    system: 'container',
    otherwise: 'update',
    bare: 'read',
  },
  'lxc-attach lxc-execute lxc-console lxc-unshare lxc-usernsexec': {
    system: 'container',
    otherwise: 'run',
    bare: 'run',
  },
  'singularity apptainer': {
    system: 'container',
    read: 'inspect, cache list, verify, remote list|status, search, capability list, plugin list, sif list|info|dump|header, key list',
    create: 'build, pull, overlay',
    run: 'run, exec, shell, instance start|run, test, oci run|exec',
    update: 'push, sign, remote login|add|use, key import|push',
    destroy: 'cache clean, delete, instance stop, remote remove, sif del, key remove',
  },
  'runc crun runsc kata-runtime youki firecracker umoci distrobox toolbox': {
    system: 'container',
    otherwise: 'run',
    bare: 'run',
    read: 'list, ls, state, ps, events, spec, features, stat, config',
    destroy: 'delete, kill, rm, remove, gc',
    local: 'spec, init, unpack, repack',
  },
  'docker-machine colima orb orbctl lima limactl finch rdctl minikube-machine multipass tart': {
    system: 'container',
    read: 'active, config, env, ip, url, status, version, ls, list, info, images, find, networks, aliases, validate, sudoers, template, doctor',
    create: 'create, launch, clone',
    update:
      'start, stop, restart, upgrade, provision, regenerate-certs, ssh-key, edit, mount, scp, copy, transfer, set, suspend, recover, update, config set, pull, push, login, template',
    destroy: 'rm, delete, kill, prune, purge, factory-reset, reset, vm stop, vm remove, snapshot, restore',
    run: 'ssh, shell, run, exec, sh, compose, nerdctl',
  },
  'dagger buildctl kaniko executor img pack jib ko s2i': {
    system: 'container',
    otherwise: 'create',
    read: 'ls, debug, du, inspect, config, version, functions, builder inspect|suggest, stack suggest, buildpack inspect, sbom',
    destroy: 'prune',
    update: 'login, publish, apply, create, resolve',
    run: 'shell, call, run',
  },
};
