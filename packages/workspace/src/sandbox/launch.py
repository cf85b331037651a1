"""Starts one command confined by the kernel's own means, without a shell and without a helper program.

Arguments: a plan as JSON, then the command's argv. The plan is made by namespaces.ts or landlock.ts. Any step that
fails ends this process with a line on stderr and exit 125 before the command exists: nothing runs half confined.
"""
import base64
import ctypes
import json
import os
import sys
import _signal
import _socket
import fcntl
import resource

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
FAILED = 125

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000
MNT_DETACH = 2
ATTR_RDONLY, ATTR_NOSUID, ATTR_NODEV = 1, 2, 4
AT_FDCWD, AT_RECURSIVE = -100, 0x8000
# mount, user, pid, net, ipc, uts and cgroup namespaces
NAMESPACES = 0x20000 | 0x10000000 | 0x20000000 | 0x40000000 | 0x8000000 | 0x4000000 | 0x2000000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP, PR_SET_SECUREBITS = 1, 4, 22, 24, 28
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL = 47, 4
# No privilege comes back by being user 0: NOROOT, NO_SETUID_FIXUP and NO_CAP_AMBIENT_RAISE, all locked.
SECUREBITS = 0x03 | 0x0C | 0xC0
NUMBERS = {
    "x86_64": {"pivot_root": 155, "capset": 126, "mount_setattr": 442},
    "aarch64": {"pivot_root": 41, "capset": 91, "mount_setattr": 442},
}
LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446


def check(result, what):
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
    return result


def call(name, *arguments):
    number = NUMBERS[os.uname().machine][name] if isinstance(name, str) else name
    return check(libc.syscall(ctypes.c_long(number), *arguments), f"system call {name}")


def prctl(option, *values):
    padded = [ctypes.c_ulong(value) for value in values] + [ctypes.c_ulong(0)] * (4 - len(values))
    check(libc.prctl(option, *padded), f"prctl {option}")


def mount(source, target, kind, flags, data=None):
    encode = lambda text: None if text is None else os.fsencode(text)
    check(libc.mount(encode(source), encode(target), encode(kind), ctypes.c_ulong(flags), encode(data)), f"mount {target}")


def unmount(target):
    check(libc.umount2(os.fsencode(target), MNT_DETACH), f"unmount {target}")


def restrict(target, attributes):
    """Sets flags on a mount and on all mounts below it, keeping those that are there."""
    request = (ctypes.c_uint64 * 4)(attributes, 0, 0, 0)
    call("mount_setattr", AT_FDCWD, os.fsencode(target), AT_RECURSIVE, ctypes.byref(request), ctypes.c_size_t(32))


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def die_with(parent):
    prctl(PR_SET_PDEATHSIG, _signal.SIGKILL)
    # It may have died before the line above.
    if parent is not None and os.getppid() != parent:
        os._exit(FAILED)


def enter_namespaces():
    user, group = os.getuid(), os.getgid()
    check(libc.unshare(NAMESPACES), "new namespaces")
    write("/proc/self/setgroups", "deny")
    write("/proc/self/uid_map", f"{user} {user} 1")
    write("/proc/self/gid_map", f"{group} {group} 1")


def place(path, is_folder):
    """Makes the point to mount on, where the folder above is one that this sandbox made empty."""
    if os.path.lexists(path):
        return
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if is_folder:
        os.mkdir(path, 0o755)
    else:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o644))


def bind(source, target, attributes):
    place(target, os.path.isdir(source))
    mount(source, target, None, MS_BIND | MS_REC)
    restrict(target, attributes)


