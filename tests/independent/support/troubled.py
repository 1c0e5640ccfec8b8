"""Stands between Patchline and an AWS, and makes the trouble that a test asks for."""

import http.client
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

JSON, XML = "application/x-amz-json-1.0", "application/xml"

# From how many bytes on a body is a file that may stall on its way.
LARGE = 1024 * 1024


def fails(is_s3):
    """The service has a fault of its own."""
    if is_s3:
        return 500, XML, b"<Error><Code>InternalError</Code><Message>a fault</Message></Error>"
    return 500, JSON, b'{"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError","message":"a fault"}'


def throttles(is_s3):
    """The account makes more requests than it may."""
    if is_s3:
        return 503, XML, b"<Error><Code>SlowDown</Code><Message>too many</Message></Error>"
    return 400, JSON, b'{"__type":"com.amazon.coral.availability#ThrottlingException","message":"too many"}'


def denies(is_s3):
    """The credentials may do nothing."""
    if is_s3:
        return 403, XML, b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>"
    return 400, JSON, b'{"__type":"com.amazon.coral.service#AccessDeniedException","message":"no"}'


def hangs(_):
    """No answer comes."""
    return None


def stalls(_):
    """A file begins to come, and then comes no further."""
    return None


def loses_answers(_):
    """The request is done, and the answer does not come back."""
    return None


class Way:
    """The way to an AWS; `trouble` is one of the functions above, or none."""

    def __init__(self, target):
        self.trouble = None
        # That a request is being kept waiting.
        self.holds = threading.Event()
        self._concerned = None
        self._calm = threading.Event()
        handler = type("Handler", (Handler,), {"way": self, "target": urlsplit(target).netloc})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"

    def serve(self):
        self._server.serve_forever(poll_interval=0.05)

    def close(self):
        self._calm.set()
        self._server.shutdown()
        self._server.server_close()

    def wait_for_calm(self):
        self.holds.set()
        self._calm.wait()

    def trouble_only(self, trouble, operation, table):
        """Makes the trouble for one operation of DynamoDB on one table."""
        self.trouble, self._concerned = trouble, (operation, table)

    def trouble_of(self, operation, body):
        """The trouble that a request meets, if any."""
        if self._concerned is None:
            return self.trouble
        is_concerned = operation == self._concerned[0] and json.loads(body)["TableName"] == self._concerned[1]
        return self.trouble if is_concerned else None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        trouble = self.way.trouble_of(self.headers.get("x-amz-target", "").rpartition(".")[2], body)
        if trouble is None:
            self.answer(*self.ask(body))
        elif trouble is hangs:
            self.close_connection = True
            self.way.wait_for_calm()
        elif trouble is loses_answers:
            self.ask(body)
            self.close_connection = True
        elif trouble is stalls:
            self.answer_half(*self.ask(body))
        else:
            status, content_type, answer = trouble("/s3/" in self.headers.get("authorization", ""))
            self.answer(status, [("content-type", content_type)], answer)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = handle_any

    def ask(self, body):
        """Passes the request on as it came, with its `Host`, which is signed; answers with the answer."""
        connection = http.client.HTTPConnection(self.target, timeout=120)
        connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
        for name, value in self.headers.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        hop = ("connection", "transfer-encoding", "content-length")
        headers = [(name, value) for name, value in answer.getheaders() if name.lower() not in hop]
        content = answer.read()
        connection.close()
        return answer.status, headers, content, answer.getheader("content-length")

    def answer(self, status, headers, body, length=None, declared=None):
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        # The answer to HEAD tells the length of what it does not bring.
        length = length if self.command == "HEAD" and length else str(declared or len(body))
        self.send_header("content-length", length)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def answer_half(self, status, headers, body, length):
        """The first half of a large file, and no more until all is calm; anything else as it is."""
        if self.command != "GET" or len(body) < LARGE:
            self.answer(status, headers, body, length)
            return
        self.close_connection = True
        self.answer(status, headers, body[: len(body) // 2], declared=len(body))
        self.way.wait_for_calm()

    def log_message(self, *_):
        pass


@contextmanager
def way_to(target):
    way = Way(target)
    serving = threading.Thread(target=way.serve, daemon=True)
    serving.start()
    try:
        yield way
    finally:
        way.close()
        serving.join()
