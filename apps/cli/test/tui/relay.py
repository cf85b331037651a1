"""Runs a program in a pseudo terminal: its output on stdout, one JSON order a line on stdin. Exits as the program does."""
import fcntl, json, os, pty, select, signal, struct, sys, termios

columns, rows = int(sys.argv[1]), int(sys.argv[2])
child, master = pty.fork()
if child == 0:
    os.execvp(sys.argv[3], sys.argv[3:])


def resize(wide, high):
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", high, wide, 0, 0))
    os.kill(child, signal.SIGWINCH)


def say_modes():
    flags = termios.tcgetattr(master)[3]
    os.write(2, b"canonical\n" if flags & termios.ICANON and flags & termios.ECHO else b"raw\n")


fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
pending = b""
inputs = [master, 0]
while True:
    ready, _, _ = select.select(inputs, [], [])
    if master in ready:
        try:
            data = os.read(master, 65536)
        except OSError:
            data = b""
        if not data:
            say_modes()
            break
        os.write(1, data)
    if 0 in ready:
        data = os.read(0, 65536)
        if not data:
            inputs.remove(0)
            os.close(master)
            os.kill(child, signal.SIGHUP)
            break
        pending += data
        *lines, pending = pending.split(b"\n")
        for line in lines:
            order = json.loads(line)
            if "write" in order:
                os.write(master, order["write"].encode())
            if "resize" in order:
                resize(*order["resize"])
            if "signal" in order:
                os.kill(child, order["signal"])
            if "modes" in order:
                say_modes()
_, status = os.waitpid(child, 0)
sys.exit(os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
