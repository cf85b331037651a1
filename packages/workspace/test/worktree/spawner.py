"""Starts what a line of JSON on stdin says, one at a time, and answers with a line: a small process forks fast."""
import base64
import json
import subprocess
import sys

for line in sys.stdin:
    asked = json.loads(line)
    given = base64.b64decode(asked["input"])
    done = subprocess.run(asked["argv"], cwd=asked["cwd"], env=asked["env"], input=given, capture_output=True)
    answer = [done.returncode, base64.b64encode(done.stdout).decode(), base64.b64encode(done.stderr).decode()]
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
