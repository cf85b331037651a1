import type { ToolSpec } from '../tool.ts';

/** Kubernetes' own client; `kubectl.ts` adds what its options decide. */
export const kubectlSpec: ToolSpec = {
  system: 'k8s',
  valued: `--context --namespace -n --kubeconfig --cluster --user --as --as-group --as-uid -o --output -l --selector -s --server --token --request-timeout
    --field-selector -f --filename -k --kustomize -c --container --tail --since --since-time --replicas -p --patch --patch-file --type --image --sort-by -L --label-columns
    --template --cache-dir --profile --profile-output -v --v --grace-period --timeout --overrides --port --address --from-literal --from-file --subresource --field-manager
    --certificate-authority --client-certificate --client-key --username --password --tls-server-name --for --env --restart --limits --requests --raw`,
  plain:
    '--all-namespaces -A --all --force --prune --insecure-skip-tls-verify --wait --watch -w -it -ti --stdin --tty --rm --server-side --recursive --show-labels --previous --privileged',
  read: `get, describe, logs, top, explain, api-resources, api-versions, cluster-info, version, diff, auth can-i|whoami, rollout status|history, wait, events, options, kustomize,
    config view|current-context|get-contexts|get-clusters|get-users, plugin, status, project, projects, whoami, policy who-can, adm top|inspect|must-gather|node-logs, neat, tree, ns, ctx, who-can,
    get-all, view-allocations, resource-capacity, score, images, adm release info, image info, krew list|search|info, stern, tail, sniff --help`,
  local: 'completion, krew version',
  create: 'create, new-app, new-project, new-build, expose, run --dry-run',
  update: `apply, patch, edit, label, annotate, scale, autoscale, set, rollout restart|undo|pause|resume|latest|retry|cancel, config use-context|set|set-context|set-cluster|set-credentials|rename-context, certificate approve|deny,
    uncordon, auth reconcile, cp, login, logout, start-build, import-image, tag, policy add-role-to-user|add-cluster-role-to-user, adm policy|upgrade|uncordon, process, idle, rsync, krew install|upgrade|update|uninstall, import, extract, project *`,
  destroy: `delete, drain, cordon, taint, replace, config delete-context|delete-cluster|delete-user|unset, adm drain|cordon|taint|prune, cancel-build, policy remove-role-from-user, rollout cancel`,
  run: 'exec, run, attach, debug, port-forward, proxy, rsh, node-shell, iexec, ssh, adm node-shell',
  secret:
    'create token, whoami -t, serviceaccounts get-token, sa get-token, extract secret, view-secret, modify-secret, oidc-login',
};

