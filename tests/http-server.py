#!/usr/bin/env python3
"""A server of archives on loopback that fails as the path says.

usage: http-server.py DIR [URL]

DIR/port is the port once it listens; DIR/log has a line for each request:
method, path, length of its body, user agent. The first part of the path:

  pi        forwarded to URL, which is a public-inbox-httpd
  shut      as pi, but the answer is cut after 1,000 bytes
  githang   as pi, but nothing of git is answered
  hang      takes the request, says nothing
  html      a page for people       (htm403: the same with status 403)
  N         the HTTP status N, in plain text
  mbox      DIR/mbox, as a search answers, in one member of gzip
  two       the same in two members
  cut       the same, but its second half does not come
  bad       the same, but damaged in the middle
  evil      a manifest that names what it should not
  cond      as pi, but 304 when it was not modified since
  ageless   as pi, but the manifest does not say how old anything is
"""
import gzip
import http.client
import http.server
import os
import sys
import time
import urllib.parse
import zlib

DIR = sys.argv[1]
BEHIND = urllib.parse.urlsplit(sys.argv[2]) if len(sys.argv) > 2 else None
EPOCH = '{"fingerprint":"%s","modified":1700000000}' % ("0" * 40)
NAMES = ["/../../etc/git/0.git", "/evil/git/../0.git", "/evil/git/-1.git",
         "-u", "/evil/git/\\u001b[2J.git",
         "https://elsewhere/evil/git/0.git", "/other/git/0.git",
         "/evil/git/00.git", "/evil/git/99999999999999999999.git"]


class Server(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args):
        pass

    def answer(self, status, type, body, headers=()):
        self.send_response(status)
        self.send_header("Content-Type", type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def forward(self, path, body, cut=None):
        c = http.client.HTTPConnection(BEHIND.hostname, BEHIND.port)
        kept = ("content-type", "content-encoding", "git-protocol", "accept")
        headers = {k: v for k, v in self.headers.items() if k.lower() in kept}
        c.request(self.command, BEHIND.path + path, body, headers)
        r = c.getresponse()
        data = r.read()
        modified = r.getheader("Last-Modified")
        if (modified and self.path.startswith("/cond") and
                self.headers.get("If-Modified-Since") == modified):
            self.send_response(304)
            self.end_headers()
            return
        if self.path.startswith("/ageless") and path.endswith(".js.gz"):
            text = gzip.decompress(data).replace(b'"modified"', b'"m"')
            data = gzip.compress(text)
        self.send_response(r.status)
        for name in ("Content-Type", "Last-Modified"):
            if r.getheader(name):
                self.send_header(name, r.getheader(name))
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[:cut])
        self.close_connection = cut is not None and cut < len(data)

    def chunk(self, data):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))

    def mbox(self, how):
        with open(os.path.join(DIR, "mbox"), "rb") as f:
            text = f.read()
        half = len(text) // 2
        self.send_response(200)
        self.send_header("Content-Type", "application/gzip")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        if how == "two":
            self.chunk(gzip.compress(text[:half]))
            self.chunk(gzip.compress(text[half:]))
        else:
            z = zlib.compressobj(wbits=31)
            first = z.compress(text[:half]) + z.flush(zlib.Z_SYNC_FLUSH)
            self.chunk(first)
            if how == "cut":
                self.close_connection = True
                return
            if how == "bad":
                self.chunk(b"\xff" * 100)
            self.chunk(z.compress(text[half:]) + z.flush())
        self.wfile.write(b"0\r\n\r\n")

    def do_GET(self):
        length = int(self.headers.get("Content-Length") or 0)
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            body = self.rfile.read(length)
        with open(os.path.join(DIR, "log"), "a") as f:
            print(self.command, self.path, len(body),
                  self.headers.get("User-Agent"), file=f)
        first, _, rest = self.path[1:].partition("/")
        if first == "hang" or first == "githang" and "/git/" in rest:
            time.sleep(60)
            self.close_connection = True
        elif first in ("pi", "githang", "cond", "ageless"):
            self.forward("/" + rest, body)
        elif first == "shut":
            self.forward("/" + rest, body, 1000)
        elif first in ("html", "htm403"):
            self.answer(200 if first == "html" else 403, "text/html",
                        b"<html>are you a robot?</html>")
        elif first.isdigit():
            self.answer(int(first), "text/plain", b"so it is\n")
        elif first in ("mbox", "two", "cut", "bad"):
            self.mbox(first)
        elif first == "evil":
            text = "{%s}" % ",".join('"%s":%s' % (n, EPOCH) for n in NAMES)
            self.answer(200, "application/gzip", gzip.compress(text.encode()))
        else:
            self.answer(404, "text/plain", b"Not Found\n")

    do_POST = do_GET


class Listener(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


server = Listener(("127.0.0.1", 0), Server)
with open(os.path.join(DIR, "port.new"), "w") as f:
    print(server.server_port, file=f)
os.rename(os.path.join(DIR, "port.new"), os.path.join(DIR, "port"))
server.serve_forever()