def make_devices(target):
    mount("tmpfs", target, "tmpfs", MS_NOSUID | MS_NOEXEC, "mode=755,size=64k")
    for name in ("null", "zero", "full", "random", "urandom", "tty"):
        place(f"{target}/{name}", False)
        mount(f"/oldroot/dev/{name}", f"{target}/{name}", None, MS_BIND)
        restrict(f"{target}/{name}", ATTR_NOSUID)
    for name in ("pts", "shm"):
        os.mkdir(f"{target}/{name}")
    mount("devpts", f"{target}/pts", "devpts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666,mode=620")
    mount("tmpfs", f"{target}/shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777")
    os.symlink("pts/ptmx", f"{target}/ptmx")
    os.symlink("/proc/self/fd", f"{target}/fd")
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        os.symlink(f"/proc/self/fd/{number}", f"{target}/{name}")


def make_proc(target):
    mount("proc", target, "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC)
    # User 0 needs no privilege to write these.
    for name in ("sys", "sysrq-trigger", "irq", "bus"):
        if os.path.exists(f"{target}/{name}"):
            mount(f"{target}/{name}", f"{target}/{name}", None, MS_BIND)
            restrict(f"{target}/{name}", ATTR_RDONLY | ATTR_NOSUID | ATTR_NODEV)


def apply_mount(kind, path, source):
    target = "/newroot" if path == "/" else f"/newroot{path}"
    outside = f"/oldroot{source or path}"
    if kind == "ro":
        bind(outside, target, ATTR_RDONLY | ATTR_NOSUID | ATTR_NODEV)
    elif kind == "rw":
        bind(outside, target, ATTR_NOSUID | ATTR_NODEV)
    elif kind == "hidden-file":
        bind("/oldroot/dev/null", target, ATTR_RDONLY | ATTR_NOSUID | ATTR_NODEV)
    elif kind in ("empty", "hidden"):
        place(target, True)
        mode = "mode=755,size=50%" if kind == "empty" else "mode=000,size=4k"
        mount("tmpfs", target, "tmpfs", MS_NOSUID | MS_NODEV, mode)
    elif kind == "proc":
        make_proc(target)
    elif kind == "dev":
        make_devices(target)
    else:
        raise ValueError(f"unknown mount {kind}")


def is_there(kind, path, _):
    """A socket goes with its service at any time: what is gone needs no hiding, and there is nothing to mount on."""
    return kind not in ("hidden", "hidden-file") or os.path.lexists(f"/oldroot{path}")


def make_root(mounts):
    mount(None, "/", None, MS_REC | MS_PRIVATE)
    mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=64k")
    for name in ("oldroot", "newroot"):
        os.mkdir(f"/tmp/{name}")
    call("pivot_root", b"/tmp", b"/tmp/oldroot")
    os.chdir("/")
    mount(None, "/oldroot", None, MS_REC | MS_PRIVATE)
    mounts = [one for one in mounts if is_there(*one)]
    for kind, path, source in mounts:
        apply_mount(kind, path, source)
    for kind, path, _ in mounts:
        # Only now, as other mounts may lie inside.
        if kind == "hidden":
            restrict_one(f"/newroot{path}")
    unmount("/oldroot")
    os.chdir("/newroot")
    call("pivot_root", b".", b".")
    unmount(".")
    os.chdir("/")


def restrict_one(target):
    request = (ctypes.c_uint64 * 4)(ATTR_RDONLY, 0, 0, 0)
    call("mount_setattr", AT_FDCWD, os.fsencode(target), 0, ctypes.byref(request), ctypes.c_size_t(32))


def raise_loopback():
    with_socket = _socket.socket(_socket.AF_INET, _socket.SOCK_DGRAM, 0)
    # struct ifreq: a name of 16 bytes, then the flags UP and RUNNING.
    fcntl.ioctl(with_socket.fileno(), 0x8914, b"lo".ljust(16, b"\0") + (0x41).to_bytes(2, sys.byteorder) + b"\0" * 22)
    with_socket.close()


def drop_privileges():
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL)
    held = next(line for line in open("/proc/self/status") if line.startswith("CapEff"))
    if int(held.split()[1], 16) == 0:
        # A person without privileges may not give away what they do not have; none can come back.
        return
    prctl(PR_SET_SECUREBITS, SECUREBITS)
    last = int(open("/proc/sys/kernel/cap_last_cap").read())
    for capability in range(last + 1):
        prctl(PR_CAPBSET_DROP, capability)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    call("capset", ctypes.byref(header), ctypes.byref((ctypes.c_uint32 * 6)()))


