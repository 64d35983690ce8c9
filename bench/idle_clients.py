"""Opens many logged-in idle clients: idle_clients.py HOST PORT COUNT.

Logs a first client in and prints "first"; after a line on standard input logs in COUNT more, prints "ready" and holds them all until it is
killed. The pooler has to trust the user postgres for the database bench.
"""

import socket
import struct
import sys


def log_in(host: str, port: int) -> socket.socket:
    client = socket.create_connection((host, port))
    body = struct.pack(">i", 196608) + b"user\0postgres\0database\0bench\0\0"
    client.sendall(struct.pack(">i", len(body) + 4) + body)
    received = b""
    # ReadyForQuery, idle, ends the welcome.
    while not received.endswith(b"Z\0\0\0\5I"):
        part = client.recv(65536)
        if not part:
            raise SystemExit(f"login refused: {received!r}")
        received += part
    return client


def main() -> None:
    host, port, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    clients = [log_in(host, port)]
    print("first", flush=True)
    sys.stdin.readline()
    clients += [log_in(host, port) for _ in range(count)]
    print("ready", flush=True)
    sys.stdin.read()


main()
