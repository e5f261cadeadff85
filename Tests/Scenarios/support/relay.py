"""A relay between a node and PostgreSQL, to cut the one off from the other."""

import contextlib
import select
import socket
import threading


class Relay:
    """Passes on what comes, until told to hold it (`stall`) or to break the connections and refuse new ones (`cut`)."""

    def __init__(self, port: int) -> None:
        self.target = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.state = "open"
        self.closed = False
        threading.Thread(target=self.accept, daemon=True).start()

    def __enter__(self) -> "Relay":
        return self

    def __exit__(self, *_) -> None:
        self.closed = True
        self.cut()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def stall(self) -> None:
        self.state = "stalled"

    def cut(self) -> None:
        self.state = "cut"

    def heal(self) -> None:
        self.state = "open"

    def accept(self) -> None:
        while not self.closed:
            try:
                inner, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(inner,), daemon=True).start()

    def serve(self, inner: socket.socket) -> None:
        with inner:
            if self.state == "cut":
                return
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.target)) as outer:
                for each in (inner, outer):
                    each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                while self.state != "cut" and self.pass_on(inner, outer):
                    pass

    def pass_on(self, inner: socket.socket, outer: socket.socket) -> bool:
        """Moves what is there; false at the end of the connection."""
        readable, _, _ = select.select([inner, outer], [], [], 0.05)
        for source in readable:
            data = source.recv(65536)
            if not data:
                return False
            while self.state == "stalled":
                threading.Event().wait(0.02)
            if self.state == "cut":
                return False
            (outer if source is inner else inner).sendall(data)
        return True
