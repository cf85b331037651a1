"""Evaluates expressions against several versions of one module, each in a process of its own.

stdin: {"path", "texts", "expressions", "expressionMs", "out"}; writes to "out" a list per text of [type, text].
"""
import json
import os
import re
import select
import signal
import sys
import time
import types

MAX_TEXT = 2000


def canonical(value, depth=0):
    if depth > 20:
        return "..."
    if value is None or isinstance(value, (bool, str, bytes)):
        return repr(value)
    if isinstance(value, (int, float)):
        if isinstance(value, float):
            if value != value or value in (float("inf"), float("-inf")):
                return repr(value)
            return repr(int(value)) if value == int(value) and abs(value) < 1e15 else "%.12g" % value
        return repr(value)
    if isinstance(value, dict):
        items = sorted(canonical(k, depth + 1) + ": " + canonical(v, depth + 1) for k, v in value.items())
        return "{" + ", ".join(items) + "}"
    if isinstance(value, (set, frozenset)):
        return "set(" + ", ".join(sorted(canonical(v, depth + 1) for v in value)) + ")"
    if isinstance(value, list):
        return "[" + ", ".join(canonical(v, depth + 1) for v in value) + "]"
    if isinstance(value, tuple):
        return "(" + ", ".join(canonical(v, depth + 1) for v in value) + ",)"
    return re.sub(r" at 0x[0-9a-f]+", "", repr(value))


class Expired(BaseException):
    pass


def expire(*_):
    raise Expired()


def run_text(job, text):
    limit = job["expressionMs"] / 1000
    signal.signal(signal.SIGALRM, expire)
    module = types.ModuleType("__tandem_probe__")
    path = os.path.abspath(job["path"])
    module.__file__ = path
    module.__package__ = package_of(job["path"])
    results = []
    try:
        signal.setitimer(signal.ITIMER_REAL, max(limit, 2))
        exec(compile(text, path, "exec"), module.__dict__)
        signal.setitimer(signal.ITIMER_REAL, 0)
    except BaseException as error:  # a module may raise anything while it loads
        signal.setitimer(signal.ITIMER_REAL, 0)
        return [["error", "load: " + type(error).__name__]] * len(job["expressions"])
    expired = False
    for expression in job["expressions"]:
        if expired:
            results.append(["timeout", ""])
            continue
        try:
            signal.setitimer(signal.ITIMER_REAL, limit)
            value = eval(expression, dict(module.__dict__))
            text_of = canonical(value)[:MAX_TEXT]
            signal.setitimer(signal.ITIMER_REAL, 0)
            results.append(["value", text_of])
        except Expired:
            expired = True
            results.append(["timeout", ""])
        except BaseException as error:
            signal.setitimer(signal.ITIMER_REAL, 0)
            results.append(["error", type(error).__name__])
    return results


def package_of(path):
    folder = os.path.dirname(path)
    parts = []
    while folder and os.path.exists(os.path.join(folder, "__init__.py")):
        parts.insert(0, os.path.basename(folder))
        folder = os.path.dirname(folder)
    return ".".join(parts)


def in_child(job, text):
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reader)
        null = os.open(os.devnull, os.O_RDWR)
        for descriptor in (0, 1, 2):
            os.dup2(null, descriptor)
        try:
            data = json.dumps(run_text(job, text)).encode()
        except BaseException:
            data = b"null"
        with os.fdopen(writer, "wb") as stream:
            stream.write(data)
        os._exit(0)
    os.close(writer)
    chunks = []
    deadline = time.monotonic() + 3 + job["expressionMs"] / 1000
    while True:
        ready, _, _ = select.select([reader], [], [], max(0, deadline - time.monotonic()))
        if not ready:
            os.kill(pid, signal.SIGKILL)
            break
        chunk = os.read(reader, 65536)
        if not chunk:
            break
        chunks.append(chunk)
    os.close(reader)
    os.waitpid(pid, 0)
    try:
        return json.loads(b"".join(chunks)) or timeouts(job)
    except ValueError:
        return timeouts(job)


def timeouts(job):
    return [["timeout", ""]] * len(job["expressions"])


def main():
    job = json.load(sys.stdin)
    folder = os.path.dirname(os.path.abspath(job["path"]))
    sys.path[0:0] = [folder, os.getcwd()]
    sys.dont_write_bytecode = True
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
    except (ImportError, ValueError, OSError):
        pass
    results = [in_child(job, text) for text in job["texts"]]
    with open(job["out"], "w", encoding="utf-8") as stream:
        json.dump(results, stream)


main()
