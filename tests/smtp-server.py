#!/usr/bin/env python3
"""An SMTP server on loopback that fails as the recipient's name says.

usage: smtp-server.py DIR [--tls none|starttls|implicit] [--login USER:PASSWORD]

DIR/port is the port once it listens, DIR/mail/N each mail that it took, DIR/log
one line for each connection, recipient and text. DIR/cert.pem and DIR/key.pem
are there for TLS. Local parts:

  refuse   550 to RCPT               nodata   451 to DATA
  defer    451 to RCPT               full     552 to the text
  grey     451 to the first RCPT     later    451 to the text
  wrong    (as sender) 550 to MAIL   cut      took the text, closes
  lost     closes without a copy     silent   took the text, says nothing
"""
import argparse
import asyncio
import os
import ssl

from aiosmtpd.smtp import SMTP, AuthResult


class Mailbox:
    def __init__(self, dir):
        self.dir = dir
        self.log = open(os.path.join(dir, "log"), "a", buffering=1)
        self.seen = set()
        self.mails = 0
        os.makedirs(os.path.join(dir, "mail"), exist_ok=True)

    def keep(self, envelope):
        self.mails += 1
        path = os.path.join(self.dir, "mail", str(self.mails))
        with open(path + ".new", "wb") as f:
            f.write(envelope.original_content)
        os.rename(path + ".new", path)
        print("kept", *envelope.rcpt_tos, file=self.log)

    async def handle_MAIL(self, server, session, envelope, address, options):
        if address.startswith("wrong"):
            return "550 5.7.1 not from you"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        print("rcpt", address, file=self.log)
        if address.startswith("refuse"):
            return "550-5.1.1 nobody of that name\r\n550 5.1.1 lives here"
        if address.startswith("defer"):
            return "451 4.3.0 try later"
        if address.startswith("grey") and address not in self.seen:
            self.seen.add(address)
            return "451 4.7.1 greylisted"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        names = {a.split("@")[0] for a in envelope.rcpt_tos}
        print("text", *envelope.rcpt_tos, file=self.log)
        if "full" in names:
            return "552 5.2.2 mailbox full"
        if "later" in names:
            return "451 4.3.0 try later"
        if "lost" in names:
            server.transport.abort()
            return "250 nobody hears this"
        self.keep(envelope)
        if "cut" in names:
            server.transport.abort()
        if "silent" in names:
            await asyncio.sleep(600)
        return "250 OK"


class Server(SMTP):
    def connection_made(self, transport):
        # STARTTLS calls it a second time.
        if not self._over_ssl and self.session is None:
            print("connect", file=self.event_handler.log)
        super().connection_made(transport)

    async def smtp_DATA(self, arg):
        if any(a.startswith("nodata") for a in self.envelope.rcpt_tos):
            await self.push("451 4.3.0 no text now")
            return
        await super().smtp_DATA(arg)


def authenticator(login):
    user, password = login.encode().split(b":", 1)

    def check(server, session, envelope, mechanism, data):
        good = (data.login, data.password) == (user, password)
        return AuthResult(success=good, handled=good or False)

    return check


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("dir")
    parser.add_argument("--tls", default="none")
    parser.add_argument("--login")
    args = parser.parse_args()
    mailbox = Mailbox(args.dir)
    options = {"hostname": "localhost"}
    context = None
    if args.tls != "none":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(os.path.join(args.dir, "cert.pem"),
                                os.path.join(args.dir, "key.pem"))
    if args.tls == "starttls":
        options.update(tls_context=context, require_starttls=True)
    if args.login:
        options.update(authenticator=authenticator(args.login),
                       auth_required=True,
                       auth_require_tls=args.tls == "starttls")
    server = await asyncio.get_running_loop().create_server(
        lambda: Server(mailbox, **options), "127.0.0.1", 0,
        ssl=context if args.tls == "implicit" else None)
    port = server.sockets[0].getsockname()[1]
    with open(os.path.join(args.dir, "port.new"), "w") as f:
        print(port, file=f)
    os.rename(os.path.join(args.dir, "port.new"),
              os.path.join(args.dir, "port"))
    await server.serve_forever()


asyncio.run(main())
