import type { Describe, Table } from '../describe.ts';
import { grammar } from './arguments.ts';
import { callOf } from './call.ts';
import { changes, destroys } from './make.ts';
import { describeBy, forAll, type Spec, tableOf } from './spec.ts';
import { describeVerbs } from './verbs.ts';

/** Makes a file system: what was there is gone. */
const makesFileSystem: Describe = (command, context) => {
  const call = callOf(
    command,
    context,
    grammar({ values: '-t -L -U -b -i -I -m -N -O -E -F -s -n -T -d --label --uuid' }),
  );
  if (call.has('-n') && command.name?.includes('ext')) return [];
  const devices = call.operands.filter((word) => !/^\d+[kmg]?$/i.test(word.text));
  return [
    destroys('disk', `${command.name} makes a new file system`),
    ...call.write(devices.slice(0, 1), 'truncate'),
  ];
};

const partitions: Describe = (command, context) => {
  const call = callOf(
    command,
    context,
    grammar({ values: '-b -C -H -S -u -o -O -t -L -w -W --delete --new --typecode --part-type' }),
  );
  const looks = call.has(
    '-l',
    '--list',
    '-s',
    '-x',
    '--show-size',
    '-d',
    '--dump',
    '-J',
    '--json',
    '-V',
    '--verify',
    '-T',
    '-p',
    '--print',
    '-i',
    '--info',
    '-v',
    '-n',
    '--no-act',
  );
  const printing =
    command.name === 'parted' &&
    call.operands.slice(1).every((word) => /^(print|unit|free|list|\w?i?B|s|%|compact)$/.test(word.text));
  if (looks && !call.has('--delete', '--new', '--zap', '--zap-all')) return [];
  if (command.name === 'parted' && call.operands.length > 1 && printing) return [];
  return call.operands.length === 0 && command.stdin.type === 'none'
    ? []
    : [destroys('disk', `${command.name} changes the partitions of ${call.operands[0]?.text ?? 'a disk'}`)];
};

const wiping: Describe = (command, context) => {
  const call = callOf(command, context, grammar({ values: '-o -t -O -l -s -p --offset --types --length' }));
  const acts = command.name !== 'wipefs' || call.has('-a', '--all', '-o', '--offset');
  if (!acts || call.has('-n', '--no-act')) return [];
  return [
    destroys('disk', `${command.name} wipes ${call.operands[0]?.text ?? 'a disk'}`),
    ...call.write(call.operands, 'truncate'),
  ];
};

const mountOption = /(^|,)(remount|rw|suid|exec|dev)(,|$)/;

const mount: Describe = (command, context) => {
  const call = callOf(
    command,
    context,
    grammar({
      values: '-t -o -L -U -O --types --options --source --target -N',
      flags: '--bind --all --move',
    }),
  );
  const options = call.values('-o', '--options').map((word) => word.text);
  if (call.operands.length === 0 && !call.has('-a', '--all', '-L', '-U') && options.length === 0) return [];
  const over = options.some((text) => mountOption.test(text)) ? ' with other rights' : '';
  return [
    changes('disk', `mounts ${call.operands.map((word) => word.text).join(' at ') || 'all'}${over}`),
    ...call.read(call.operands.slice(0, 1)),
  ];
};

const lvmReads = /^(pv|vg|lv)(s|display|scan|ck)$|^lvmdiskscan$|^lvmconfig$|^dmsetup$/;

const lvm: Describe = (command) => {
  const name = command.name ?? '';
  if (lvmReads.test(name) || command.args.some((word) => word.text === '--test')) return [];
  const what = `${name} ${command.args.map((word) => word.text).join(' ')}`.trim();
  return [/remove|reduce/.test(name) ? destroys('disk', what) : changes('disk', what)];
};

const badblocks: Describe = (command, context) => {
  const call = callOf(command, context, grammar({ values: '-b -c -d -e -i -o -p -t', flags: '' }));
  const written = call.write(call.values('-o'));
  return call.has('-w') ? [...written, destroys('disk', 'writes over every block')] : written;
};

const hdparm: Describe = (command) => {
  const texts = command.args.map((word) => word.text);
  if (
    texts.some((text) =>
      /^--(security-erase|security|trim|write-sector|repair|fwdownload|make-bad|yes-i|sanitize|drq|dco)/.test(
        text,
      ),
    )
  ) {
    return [destroys('disk', 'erases or locks a drive')];
  }
  const setting = texts.some((text) => /^-(?!-)[BSWAMNJKPZryYwzR]+\d*$|^-[acdkmpuXsn]\d+$/.test(text));
  return setting ? [changes('disk', 'changes a drive')] : [];
};

const fsck: Describe = (command) =>
  command.args.some((word) => /^-[a-zA-Z]*[nN]$/.test(word.text))
    ? []
    : [changes('disk', 'repairs a file system')];

const disks = 'list info activity listFilesystems apfs:list help version verifyVolume verifyDisk';

