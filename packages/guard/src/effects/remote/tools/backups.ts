import type { ToolSpec } from '../tool.ts';

/** Backup tools and movers of objects. A backup is only added to; pruning it is what loses something. */
export const backups: Readonly<Record<string, ToolSpec>> = {
  restic: {
    system: 'service',
    valued:
      '-r --repo --repository-file -p --password-file -o --option --cacert --cache-dir --host --tag --path --target -t --include --exclude -e -i',
    read: 'snapshots, ls, stats, check, diff, find, cat, list, version, key list, features, cache, options',
    local: 'backup, restore, dump, mount, unlock, init, generate, completion',
    update: 'copy, migrate, tag, recover, self-update, key add|passwd, run',
    destroy: 'forget, prune, rewrite, repair, rebuild-index, key remove',
    options: { destroy: '--remove-all --prune --unsafe-allow-remove-all --cleanup-cache' },
    dryRun: '-n',
  },
  borg: {
    system: 'service',
    valued:
      '-r --repo --remote-path --rsh --umask --lock-wait -a --glob-archives -P --prefix --last --first -e --exclude',
    read: 'list, rlist, repo-list, info, rinfo, repo-info, diff, check, version, help, benchmark, analyze, debug, tag',
    local: 'create, extract, mount, umount, export-tar, init, rcreate, repo-create, completion, import-tar',
    update:
      'rename, config, upgrade, change-passphrase, repo-space, transfer, serve, undelete, key change-passphrase|change-location|import',
    destroy: 'delete, prune, compact, rdelete, repo-delete, recreate, break-lock, repo-compress',
    run: 'with-lock',
    secret: 'key export',
    dryRun: '-n',
    options: { destroy: '--repair' },
  },
  borgmatic: {
    system: 'service',
    bare: 'update',
    read: 'list, rlist, repo-list, info, rinfo, repo-info, check, config validate|generate|show, --list, mount, umount, extract, export-tar, generate-borgmatic-config, completion',
    local: 'create, extract',
    update: 'init, rcreate, repo-create, borg, key export, transfer',
    destroy: 'prune, compact, delete, restore, break-lock, repo-delete, recreate',
    dryRun: '-n',
  },
  duplicity: {
    system: 'service',
    otherwise: 'update',
    bare: 'read',
    read: 'collection-status, list-current-files, verify',
    destroy: 'cleanup, remove-older-than, remove-all-but-n-full, remove-all-inc-of-but-n-full',
    local: 'restore',
  },
  'rsnapshot rdiff-backup rsnapshot-diff': {
    system: 'service',
    otherwise: 'update',
    bare: 'read',
    read: 'configtest, du, diff, list, info, test, verify, compare, calculate, regress --help',
    update: 'backup, restore, sync, hourly, daily, weekly, monthly, alpha, beta, gamma',
    destroy: 'remove, regress',
    options: { destroy: '--remove-older-than', read: '-l --list-increments --compare --verify -t' },
  },
  tarsnap: {
    system: 'service',
    otherwise: 'update',
    bare: 'read',
    options: {
      destroy: '-d --nuke --fsck-prune',
      read: '--list-archives --print-stats -t --fsck --verify-config',
      update: '-c -x -r',
      local: '--dry-run',
    },
  },
  kopia: {
    system: 'service',
    read: '* list|ls|show|status|info|stats|verify|get, list, ls, show, diff, snapshot estimate|verify, repository status|validate-provider, benchmark, logs, maintenance info, mount',
    local: 'restore, snapshot restore',
    create: 'snapshot create, repository create',
    update:
      'repository connect|disconnect|sync-to|change-password|set-parameters|set-client, policy set|edit|import, server, snapshot pin|migrate|copy-history|fix, acl add, users add|set',
    destroy:
      '* delete|rm|remove|expire|gc, maintenance run, blob delete, content delete|rewrite, index recover|optimize, cache clear, snapshot move-history',
  },
  'timeshift snapper btrbk sanoid syncoid timeshift-cli yabsnap': {
    system: 'service',
    otherwise: 'update',
    bare: 'read',
    read: 'list, status, diff, list-configs, get-config, usage, stats, origin, config, ls, snapshots',
    update: 'create, create-config, set-config, mount, umount, run, snapshot, resume, archive',
    destroy: 'delete, rollback, undochange, cleanup, delete-config, clean, prune, modify',
    dryRun: '-n',
    options: {
      destroy: '--delete --delete-all --restore --prune-snapshots --force-prune',
      read: '--list --list-snapshots --list-devices --check',
      update: '--create --run',
    },
  },
  'duplicati-cli duplicati bup attic zbackup proxmox-backup-client bareos bconsole veeamconfig urbackupclientctl cpctl duplicacy elkarbackup bacula':
    {
      system: 'service',
      read: 'find, list, compare, test, info, ls, fsck, catalog, key show-master-pubkey, snapshot list|files, status, snapshots, check, diff, dump, cat, history, session list|log, job list',
      local: 'restore, backup, save, index, get, extract, split',
      update: 'repair, key create|change-passphrase, login, logout, mount, map, copy, merge, job start',
      destroy:
        'delete, purge-broadcast-queue, forget, prune, rm, gc, compact, delete-filesets, key import, group forget, snapshot forget',
    },
  rclone: {
    system: 'cloud',
    valued:
      '--config --transfers --checkers --include --exclude --filter --log-file --backup-dir --max-age --min-age --bwlimit',
    read: 'ls, lsd, lsl, lsf, lsjson, size, cat, check, tree, about, md5sum, sha1sum, hashsum, listremotes, version, cryptcheck, checksum, ncdu, config file|paths|providers, archive list, test info',
    update:
      'copy, copyto, copyurl, move, moveto, mkdir, touch, rcat, settier, link, mount, serve, rc, rcd, config, config create|update|reconnect, bisync, authorize, backend, nfsmount, selfupdate, convmv',
    destroy: 'sync, delete, deletefile, purge, rmdir, rmdirs, cleanup, dedupe, config delete|disconnect',
    secret: 'config show|dump, reveal, config redacted',
    dryRun: '-n',
  },
  's3cmd s4cmd': {
    system: 'cloud',
    valued: '-c --config --access_key --secret_key --host --region',
    plain: '-r --recursive -f --force --delete-removed',
    read: 'ls, la, du, info, get, accesslog, multipart, listmp, cfinfo, ws-info, getlifecycle, getpolicy, getcors, getnotification',
    update:
      'put, sync, cp, mv, mb, modify, setacl, setpolicy, setlifecycle, setcors, restore, ws-create, cfcreate, cfmodify, expire, payer, tag, dsync',
    destroy:
      'del, rm, rb, delbucket, abortmp, dellifecycle, delpolicy, delcors, cfdelete, ws-delete, fixbucket, cfinval',
    secret: 'signurl',
    dryRun: '-n',
    options: { destroy: '--delete-removed --delete-after --delete-after-fetch' },
  },
  s5cmd: {
    system: 'cloud',
    valued: '--endpoint-url --profile --credentials-file --numworkers',
    read: 'ls, du, cat, head, version, select, bucket-version',
    update: 'cp, mv, sync, mb, pipe, run',
    destroy: 'rm, rb',
    secret: 'presign',
  },
  gsutil: {
    system: 'cloud',
    valued: '-o -h -u -i',
    plain: '-m -q -D -DD -f -r -R -l -L -a -d -n -c -e -P -p -C -U -x',
    read: 'ls, stat, du, cat, hash, version, help, * get, iam get, acl get, logging get, versioning get, bucketpolicyonly get, ubla get, pap get, label get, retention get, kms serviceaccount, notification list, hmac list|get, test, perfdiag',
    update:
      'cp, mv, rsync, mb, compose, rewrite, setmeta, config, update, * set, iam ch|set, acl ch|set, defacl ch|set, notification create, kms authorize|encryption, hmac update, label ch, retention event|temp',
    destroy:
      'rm, rb, * delete, retention clear, retention lock, lifecycle set, notification delete, hmac delete',
    secret: 'signurl, hmac create',
    dryRun: '-n',
  },
  mc: {
    system: 'cloud',
    bare: 'local',
    valued: '--config-dir -C --limit-upload --limit-download --resolve',
    plain: '--json --recursive -r --force --dangerous --remove --overwrite --debug --insecure --quiet',
    read: 'ls, du, cat, head, tail, stat, find, tree, diff, version, info, admin info|top|trace|prometheus|console|logs, * list|ls|info, admin * list|info|ls|get|entities, watch, ping, ready, support *, license info, tag list, admin heal --help, update --help, sql',
    update:
      'cp, mv, mb, put, get, pipe, mirror, alias set|import, admin * add|set|attach|create|enable|update, admin service restart|freeze, admin config set|import, anonymous set|set-json, policy set, retention set, legalhold set, tag set, ilm add|import|edit|restore, event add, version enable, encrypt set, replicate add, quota set, cors set, update, idp',
    destroy:
      'rm, rb, undo, admin * remove|rm|delete|unset|disable|detach|stop, admin service stop, admin config reset|restore, admin decommission, admin rebalance, retention clear, legalhold clear, tag remove, ilm remove|rm, event remove, version suspend, encrypt clear, replicate rm, quota clear, cors remove, od, batch',
    secret: 'share, admin config get|export, alias list, admin accesskey create, admin user svcacct',
    options: { destroy: '--remove --dangerous' },
    dryRun: '--fake',
  },
  'b2 b2-linux b2v4': {
    system: 'cloud',
    read: 'ls, get-bucket, file info, bucket get|list, account get, version, get-file-info, get-account-info, file cat, cat, file url, make-url, make-friendly-url, key list',
    update:
      'file upload|download|copy-by-id|update, upload-file, download-file, sync, authorize-account, account authorize|clear, create-bucket, update-bucket, bucket create|update, bucket notification-rule, copy-file-by-id, upload-unbound-stream, install-autocomplete, replication',
    destroy:
      'rm, delete-file-version, delete-bucket, bucket delete, hide-file, file hide, cancel-large-file, cancel-all-unfinished-large-files, file large, delete-key, key delete',
    secret: 'key create, create-key, get-download-auth, make-url-with-auth',
  },
  'ossutil ossutil64 coscli obsutil qshell cos': {
    system: 'cloud',
    read: 'ls, stat, du, cat, hash, probe, list, config list',
    update:
      'cp, mb, sync, mkdir, set-acl, set-meta, create-symlink, restore, mv, config, put, upload, download',
    destroy: 'rm, rb, abort, del, delete, batchdelete, lifecycle, bucket-policy',
    secret: 'sign, signurl, signature',
  },
  'aliyun tccli yc ucloud jdc huaweicloud hcloudcli yandex slcli softlayer transip gandi ovh nifcloud vcd-cli vcloud conoha':
    {
      system: 'cloud',
      valued: '--profile --region -p --folder-id --cloud-id --format --output',
      read: 'config list|get, configure list|get',
      secret: 'iam create-token, iam access-key create, lockbox payload get, init',
      update: 'config set, configure set, init',
      run: 'compute ssh, compute connect-to-serial-port',
      destroy: 'oss rm, ecs StopInstance|RebootInstance',
    },
  virsh: {
    system: 'container',
    valued: '-c --connect -d --debug',
    read: 'list, dominfo, domstate, domstats, domblklist, domiflist, dumpxml, nodeinfo, net-list|net-info|net-dumpxml, pool-list|pool-info, vol-list|vol-info, snapshot-list|snapshot-info, version, capabilities, domdisplay, vncdisplay, domifaddr, uri, hostname, net-dhcp-leases, sysinfo, event, cpu-stats',
    create:
      'create, define, net-create, net-define, pool-create, pool-define, vol-create, snapshot-create, snapshot-create-as, vol-clone',
    update:
      'start, shutdown, reboot, suspend, resume, save, edit, autostart, migrate, console, net-start, pool-start, managedsave, change-media, domrename, vol-upload, vol-resize, restore, update-device',
    destroy:
      'destroy, undefine, reset, net-destroy, net-undefine, pool-destroy, pool-delete, pool-undefine, vol-delete, vol-wipe, snapshot-delete, snapshot-revert, managedsave-remove, blockcommit, blockpull, save-image-edit',
    run: 'qemu-agent-command, qemu-monitor-command, lxc-enter-namespace',
  },
  'vboxmanage VBoxManage': {
    system: 'container',
    read: 'list, showvminfo, showhdinfo, showmediuminfo, getextradata, guestproperty get|enumerate, metrics, snapshot * list',
    create: 'createvm, clonevm, createmedium, clonemedium, import, registervm',
    update:
      'startvm, modifyvm, export, controlvm, storageattach, setextradata, extpack, hostonlyif, natnetwork, snapshot * take, sharedfolder, setproperty',
    destroy:
      'unregistervm, closemedium, controlvm * poweroff|reset, snapshot * delete|restore, discardstate, dhcpserver remove',
    run: 'guestcontrol',
  },
  'qm pct pvesm pveum pvecm pvesh vzdump qmrestore pvesr ha-manager': {
    system: 'container',
    otherwise: 'update',
    bare: 'read',
    read: 'list, status, config, pending, listsnapshot, showcmd, agent, cpusets, df, get, ls, usage, path, nodes, scan, apiinfo, user list, acl list, role list, user permissions',
    update:
      'start, shutdown, reboot, suspend, resume, set, clone, create, migrate, snapshot, template, mount, push, pull, resize, add, alloc, useradd, aclmod, addnode',
    destroy:
      'destroy, stop, reset, rollback, delsnapshot, free, remove, delete, prune-backups, delnode, unlink, restore, userdel, user delete, disk unlink, zerofill',
    run: 'exec, enter, console, guest exec, terminal, guest passwd, monitor',
  },
  'govc esxcli vim-cmd xe prlctl vmrun vmware-vim-cmd vmcli ovftool': {
    system: 'container',
    valued: '-u -dc -ds -pool -folder -vm -json',
    read: 'ls, find, about, vm.info, datastore.ls, datastore.info, host.info, events, metric.sample, tasks, vmsvc/getallvms, vmsvc/get.summary, vm-list, host-list, sr-list, network-list, snapshot.tree, listSnapshots, vm process list, system version get, storage filesystem list, tree, collect',
    destroy:
      'vm.destroy, datastore.rm, object.destroy, snapshot.remove, snapshot.revert, vm.unregister, vmsvc/destroy, vmsvc/power.off, vmsvc/unregister, vm-destroy, vm-uninstall, vm-shutdown, vdi-destroy, sr-destroy, sr-forget, host.maintenance.enter, deleteVM, deleteSnapshot, revertToSnapshot, stop, vm.power, storage vmfs, system shutdown',
    run: 'guest.run, guest.start, runScriptInGuest, runProgramInGuest, exec, enter',
  },
};
