"""Runs a program at a terminal of its own, and does what lines of standard input say:

type TEXT            JSON string, as if typed
size COLUMNS ROWS
hang up              the terminal is closed

Standard output is what the program printed; the exit code is its own.
"""
import fcntl, json, os, pty, select, signal, struct, sys, termios

pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])


def size(columns, rows):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", int(rows), int(columns), 0, 0))


size(80, 24)
waiting = [terminal, 0]
typed = b""
while terminal in waiting:
    for ready in select.select(waiting, [], [])[0]:
        if ready == terminal:
            try:
                printed = os.read(terminal, 65536)
            except OSError:
                printed = b""
            if printed == b"":
                waiting.remove(terminal)
            else:
                os.write(1, printed)
            continue
        said = os.read(0, 65536)
        if said == b"":
            waiting.remove(0)
        *lines, typed = (typed + said).split(b"\n")
        for line in lines:
            verb, _, rest = line.decode().partition(" ")
            if verb == "type":
                os.write(terminal, json.loads(rest).encode())
            elif verb == "size":
                size(*rest.split())
            elif verb == "hang":
                waiting.remove(terminal)
                os.close(terminal)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
