import { expect, test } from 'vitest';
import { seccompProgram } from '../../src/sandbox/seccomp.ts';

const machines = { x64: 0xc000003e, arm64: 0xc00000b7 } as const;

/** Runs the program as the kernel would, over the data it is given for one call. */
const answer = (
  program: Buffer,
  call: { readonly machine: number; readonly number: number; readonly words?: readonly number[] },
): number => {
  const data = Buffer.alloc(64);
  data.writeUInt32LE(call.number, 0);
  data.writeUInt32LE(call.machine, 4);
  (call.words ?? []).forEach((word, index) => {
    data.writeUInt32LE(word >>> 0, 16 + 8 * index);
  });
  let loaded = 0;
  for (let at = 0; ; at++) {
    const [code, yes, no, k] = [
      program.readUInt16LE(at * 8),
      program.readUInt8(at * 8 + 2),
      program.readUInt8(at * 8 + 3),
      program.readUInt32LE(at * 8 + 4),
    ];
    if (code === 0x06) return k;
    if (code === 0x20) loaded = data.readUInt32LE(k);
    else if (code === 0x15) at += loaded === k ? yes : no;
    else if (code === 0x35) at += loaded >= k ? yes : no;
    else if (code === 0x45) at += (loaded & k) !== 0 ? yes : no;
    else throw new Error(`unknown instruction ${code}`);
  }
};

const allowed = 0x7fff0000;
const refusedWith = (code: number): number => 0x00050000 | code;

const numbers = {
  x64: { read: 0, keyctl: 250, clone: 56, clone3: 435, socket: 41, ioctl: 16, ptrace: 101, unshare: 272 },
  arm64: { read: 63, keyctl: 219, clone: 220, clone3: 435, socket: 198, ioctl: 29, ptrace: 117, unshare: 97 },
} as const;

test.each(['x64', 'arm64'] as const)('what %s is refused and what not', (architecture) => {
  const program = seccompProgram({ architecture, sockets: true });
  const at = numbers[architecture];
  const machine = machines[architecture];
  const ask = (number: number, ...words: number[]) => answer(program!, { machine, number, words });
  expect(ask(at.read)).toBe(allowed);
  expect(ask(at.keyctl)).toBe(refusedWith(1));
  expect(ask(at.clone3)).toBe(refusedWith(38));
  expect([ask(at.clone, 0x11), ask(at.clone, 0x10000011)]).toEqual([allowed, refusedWith(1)]);
  expect([ask(at.unshare, 0x20000), ask(at.unshare, 0x10020000)]).toEqual([allowed, refusedWith(1)]);
  expect([1, 2, 10, 16, 17, 38, 40].map((family) => ask(at.socket, family) === allowed)).toEqual([
    ...[true, true, true, true],
    ...[false, false, false],
  ]);
  expect([ask(at.ioctl, 0, 0x5412), ask(at.ioctl, 0, 0x5413)]).toEqual([refusedWith(1), allowed]);
  expect(ask(at.ptrace)).toBe(allowed);
  expect(answer(program!, { machine: 0x40000003, number: at.read })).toBe(0x80000000);
});

test('without a network namespace no socket is made, and without a process namespace nobody is traced', () => {
  const program = seccompProgram({ architecture: 'x64', sockets: false });
  const ask = (number: number, ...words: number[]) =>
    answer(program!, { machine: machines.x64, number, words });
  expect([1, 2, 10].map((family) => ask(41, family))).toEqual([1, 1, 1].map(refusedWith));
  expect([ask(101), ask(310), ask(53, 1)]).toEqual([refusedWith(1), refusedWith(1), allowed]);
});

test('calls by the numbers of x32 are unknown, other architectures have no program', () => {
  const program = seccompProgram({ architecture: 'x64', sockets: true });
  expect(answer(program!, { machine: machines.x64, number: 0x40000000 })).toBe(refusedWith(38));
  expect(seccompProgram({ architecture: 'riscv64', sockets: true })).toBeNull();
});