/** Tools around clusters. */
export const clusters: Readonly<Record<string, ToolSpec>> = {
  helm: {
    system: 'k8s',
    valued:
      '-n --namespace --kube-context --kubeconfig --registry-config --repository-cache --repository-config --kube-token --kube-apiserver -f --values --set --version -o --output --max --set-string --set-file --description --timeout',
    plain: '--debug --install --atomic --wait --devel --create-namespace --purge',
    read: 'list, ls, status, history, hist, get *, show *, inspect *, template, lint, version, env, search *, repo list|ls, dependency|dep list|ls, plugin list|ls, verify, diff *, secrets view, schema',
    local:
      'create, package, dependency|dep build|update|up, completion, repo index, docs, pull, fetch, unittest, schema-gen',
    update:
      'install, upgrade, rollback, repo add|update|up, plugin install|add|update, registry login|logout, push, test, init',
    destroy: 'uninstall, un, delete, del, repo remove|rm, plugin uninstall|remove|rm',
    secret: 'secrets dec|decrypt|view',
  },
  helmfile: {
    system: 'k8s',
    valued: '-e --environment -f --file -l --selector -n --namespace',
    read: 'diff, list, status, template, lint, build, write-values, show-dag, cache info, fetch, deps',
    update: 'apply, sync, repos, charts, test',
    destroy: 'destroy, delete, cache cleanup',
  },
  'kustomize jsonnet tk tanka ytt kbld cdk8s kompose datree': {
    system: 'k8s',
    otherwise: 'local',
    local:
      'build, create, edit, cfg, fn, init, synth, import, convert, env list, fmt, lint, show, eval, export, test',
    read: 'diff, status',
    update: 'apply, env set|add, up',
    destroy: 'delete, prune, env remove, down',
  },
  'kind k3d kwokctl': {
    system: 'k8s',
    read: 'get clusters|nodes, cluster|node list, version, export logs, registry list',
    secret: 'get kubeconfig, kubeconfig get, export kubeconfig, kubeconfig merge',
    create: 'create, build, load, image import, cluster create',
    update: 'cluster start|stop|edit',
    destroy: 'delete, cluster|node|registry delete',
  },
  minikube: {
    system: 'k8s',
    valued: '-p --profile',
    read: 'status, ip, service list, profile list, addons list, logs, node list, image ls, version, docker-env, podman-env, update-check, kubectl get|describe|logs, config view|get, options, ssh-host, ssh-key',
    update:
      'start, stop, pause, unpause, addons enable|disable|configure, config set|unset, image load|build|pull|push, mount, tunnel, dashboard, service, node add|start|stop, cache, cp, update-context',
    destroy: 'delete, node delete, image rm, kubectl delete',
    run: 'ssh, kubectl exec|run',
  },
  'k3s rke2 k0s microk8s': {
    system: 'k8s',
    read: 'status, kubectl get|describe|logs, crictl ps|images, check-config, inspect, version, token list, etcd-snapshot ls, sysinfo, validate, config',
    update:
      'server, agent, enable, disable, start, stop, install, controller, worker, certificate rotate, etcd-snapshot save, add-node, join, refresh-certs',
    destroy: 'kubectl delete, reset, leave, remove-node, etcd-snapshot delete|prune, token delete',
    run: 'kubectl exec|run, ctr',
    secret: 'config, kubeconfig, token create|generate, add-node, secrets-encrypt, kubectl config',
  },
  'k3s-uninstall.sh k3s-agent-uninstall.sh k3s-killall.sh rke2-uninstall.sh rke2-killall.sh': {
    system: 'k8s',
    bare: 'destroy',
    otherwise: 'destroy',
  },
  kubeadm: {
    system: 'k8s',
    read: 'config view|print|images|validate, token list, certs check-expiration, upgrade plan|diff, version, kubeconfig --help',
    update: 'init, join, upgrade apply|node, certs renew, config migrate',
    destroy: 'reset, token delete',
    secret: 'token create|generate, kubeconfig user, certs certificate-key, certs generate-csr',
  },
  argocd: {
    system: 'k8s',
    valued: '--server --auth-token --config --grpc-web-root-path --port-forward-namespace',
    read: 'app list|get|diff|history|logs|manifests|resources|wait, cluster list|get, repo list|get, proj list|get, account list|get|can-i|get-user-info, context, version, appset list|get, cert list, admin settings validate, app get-resource',
    update:
      'app create|set|sync|rollback|patch|edit|add-source|terminate-op|actions, cluster add|set|rotate-auth, repo add, proj create|edit|add-source|allow-cluster-resource, login, logout, relogin, appset create, cert add-tls|add-ssh, account update-password',
    destroy:
      'app delete|delete-resource|unset|remove-source, cluster rm, repo rm, proj delete|remove-source, appset delete, cert rm, account delete-token, context --delete',
    secret: 'account generate-token, admin initial-password, admin export',
    run: 'app actions run',
  },
  flux: {
    system: 'k8s',
    valued: '-n --namespace --context --kubeconfig',
    read: 'get, check, logs, stats, events, tree, trace, diff, version, list, export, build',
    update: 'reconcile, suspend, resume, create, bootstrap, install, push, tag, pull',
    destroy: 'delete, uninstall',
  },
  'istioctl linkerd cilium hubble calicoctl consul-k8s kuma kumactl osm meshctl': {
    system: 'k8s',
    read: 'analyze, proxy-status, ps, proxy-config *, pc, validate, version, describe, x *, experimental *, dashboard, check, viz *, stat, tap, top, edges, routes, status, connectivity test, get, observe, list, ipam show|check, node status, profile, verify-install, bug-report, sysdump, diagnostics, inject, authz, manifest generate, install --dry-run, identity, endpoints, tls, mc',
    update:
      'install, upgrade, operator init, kube-inject, apply, create, replace, label, enable, hubble enable, clustermesh *, tag set, multicluster, patch, prune --help',
    destroy: 'uninstall, operator remove, delete, disable, tag remove, ipam release, prune, uninject',
  },
  velero: {
    system: 'k8s',
    valued: '-n --namespace --kubecontext --kubeconfig',
    read: '* get|describe|logs, get, describe, version, client config get, debug, backup download',
    create: 'backup, backup create, restore create, schedule create, create',
    update:
      'install, backup-location create|set, snapshot-location create|set, schedule pause|unpause, client config set, plugin add, repo',
    destroy:
      'backup|restore|schedule|snapshot|backup-location|snapshot-location delete, delete, uninstall, plugin remove',
  },
  'skaffold tilt garden devspace okteto draft werf telepresence mirrord ksync garden.io': {
    system: 'k8s',
    read: 'diagnose, render, inspect, schema, config list, get, describe, logs, status, list, version, options, validate, namespaces, context list, doctor, verify-setup, check, alpha',
    local: 'build, init, fix, lint, test',
    update:
      'run, dev, deploy, up, apply, debug, sync, converge, connect, intercept, replace, quit, leave, login, use, trigger, enable, disable, ci, bundle',
    destroy:
      'delete, down, purge, destroy, dismiss, cleanup, namespace delete, helm uninstall, reset, remove, uninstall',
    run: 'exec, enter, ssh, attach, shell, kube-run',
  },
  'k9s lens octant kubectx kubens kubie kubeshark popeye': {
    system: 'k8s',
    otherwise: 'update',
    bare: 'read',
    read: 'info, version, help, list, ctx, ns, lint',
    destroy: 'delete, clean',
    options: { read: '-l -c --current --readonly', destroy: '-d -u' },
  },
  'stern kail kubetail kubespy krew kubectl-krew kubecolor-logs': {
    system: 'k8s',
    otherwise: 'read',
    bare: 'read',
    read: 'list, search, info, version',
    update: 'install, upgrade, update',
    destroy: 'uninstall',
  },
  'rosa ocm aro crc odo roks': {
    system: 'k8s',
    read: 'list, describe, whoami, verify, logs, status, version, get, preference view, registry',
    update:
      'create, edit, upgrade, link, login, setup, start, stop, init, install, grant, add, set, use, push, dev, deploy, config set',
    destroy: 'delete, uninstall, unlink, revoke, cleanup',
    secret: 'token, console, config get, oc-env, create admin',
  },
  'clusterctl rancher crossplane-cli gardenctl talosctl eksctl-anywhere tkg tanzu vcluster kubefed kubefedctl karmadactl submariner subctl cmctl kubeseal longhornctl rook rook-ceph kubectl-hns dapr knative kn fission openfaas faas-cli kubeless nuclio nuctl':
    {
      system: 'k8s',
      valued: '-n --nodes -e --endpoints --talosconfig --namespace --context -g --gateway',
      read: 'describe, get, list, ls, status, health, logs, dmesg, containers, processes, services, stats, version, dashboard, config view|info, config current-context, show, top, inspect, check, validate, disks, mounts, memory, netstat, time, routes, interfaces',
      update:
        'init, move, upgrade, apply-config, bootstrap, reboot, patch, edit, login, kubectl apply, connect, pause, resume, deploy, up, push, publish, build, join, gen config, approve, deny, renew, promote, rollout, cluster register, service apply|update, invoke',
      destroy:
        'delete, reset, shutdown, wipe, unjoin, unregister, remove, rm, uninstall, service delete, etcd remove-member|forfeit-leadership, destroy, rollback',
      secret: 'get kubeconfig, kubeconfig, config kubeconfig, gen secrets',
      run: 'ssh, kubectl exec, invoke, service restart',
    },
};
