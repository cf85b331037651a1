/**
 * The system calls that no command needs and escapes are made of, as a seccomp program. Numbers: x86-64, then arm64;
 * null where the architecture has no such call.
 */

type Numbers = readonly [x64: number, arm64: number] | readonly [x64: number];

/** Kernel keyrings, tracing of the machine, modules, clocks, mounts, namespaces, and calls made past this filter. */
const refused: readonly Numbers[] = [
  [248, 217], // add_key
  [249, 218], // request_key
  [250, 219], // keyctl
  [321, 280], // bpf
  [298, 241], // perf_event_open
  [323, 282], // userfaultfd
  [246, 104], // kexec_load
  [320, 294], // kexec_file_load
  [175, 105], // init_module
  [313, 273], // finit_module
  [176, 106], // delete_module
  [304, 265], // open_by_handle_at
  [163, 89], // acct
  [167, 224], // swapon
  [168, 225], // swapoff
  [169, 142], // reboot
  [164, 170], // settimeofday
  [227, 112], // clock_settime
  [305, 266], // clock_adjtime
  [159, 171], // adjtimex
  [172], // iopl
  [173], // ioperm
  [179, 60], // quotactl
  [443, 443], // quotactl_fd
  [103, 116], // syslog
  [165, 40], // mount
  [166, 39], // umount2
  [155, 41], // pivot_root
  [161, 51], // chroot
  [428, 428], // open_tree
  [429, 429], // move_mount
  [430, 430], // fsopen
  [431, 431], // fsconfig
  [432, 432], // fsmount
  [433, 433], // fspick
  [442, 442], // mount_setattr
  [308, 268], // setns
];

/** Answered as by a kernel that lacks them, so that programs take their other way. */
const absent: readonly Numbers[] = [
  [425, 425], // io_uring_setup
  [426, 426], // io_uring_enter
  [427, 427], // io_uring_register
  [435, 435], // clone3: its flags are behind a pointer; clone is used instead
];

/** Only where all processes share one pid namespace with the rest of the machine. */
const refusedAmongOthers: readonly Numbers[] = [
  [101, 117], // ptrace
  [310, 270], // process_vm_readv
  [311, 271], // process_vm_writev
];

const clone: Numbers = [56, 220];
const unshare: Numbers = [272, 97];
const socket: Numbers = [41, 198];
const ioctl: Numbers = [16, 29];

const newUserNamespace = 0x10000000;
/** TIOCSTI types into the terminal, TIOCLINUX pastes into a console, TIOCSETD loads line disciplines. */
const terminalRequests: readonly number[] = [0x5412, 0x541c, 0x5423];
/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK. AF_VSOCK and others are in no network namespace, so they would lead out. */
const families: readonly number[] = [1, 2, 10, 16];

const errno = { EPERM: 1, ENOSYS: 38, EAFNOSUPPORT: 97 } as const;

type Instruction = readonly [code: number, jt: number, jf: number, k: number];

const load = (offset: number): Instruction => [0x20, 0, 0, offset];
const answer = (code: number): Instruction => [0x06, 0, 0, 0x00050000 | code];
const allow: Instruction = [0x06, 0, 0, 0x7fff0000];
const kill: Instruction = [0x06, 0, 0, 0x80000000];
const equal = (k: number, jt: number, jf: number): Instruction => [0x15, jt, jf, k];
const numberOffset = 0;
const architectureOffset = 4;
const argumentOffset = (index: number): number => 16 + 8 * index;

/** Null for an architecture whose numbers are not known here. `sockets: false` leaves none but socketpair. */
export const seccompProgram = (input: {
  readonly architecture: string;
  readonly sockets: boolean;
}): Buffer | null => {
  const column = { x64: 0, arm64: 1 }[input.architecture];
  if (column === undefined) return null;
  const of = (numbers: Numbers): number | undefined => numbers[column];
  const denied = input.sockets ? refused : [...refused, ...refusedAmongOthers];
  return assemble([
    load(architectureOffset),
    equal(column === 0 ? 0xc000003e : 0xc00000b7, 1, 0),
    kill,
    load(numberOffset),
    // The x32 calls of x86-64 have numbers of their own.
    ...(column === 0 ? ([[0x35, 0, 1, 0x40000000], answer(errno.ENOSYS)] as const) : []),
    ...denied.flatMap((numbers) => refuse(of(numbers), errno.EPERM)),
    ...absent.flatMap((numbers) => refuse(of(numbers), errno.ENOSYS)),
    ...when(of(clone), 0, [[0x45, 0, 1, newUserNamespace], answer(errno.EPERM)]),
    ...when(of(unshare), 0, [[0x45, 0, 1, newUserNamespace], answer(errno.EPERM)]),
    ...when(
      of(ioctl),
      1,
      terminalRequests.flatMap((request) => [equal(request, 0, 1), answer(errno.EPERM)]),
    ),
    ...(input.sockets
      ? when(of(socket), 0, [
          ...families.map((family, index) => equal(family, families.length - index, 0)),
          answer(errno.EAFNOSUPPORT),
        ])
      : refuse(of(socket), errno.EPERM)),
    allow,
  ]);
};

const refuse = (number: number | undefined, code: number): readonly Instruction[] =>
  number === undefined ? [] : [equal(number, 0, 1), answer(code)];

/** Looks at the low half of one argument of a call; what falls through goes on with the number loaded again. */
const when = (
  number: number | undefined,
  argument: number,
  body: readonly Instruction[],
): readonly Instruction[] =>
  number === undefined
    ? []
    : [equal(number, 0, body.length + 2), load(argumentOffset(argument)), ...body, load(numberOffset)];

const assemble = (instructions: readonly Instruction[]): Buffer => {
  const bytes = Buffer.alloc(instructions.length * 8);
  instructions.forEach(([code, jt, jf, k], index) => {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(jt, index * 8 + 2);
    bytes.writeUInt8(jf, index * 8 + 3);
    bytes.writeUInt32LE(k >>> 0, index * 8 + 4);
  });
  return bytes;
};
