"""A process that has loaded the extension and forks into others: loading it takes
seconds, a fork none.

Standard input is a socket; with every script that is sent there comes a socket for the
fork that runs it, as its standard input and output, where it tells its process id
first. The end of standard input is the end.
"""

import os
import runpy
import signal
import socket
import sys

PATH_BYTES_MAX = 4096


def main(folder: str) -> None:
    """`folder` holds the extension's package."""
    sys.path.insert(0, folder)
    import restaurant.services  # noqa: F401  (the whole package, as LNbits loads it)

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the forks
    with socket.socket(fileno=os.dup(0)) as control:
        while True:
            script, [*ends], _, _ = socket.recv_fds(control, PATH_BYTES_MAX, 1)
            if not script:
                return
            if os.fork() == 0:
                control.close()
                become(script.decode(), ends[0], folder)
            os.close(ends[0])


def become(script: str, line: int, folder: str) -> None:
    """Run the script as a process of its own would, then end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(line, 0)
    os.dup2(line, 1)
    os.close(line)
    sys.argv = [script, folder]
    print(os.getpid(), flush=True)
    try:
        runpy.run_path(script, run_name="__main__")
    finally:
        sys.stdout.flush()
        os._exit(0)
