"""Runs a command on a pseudo-terminal: its answers come from a script, what it shows goes to standard output as JSON.

Reads {"argv", "env", "rows", "columns", "stdoutPiped", "dialogue": [[text to wait for, what to type], ...]} from
standard input; writes {"status", "shown", "stdout"}, where "stdout" is what went into the pipe, if there was one.
"""

import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios
import time

TIME_LIMIT_SECONDS = 60


def main():
    job = json.load(sys.stdin)
    read_end, write_end = os.pipe() if job.get("stdoutPiped") else (None, None)
    # The window gets its size before the command starts.
    go_read, go_write = os.pipe()
    pid, terminal = pty.fork()
    if pid == 0:
        os.read(go_read, 1)
        if write_end is not None:
            os.dup2(write_end, 1)
            os.close(read_end)
            os.close(write_end)
        os.execvpe(job["argv"][0], job["argv"], job["env"])
    if write_end is not None:
        os.close(write_end)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", job.get("rows", 24), job.get("columns", 80), 0, 0))
    os.write(go_write, b"\n")
    shown, piped = talk(terminal, read_end, [(wait.encode(), say.encode()) for wait, say in job.get("dialogue", [])])
    _, status = os.waitpid(pid, 0)
    json.dump({"status": os.waitstatus_to_exitcode(status), "shown": shown.decode(), "stdout": piped.decode()}, sys.stdout)


def talk(terminal, pipe, dialogue):
    """Collects what is shown and piped until both end; types each answer when its cue has been shown."""
    shown, piped, after = b"", b"", 0
    open_ends = [end for end in (terminal, pipe) if end is not None]
    limit = time.monotonic() + TIME_LIMIT_SECONDS
    while open_ends:
        ready, _, _ = select.select(open_ends, [], [], max(0, limit - time.monotonic()))
        if not ready:
            sys.exit("the command did not end; it had shown: " + shown.decode(errors="replace"))
        for end in ready:
            try:
                chunk = os.read(end, 65536)
            except OSError:  # Linux says so when the other side of a terminal is closed.
                chunk = b""
            if not chunk:
                open_ends.remove(end)
            elif end == pipe:
                piped += chunk
            else:
                shown += chunk
        while dialogue and (at := shown.find(dialogue[0][0], after)) >= 0:
            after = at + len(dialogue[0][0])
            os.write(terminal, dialogue.pop(0)[1])
    return shown, piped


main()
