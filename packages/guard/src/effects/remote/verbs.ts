/**
 * What a subcommand does. `local` works on files here (build, lint); `text` takes free text after it (search, help), so
 * nothing behind it is a subcommand; `slight` is a small thing unless something is named to do it to (`start`,
 * `cache clean`); `secret` shows a secret.
 */
export type VerbKind =
  | 'read'
  | 'create'
  | 'update'
  | 'destroy'
  | 'run'
  | 'local'
  | 'text'
  | 'slight'
  | 'secret';

/** `firm`: always a verb. Others are as often nouns (`backup delete`): a verb after them wins. */
export type Verb = { readonly kind: VerbKind; readonly firm: boolean };

/** The verb that one lower-case token is, if any. */
export const verbOfToken = (token: string): Verb | null => lexicon.get(token) ?? fusedVerb(token);

const firmWords: Readonly<Partial<Record<VerbKind, string>>> = {
  read: `ps exists list ls get describe show view inspect tail cat head diff compare validate verify lint whoami
    preview simulate lookup browse read download peek can-i du ping healthcheck doctor diagnose diagnostics
    whois retrieve fetch pull find locate dump explain introspect enumerate synth synthesize syntax-check
    convert decode`,
  create: `create new clone launch allocate provision mint`,
  update: `unload unsafe gc vacuum break add update set put post patch apply scale restart reboot stop enable disable pause
    resume rotate redeploy rollback promote attach detach edit modify change assign unassign associate
    disassociate dissociate bind unbind grant rename move mv cp copy replace register send push write save
    submit approve reject merge close reopen activate deactivate suspend invite downgrade cancel abort retry
    rerun requeue reload recover failover switch unlink disconnect join leave reconcile adjust resize extend
    increase decrease increment decrement renew regenerate reissue rekey unseal seal bootstrap subscribe
    unsubscribe mute unmute silence ack acknowledge snooze ban unban block unblock quarantine shutdown
    poweroff poweron hibernate swap untag annotate taint untaint unset demote login logout signin signout
    authorize deauthorize cordon uncordon archive unarchive unlock insert upsert append prepend transition
    rewrite rebuild reindex reassign transfer withdraw pay refund capture debit use commission toggle
    unexpose respond redirect override alter freeze unfreeze ingest rebalance`,
  destroy: `delete del destroy remove rm rmi rmdir drop purge wipe terminate erase truncate flush flushall flushdb
    nuke obliterate decommission deregister uninstall undeploy teardown unpublish revoke evict expunge shred
    kill prune reset rb zap trash discard unregister deprovision forget offboard void expire invalidate
    drain retire disown scrap annihilate clobber vaporize eradicate unprovision`,
  run: `exec execute invoke ssh shell rpc dispatch console rexec send-command start-session tunnel funnel expose share`,
  text: `search help man grep rg echo say ask chat prompt completion completions manpage`,
  local: `fmt format typecheck compile bundle dev serve codegen typegen scaffold transpile minify`,
  slight: `clean clear cleanup clean-up tidy`,
};

/** As often nouns as verbs. */
const looseWords: Readonly<Partial<Record<VerbKind, string>>> = {
  read: `log logs status history events event stats metrics metric report reports plan check checks version
    versions top health audit graph usage quota state dashboard docs doc env config query profile analyze
    analyse trace definitions monitor scan count filter tree outline summary stat wait display id discover
    detect estimate info evaluate print render alerts inventory monitors scans export explain details`,
  create: `backup snapshot fork issue allocate order request`,
  update: `migrate deploy upload import upgrade publish install sync restore release tag label schedule trigger
    mirror link mount unmount lock mark pin vote switchover stage allow deny roll cutover ship refresh wake
    configure connect charge credit load forward seed store compact train sign comment review up down setup`,
  slight: 'start halt open resolve',
  run: `run call attach eval replay proxy port-forward portforward`,
  local: `make build test tests init generate gen watch storybook coverage bench benchmark package pack transform
    transcode extract parse play studio`,
};

const lexicon: ReadonlyMap<string, Verb> = (() => {
  const map = new Map<string, Verb>();
  const enter = (words: Readonly<Partial<Record<VerbKind, string>>>, firm: boolean) => {
    for (const [kind, text] of Object.entries(words)) {
      for (const token of text.split(/\s+/))
        if (!map.has(token)) map.set(token, { kind: kind as VerbKind, firm });
    }
  };
  enter(firmWords, true);
  enter(looseWords, false);
  return map;
})();

const fusedDestroy =
  /^(?:(?:delete|remove|destroy|purge|wipe|erase|truncate|flush|terminate|uninstall|reset|drop(?=db|table|index|user|all|collection|database|schema)|del(?=user|group|key|all))(?!(?:d|s|r|rs|ing|ting|able)$)[a-z]{2,}|(?!un|no)[a-z]{1,12}(?:delete|remove|destroy|purge))$/;

const fusedVerb = (token: string): Verb | null =>
  fusedDestroy.test(token) ? { kind: 'destroy', firm: true } : null;
