"""Records which lines of the workspace run, when TANDEM_COVERAGE names a folder. Loaded by Python at its start."""
import atexit
import json
import os
import sys
import threading

_folder = os.environ.get("TANDEM_COVERAGE")
if _folder:
    _root = os.path.realpath(os.getcwd()) + os.sep
    _lines = {}
    _known = {}

    def _wanted(filename):
        known = _known.get(filename)
        if known is None:
            real = os.path.realpath(filename)
            inside = real.startswith(_root) and "site-packages" not in real and os.sep + ".venv" + os.sep not in real
            known = _known[filename] = real[len(_root):] if inside else ""
        return known

    def _trace_lines(frame, event, _):
        if event == "line":
            _lines.setdefault(_known[frame.f_code.co_filename], set()).add(frame.f_lineno)
        return _trace_lines

    def _trace_calls(frame, event, _):
        path = _wanted(frame.f_code.co_filename)
        if not path:
            return None
        if frame.f_code.co_name == "<module>":
            return None
        _lines.setdefault(path, set()).add(frame.f_lineno)
        return _trace_lines

    def _save():
        sys.settrace(None)
        data = {path: sorted(lines) for path, lines in list(_lines.items())}
        with open(os.path.join(_folder, "python-%d.json" % os.getpid()), "w") as stream:
            json.dump(data, stream)

    _exit = os._exit

    def _exit_saved(status):
        try:
            _save()
        finally:
            _exit(status)

    os._exit = _exit_saved
    atexit.register(_save)
    threading.settrace(_trace_calls)
    sys.settrace(_trace_calls)
