"""A server that speaks like a language model, and says what it is told."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class LanguageModel:
    """Answers request after request with the next of `answers`, each a list of choices (`delta`, `finish_reason`)."""

    def __init__(self, answers):
        self.requests = []
        model = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                model.requests.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                choices = answers[min(len(model.requests), len(answers)) - 1]
                self.send_response(200)
                self.send_header("content-type", "text/event-stream")
                self.end_headers()
                for choice in choices:
                    self._event({"choices": [{"index": 0, **choice}]})
                self._event({"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 2}})
                self.wfile.write(b"data: [DONE]\n\n")

            def _event(self, data):
                self.wfile.write(f"data: {json.dumps(data)}\n\n".encode())

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self):
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