def set_limits(limits):
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for name, value in limits.items():
        kind = getattr(resource, f"RLIMIT_{name.upper()}")
        hard = resource.getrlimit(kind)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (value, value))


def filter_calls(plan):
    program = base64.b64decode(plan["seccomp"])

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]

    code = ctypes.create_string_buffer(program, len(program))
    pointer = Program(len(program) // 8, ctypes.cast(code, ctypes.c_void_p).value)
    prctl(PR_SET_SECCOMP, 2, ctypes.addressof(pointer))


def landlock(entries):
    version = call(LANDLOCK_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    if version < 6:
        raise OSError(f"Landlock of version 6 is needed to keep signals inside, this kernel has {version}")
    # All sixteen rights over files, no TCP; abstract sockets and signals stay inside.
    everything = (1 << 16) - 1
    rules = (ctypes.c_uint64 * 3)(everything, 3, 3)
    ruleset = call(LANDLOCK_CREATE, ctypes.byref(rules), ctypes.c_size_t(24), ctypes.c_uint32(0))
    execute, write_file, read_file, read_folder, truncate, device = 1, 2, 4, 8, 1 << 14, 1 << 15
    for path, kind in entries:
        try:
            target = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue
        rights = {"ro": execute | read_file | read_folder, "rw": everything, "dev": read_file | write_file}[kind]
        if not os.path.isdir(path):
            rights &= execute | write_file | read_file | truncate | device
        packed = rights.to_bytes(8, sys.byteorder) + target.to_bytes(4, sys.byteorder)
        call(LANDLOCK_ADD, ctypes.c_int(ruleset), ctypes.c_int(1), packed, ctypes.c_uint32(0))
        os.close(target)
    call(LANDLOCK_RESTRICT, ctypes.c_int(ruleset), ctypes.c_uint32(0))
    os.close(ruleset)


def execute(plan, command):
    os.chdir(plan["cwd"])
    # Python ignores these; a command expects the defaults.
    for number in (_signal.SIGPIPE, _signal.SIGXFSZ):
        _signal.signal(number, _signal.SIG_DFL)
    try:
        os.execvp(command[0], command)
    except OSError as error:
        os.write(2, f"{command[0]}: {error.strerror}\n".encode())
        os._exit(126 if isinstance(error, PermissionError) or os.path.isdir(command[0]) else 127)


def leave(status):
    code = os.waitstatus_to_exitcode(status)
    os._exit(code if code >= 0 else 128 - code)


def first_process(plan, command):
    """Process 1 of the new pid namespace: collects the dead, and takes everyone along when the command ends."""
    die_with(None)
    make_root(plan["mounts"])
    libc.sethostname(b"sandbox", 7)
    raise_loopback()
    # Before the fork: process 1 without the filter would be a way around it.
    drop_privileges()
    filter_calls(plan)
    child = os.fork()
    if child == 0:
        os.setsid()
        set_limits(plan["limits"])
        execute(plan, command)
    prctl(PR_SET_DUMPABLE, 0)
    while True:
        pid, status = os.wait()
        if pid == child:
            leave(status)


def confine(plan, command):
    os.closerange(3, 1 << 16)
    if plan["mode"] == "landlock":
        set_limits(plan["limits"])
        drop_privileges()
        landlock(plan["entries"])
        filter_calls(plan)
        execute(plan, command)
    enter_namespaces()
    die_with(plan["parent"])
    child = os.fork()
    if child == 0:
        first_process(plan, command)
    leave(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    try:
        confine(json.loads(sys.argv[1]), sys.argv[2:])
    except BaseException as error:
        os.write(2, f"sandbox: {error}\n".encode(errors="replace"))
        os._exit(FAILED)
