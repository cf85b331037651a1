import { keeps, reads, type Subcommands, subcommand } from './use.ts';

const readers =
  'bugreport cat-file check-attr check-ignore check-mailmap check-ref-format cherry column count-objects describe diagnose diff-pairs fast-export fmt-merge-msg for-each-ref fsck fsck-objects get-tar-commit-id gitk gui citool help interpret-trailers last-modified ls-files ls-tree mailinfo mailsplit merge-base merge-tree name-rev patch-id request-pull rev-parse shortlog show-branch show-index show-ref status stripspace survey unpack-file upload-pack upload-archive var verify-commit verify-pack verify-tag version credential-cache--daemon repo url-parse ';

const makers =
  'backfill hash-object index-pack merge-octopus merge-one-file merge-ours merge-recursive merge-resolve merge-subtree mktag mktree pack-redundant receive-pack unpack-objects update-server-info write-tree quiltimport';

/** Subcommands that only read, or only add objects. */
export const inspectSubcommands: Subcommands = {
  ...Object.fromEntries(
    readers.split(' ').map((name) => [name, subcommand('', () => [reads(`git ${name}`)])]),
  ),
  ...Object.fromEntries(
    makers.split(' ').map((name) => [name, subcommand('', () => [keeps(`git ${name}`)])]),
  ),
};
