/** Where a path lies, seen from the workspace and the machine. */
export type PlaceName =
  | 'workspace' // strictly inside it
  | 'workspaceRoot' // the workspace itself, or a folder above it that holds it
  | 'temp'
  | 'home' // strictly inside the person's home, outside the workspace
  | 'homeRoot' // the home, or a folder that holds homes
  | 'system' // /etc, /usr, /bin, /var, /boot, C:\Windows and the like, below them too
  | 'root' // the root of the file system, or everything in it
  | 'device' // a block or raw device
  | 'sink' // /dev/null, /dev/stdout, /dev/tty, /dev/fd/*: nothing is kept
  | 'outside' // known, and none of the others
  | 'unknown'; // not resolved

/** What makes a path worth more than its place. */
export type Sensitivity =
  | 'secret' // keys, tokens, password files, .env
  | 'startup' // runs later by itself: shell rc files, cron, systemd units, autostart, git hooks
  | 'policy' // what governs agents and checks: guard policy, agent settings, hooks, CI workflows
  | 'repository' // inside .git
  | 'account' // passwd, shadow, sudoers, authorized_keys, sshd configuration
  | 'process' // /proc/*/environ, /proc/*/mem, /dev/mem
  | null;

export type PathRef = {
  /** Absolute and lexically normal where known; holes stay in it. */
  readonly path: string;
  readonly place: PlaceName;
  readonly sensitivity: Sensitivity;
  /** Stands for many names (`*.log`). */
  readonly glob: boolean;
  /** No hole in it, and the folder it is relative to is known. */
  readonly known: boolean;
};

/** One thing that an action does. `what` is a few words for the person: "deletes the bucket". */
export type Effect =
  | { readonly type: 'read'; readonly path: PathRef }
  | {
      readonly type: 'write';
      readonly path: PathRef;
      /** `create` never replaces content; `overwrite` and `truncate` may. */
      readonly how: 'create' | 'append' | 'overwrite' | 'truncate' | 'edit';
      readonly content?: string;
    }
  | {
      readonly type: 'delete';
      readonly path: PathRef;
      readonly recursive: boolean;
      readonly secure?: boolean;
    }
  | { readonly type: 'move'; readonly from: PathRef; readonly to: PathRef }
  | { readonly type: 'link'; readonly path: PathRef; readonly target: PathRef }
  | {
      readonly type: 'chmod';
      readonly path: PathRef;
      readonly recursive: boolean;
      /** `weaken`: others may write, setuid, or access control is switched off; `own`: another owner. */
      readonly how: 'mode' | 'weaken' | 'own';
    }
  /** `known`: in the tables; `project`: a script or tool of the workspace; `fetched`: came from the network. */
  | {
      readonly type: 'run';
      readonly program: string;
      readonly origin: 'known' | 'project' | 'unknown' | 'fetched' | 'opaque';
      readonly what: string;
    }
  /** A program that was given as an argument or an option of another (`tar --checkpoint-action`, `vim -c '!sh'`). */
  | { readonly type: 'spawn'; readonly program: string; readonly what: string }
  | { readonly type: 'reverseShell'; readonly what: string }
  | {
      readonly type: 'reach';
      readonly host: string | null;
      /** `query` changes nothing there; `send` carries content out; `listen` opens a port here. */
      readonly how: 'fetch' | 'query' | 'send' | 'listen' | 'shell';
      readonly local: boolean;
      /** What is sent, where it is known to be a file or a secret. */
      readonly payload?: 'secret' | 'file' | 'text' | 'unknown';
      readonly what: string;
    }
  | {
      readonly type: 'git';
      /** `worktree`: uncommitted work; `stash`; `history`: commits or reflog here; `remote`: refs elsewhere. */
      readonly loses: 'nothing' | 'worktree' | 'stash' | 'history' | 'remote';
      /** With this true in fact, nothing is lost. */
      readonly unless?: 'clean' | 'noUntracked' | 'merged' | 'pushed' | 'noStash';
      /** `local`: only this repository; `publish`: `git push` and the like. */
      readonly reach: 'local' | 'fetch' | 'publish';
      readonly what: string;
    }
  | {
      readonly type: 'remote';
      readonly system: 'cloud' | 'k8s' | 'iac' | 'container' | 'forge' | 'database' | 'queue' | 'service';
      readonly change: 'read' | 'create' | 'update' | 'destroy' | 'run';
      readonly what: string;
    }
  | {
      readonly type: 'package';
      /** `exec`: fetch and run (npx of a package that is not installed). */
      readonly change: 'restore' | 'install' | 'remove' | 'exec' | 'publish' | 'query';
      readonly scope: 'project' | 'user' | 'system';
      readonly what: string;
    }
  | {
      readonly type: 'system';
      readonly part:
        | 'process'
        | 'service'
        | 'power'
        | 'config'
        | 'account'
        | 'schedule'
        | 'disk'
        | 'privilege'
        | 'defense'
        | 'log'
        | 'resource'
        | 'kernel';
      readonly change: 'read' | 'change' | 'destroy';
      readonly what: string;
    }
  | {
      readonly type: 'credential';
      readonly change: 'read' | 'write' | 'destroy';
      readonly what: string;
    }
  /** Takes tests away, or what they check. */
  | {
      readonly type: 'testLoss';
      readonly path: PathRef;
      readonly how: 'delete' | 'empty' | 'edit';
      readonly what: string;
    }
  /** Switches off or goes round a check: `--no-verify`, `HUSKY=0`, editing the policy. */
  | { readonly type: 'bypass'; readonly what: string }
  /** Environment that makes other programs run code: LD_PRELOAD, GIT_SSH_COMMAND, NODE_OPTIONS. */
  | { readonly type: 'loader'; readonly variable: string; readonly what: string }
  | {
      readonly type: 'opaque';
      readonly at: 'command' | 'target' | 'redirect' | 'code' | 'text';
      readonly what: string;
    };
