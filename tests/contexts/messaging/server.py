"""A mail server on this machine that speaks SMTP over a socket and answers what a test tells it to."""

import socketserver
import threading
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP


@dataclass
class Envelope:
    sender: str
    recipients: list[str]
    message: EmailMessage


@dataclass
class Box:
    """What arrived, and the replies to give: by verb, taken in their order; then everything is taken."""

    arrived: list[Envelope] = field(default_factory=list)
    replies: dict[str, list[str]] = field(default_factory=dict)
    port: int = 0

    def reply_to(self, verb: str, usual: str) -> str:
        waiting = self.replies.get(verb, [])
        return waiting.pop(0) if waiting else usual


class Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.box: Box = self.server.box  # type: ignore[attr-defined]
        self.sender, self.recipients = "", []
        if not self.say(self.box.reply_to("CONNECT", "220 here")):
            return
        for line in iter(self.rfile.readline, b""):
            verb, _space, rest = line.decode().strip().partition(" ")
            if not self.answer(verb.upper(), rest):
                return

    def answer(self, verb: str, rest: str) -> bool:
        if verb == "QUIT":
            return self.say("221 bye") and False
        if verb == "MAIL":
            self.sender = rest
        if verb == "DATA":
            return self.data()
        reply = self.box.reply_to(verb, "250 ok" if verb in ("EHLO", "HELO", "MAIL", "RCPT", "RSET") else "502 no")
        if verb == "RCPT" and reply.startswith("250"):
            self.recipients.append(rest[rest.index("<") + 1 : rest.index(">")])
        return self.say(reply)

    def data(self) -> bool:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        reply = self.box.reply_to("DATA", "250 taken")
        if reply.startswith("250"):
            message = message_from_bytes(b"".join(lines), _class=EmailMessage, policy=SMTP)
            self.box.arrived.append(Envelope(self.sender, list(self.recipients), message))
        return self.say(reply)

    def say(self, reply: str) -> bool:
        self.wfile.write(reply.encode() + b"\r\n")
        return not reply.startswith(("221", "421", "554 no service"))


class MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.box = Box(port=self.server_address[1])

    def __enter__(self) -> "MailServer":
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.shutdown()
        self.server_close()
