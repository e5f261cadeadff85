"""HTTP by hand, for what no decent client would send."""

import socket
import time


class Raw:
    """A plain connection to a server."""

    def __init__(self, port: int, timeout: float = 15, address: str | None = None) -> None:
        source = (address, 0) if address else None
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout, source_address=source)

    def __enter__(self) -> "Raw":
        return self

    def __exit__(self, *_) -> None:
        self.socket.close()

    def send(self, data: bytes | str) -> bool:
        """Whether the other side still took it."""
        try:
            self.socket.sendall(data.encode() if isinstance(data, str) else data)
            return True
        except OSError:
            return False

    def answer(self, within: float = 15, bodiless: bool = False) -> tuple[int, dict[str, str], bytes]:
        """The next answer: status (0: the connection was closed without one), headers in lower case, body."""
        deadline = time.monotonic() + within
        data = b""
        while b"\r\n\r\n" not in data:
            piece = self.piece(deadline)
            if not piece:
                return 0, {}, data
            data += piece
        head, _, body = data.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        status = int(lines[0].split(" ")[1])
        headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        if "content-length" in headers and not bodiless:
            while len(body) < int(headers["content-length"]):
                piece = self.piece(deadline)
                if not piece:
                    break
                body += piece
        return status, headers, body

    def piece(self, deadline: float) -> bytes:
        self.socket.settimeout(max(0.01, deadline - time.monotonic()))
        try:
            return self.socket.recv(65536)
        except TimeoutError:
            raise AssertionError("no answer in time") from None
        except OSError:
            return b""

    def closed_within(self, seconds: float) -> bool:
        """Whether the other side ends the connection, whatever it says before."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self.socket.settimeout(max(0.01, deadline - time.monotonic()))
            try:
                if not self.socket.recv(65536):
                    return True
            except TimeoutError:
                return False
            except OSError:
                return True
        return False


def request(
    port: int, method: str, path: str, headers: dict[str, str] | None = None, body: bytes | list[bytes] = b"", within: float = 15
) -> tuple[int, dict[str, str], bytes]:
    """One request as bytes; a list as body is sent in chunks. Nothing is checked on the way out."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    chunked = isinstance(body, list)
    if chunked:
        lines.append("Transfer-Encoding: chunked")
    elif body and "Content-Length" not in (headers or {}):
        lines.append(f"Content-Length: {len(body)}")
    with Raw(port) as raw:
        raw.send("\r\n".join(lines).encode("utf-8") + b"\r\n\r\n")
        if chunked:
            for piece in body:
                if not raw.send(b"%x\r\n%s\r\n" % (len(piece), piece)):
                    break
            else:
                raw.send(b"0\r\n\r\n")
        elif body:
            raw.send(body)
        return raw.answer(within, bodiless=method == "HEAD")
