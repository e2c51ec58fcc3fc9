"""A mail server that takes everything and remembers which messages it took."""

import re
import socketserver
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

MESSAGE_ID = re.compile(rb"^Message-ID: *(?:\r?\n *)?<(.+?)>", re.MULTILINE | re.IGNORECASE)


class Mail(socketserver.ThreadingTCPServer):
    """`taken` counts the messages by their Message-ID: one handed over twice can be told apart."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.taken: Counter[str] = Counter()


class Conversation(socketserver.StreamRequestHandler):
    server: Mail

    def handle(self) -> None:
        try:
            self.say(b"220 here")
            for line in self.rfile:
                if line[:4].upper() == b"DATA":
                    self.say(b"354 go on")
                    self.take()
                self.say(b"250 yes")
                if line[:4].upper() == b"QUIT":
                    return
        except ConnectionError:  # whoever was talking has been killed
            return

    def take(self) -> None:
        body = b""
        for line in self.rfile:
            if line == b".\r\n":
                found = MESSAGE_ID.search(body)
                self.server.taken[found.group(1).decode() if found else ""] += 1
                return
            body += line
        raise ConnectionResetError

    def say(self, words: bytes) -> None:
        self.wfile.write(words + b"\r\n")


@contextmanager
def mail_server() -> Iterator[Mail]:
    with Mail() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
