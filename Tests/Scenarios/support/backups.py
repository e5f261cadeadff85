"""The backup and restore commands, and backups taken apart and put together again."""

import hashlib
import json
import os
import subprocess
import struct
import zlib
from pathlib import Path

from support.server import Server, binary

# What every backup begins with: gzip without time and name, of no particular system.
HEAD = bytes([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF])


def place(server: Server) -> list[str]:
    """The options that name a server's data."""
    return ["--data", str(server.data)] + (["--database", server.database] if server.database else [])


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("GATEHOUSE_")}


def command(*arguments: str, **options) -> subprocess.CompletedProcess:
    options = {"env": environment(), "capture_output": True, "text": True, "timeout": 150, **options}
    return subprocess.run([str(binary()), *map(str, arguments)], **options)


def backup(server: Server, path: Path, *flags: str) -> dict:
    done = command("backup", path, *place(server), "--output", "json", *flags)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def restore(server: Server, path: Path, *flags: str) -> dict:
    """Restores into the data of a server that has none yet."""
    done = command("restore", path, *place(server), "--output", "json", *flags)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def read(path: Path) -> list:
    """The lines of a backup, read without any code of Gatehouse."""
    data = path.read_bytes()
    assert data[: len(HEAD)] == HEAD
    return [json.loads(line) for line in zlib.decompress(data, wbits=31).splitlines()]


def write(path: Path, lines: list) -> None:
    """Writes lines as a backup, with counts and a checksum that fit; the last line is made anew."""
    body, counts, table = bytearray(), {}, None
    for line in lines[:-1]:
        if isinstance(line, dict) and "table" in line:
            table = line["table"]
            counts[table] = 0
        elif isinstance(line, list):
            counts[table] += 1
        body += json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    end = {"rows": counts, "sha256": hashlib.sha256(body).hexdigest()}
    body += json.dumps(end, separators=(",", ":")).encode() + b"\n"
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    packed = packer.compress(bytes(body)) + packer.flush()
    path.write_bytes(HEAD + packed + struct.pack("<II", zlib.crc32(body), len(body) & 0xFFFFFFFF))


def tables(lines: list) -> dict[str, list[dict]]:
    """The rows of each table, by column."""
    found, rows, columns = {}, [], []
    for line in lines[1:-1]:
        if isinstance(line, dict):
            columns, rows = line["columns"], []
            found[line["table"]] = rows
        else:
            rows.append(dict(zip(columns, line, strict=True)))
    return found