const specs: Readonly<Record<string, Spec>> = {
  umount: { values: '-t -O', always: [changes('disk', 'takes a file system away')] },
  swapon: { preview: '-s --show --summary', always: [changes('disk', 'adds memory on a disk')] },
  swapoff: { always: [changes('resource', 'takes memory on disks away')] },
  mkswap: { always: [destroys('disk', 'makes a disk an exchange for memory')] },
  eject: { always: [changes('disk', 'ejects a medium')] },
  sync: {},
  fstrim: { preview: '-n --dry-run', always: [changes('disk', 'gives unused blocks back')] },
  resize2fs: { preview: '-P', always: [changes('disk', 'changes the size of a file system')] },
  tune2fs: { preview: '-l', always: [changes('disk', 'changes a file system')] },
  e2label: { always: [changes('disk', 'names a file system')] },
  debugfs: { values: '-s -b -f', when: { '-w': destroys('disk', 'edits a file system by hand') } },
  dumpe2fs: {},
  partprobe: { always: [changes('disk', 'reads the partitions anew')] },
  kpartx: { preview: '-l', always: [changes('disk', 'maps partitions')] },
  sshfs: { always: [changes('disk', 'mounts a folder of another machine')] },
  fallocate: { operands: 'append', values: '-l -o --length --offset' },
};

const tools: Table = {
  cryptsetup: describeVerbs({
    part: 'disk',
    values: '--type --cipher --key-file',
    reads: 'status luksDump isLuks luksUUID benchmark token help',
    destroys: 'luksFormat erase luksErase luksKillSlot luksRemoveKey format reencrypt close luksClose',
  }),
  zfs: describeVerbs({
    part: 'disk',
    values: '-o',
    reads: 'list get holds diff userspace groupspace version',
    destroys: 'destroy rollback',
  }),
  zpool: describeVerbs({
    part: 'disk',
    values: '-o',
    reads: 'list status get history iostat events version',
    destroys: 'destroy labelclear offline detach remove create',
  }),
  btrfs: describeVerbs({
    part: 'disk',
    object: true,
    reads: 'list show get-default usage df du status stats inspect-internal',
    destroys: 'delete remove set-default rescue',
  }),
  nvme: describeVerbs({
    part: 'disk',
    reads: 'list list-* id-* smart-log error-log fw-log get-* show-regs',
    destroys: 'format sanitize delete-ns write write-zeroes dsm',
  }),
  diskutil: describeVerbs({
    part: 'disk',
    reads: disks,
    destroys:
      'erase* secureErase zeroDisk randomDisk partitionDisk reformat deleteContainer eraseDisk apfs* appleRAID splitPartition mergePartitions',
  }),
  hdiutil: describeVerbs({
    part: 'disk',
    reads: 'info verify checksum isencrypted imageinfo hfsanalyze pmap udifderez',
    destroys: 'erasekeys',
  }),
  udisksctl: describeVerbs({ part: 'disk', reads: 'status info dump monitor' }),
  dmsetup: describeVerbs({
    part: 'disk',
    reads: 'ls info status table deps targets version',
    destroys: 'remove remove_all wipe_table clear',
  }),
};

const mdadm: Describe = (command) => {
  const texts = command.args.map((word) => word.text);
  if (
    texts.some((text) =>
      /^(--zero-superblock|--create|-C|--stop|-S|--fail|--remove|--kill-subarray.*)$/.test(text),
    )
  )
    return [destroys('disk', 'takes a set of disks apart, or makes one')];
  return texts.every(
    (text) =>
      !text.startsWith('-') ||
      /^(--detail|-D|--examine|-E|--query|-Q|--scan|-s|--verbose|-v|--brief|-b|--export|--test)$/.test(text),
  )
    ? []
    : [changes('disk', 'changes a set of disks')];
};

const losetup: Describe = (command, context) => {
  const call = callOf(
    command,
    context,
    grammar({ values: '-o -O -j --offset --sizelimit --associated --output' }),
  );
  const lists =
    call.has('-a', '--all', '-l', '--list', '-j') || (command.args.length === 1 && call.has('-f', '--find'));
  return lists || command.args.length === 0 ? [] : [changes('disk', 'makes a file a disk')];
};

/** Disks, file systems and their tools. */
export const disk: Table = {
  ...forAll(
    'mkfs mkfs.ext2 mkfs.ext3 mkfs.ext4 mkfs.xfs mkfs.btrfs mkfs.vfat mkfs.fat mkfs.msdos mkfs.ntfs mkfs.exfat mkfs.f2fs mkfs.minix mkfs.bfs mkfs.cramfs mke2fs mkdosfs mkntfs newfs newfs_apfs newfs_hfs newfs_msdos',
    makesFileSystem,
  ),
  ...forAll('fdisk sfdisk cfdisk gdisk sgdisk cgdisk parted gpart', partitions),
  ...forAll('wipefs blkdiscard scrub nwipe dban', wiping),
  ...forAll(
    'fsck fsck.ext2 fsck.ext3 fsck.ext4 fsck.xfs fsck.vfat fsck.fat fsck.btrfs fsck_apfs fsck_hfs e2fsck xfs_repair ntfsfix dosfsck',
    fsck,
  ),
  ...forAll(
    'pvs pvdisplay pvscan pvck pvcreate pvremove pvmove pvresize pvchange vgs vgdisplay vgscan vgck vgcreate vgremove vgextend vgreduce vgchange vgrename lvs lvdisplay lvscan lvcreate lvremove lvextend lvreduce lvresize lvchange lvconvert lvrename lvmdiskscan',
    lvm,
  ),
  ...forAll('mount mount.nfs mount.cifs mount_nfs mount_smbfs', mount),
  ...tableOf(specs),
  ...tools,
  fusermount: describeBy({ always: [changes('disk', 'takes a file system away')] }),
  badblocks,
  hdparm,
  mdadm,
  losetup,
};
