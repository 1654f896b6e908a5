"""An OpenID Connect provider of the tests' own: a small real server that signs with a key made for it."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT_ID = "civicbot"
CLIENT_SECRET = "provider's secret / with signs"


@dataclass
class Provider:
    """What the provider believes, and how it misbehaves when a test tells it to.

    Attributes:
        user: claims of whoever logs in there.
        wrong: claims that replace the right ones in the token; None takes a claim out.
        key: signs the tokens.
        published: the keys at ``jwks_uri``.
        header: of the tokens.
        broken: paths that answer 500.
        metadata: replaces what the provider says of itself.
    """

    user: dict[str, Any] = field(
        default_factory=lambda: {"sub": "u-1", "preferred_username": "Lee", "roles": ["staff"]}
    )
    wrong: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: new_key("one"))
    published: list[RSAKey] = field(default_factory=list)
    header: dict[str, str] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    metadata: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    issuer: str = ""

    def __enter__(self) -> Provider:
        self.published = self.published or [self.key]
        provider = self

        class Handler(BaseHTTPRequestHandler):
            """Answers as the provider."""

            def do_GET(self) -> None:
                provider.get(self)

            def do_POST(self) -> None:
                provider.post(self)

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        self.issuer = f"http://127.0.0.1:{self._server.server_port}/realms/city"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def settings(self) -> dict[str, object]:
        return {
            "oidc_issuer": self.issuer,
            "oidc_client_id": CLIENT_ID,
            "oidc_client_secret": CLIENT_SECRET,
            "oidc_roles": "staff=reviewer,chiefs=admin",
        }

    def get(self, request: BaseHTTPRequestHandler) -> None:
        address = urlsplit(request.path)
        path = address.path.removeprefix("/realms/city")
        if path in self.broken:
            answer(request, {}, 500)
        elif path == "/.well-known/openid-configuration":
            own = {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/auth",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }
            answer(request, own | self.metadata)
        elif path == "/keys":
            answer(request, dict(KeySet(list(self.published)).as_dict(private=False)))
        elif path == "/auth":
            told = {name: values[0] for name, values in parse_qs(address.query).items()}
            self.asked.append(told)
            code = secrets.token_urlsafe(8)
            self.codes[code] = told
            back = f"{told['redirect_uri']}?{urlencode({'code': code, 'state': told['state']})}"
            request.send_response(302)
            request.send_header("Location", back)
            request.end_headers()
        else:
            answer(request, {}, 404)

    def post(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["content-length"])).decode()
        told = dict(parse_qsl(body))
        asked = self.codes.pop(told.get("code", ""), None)
        problem = self._problem(request, told, asked)
        if problem or asked is None:
            answer(request, {"error": problem}, 400)
            return
        answer(request, {"access_token": "a", "token_type": "Bearer", "id_token": self.token(asked["nonce"])})

    def token(self, nonce: str) -> str:
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": nonce}
        claims = {name: value for name, value in (claims | self.user | self.wrong).items() if value is not None}
        header = {"alg": "RS256", "kid": str(self.key.kid)} | self.header
        if header["alg"] == "none":
            return ".".join(coded(json.dumps(each).encode()) for each in (header, claims)) + "."
        if header["alg"] == "HS256":
            from joserfc.jwk import OctKey

            return jwt.encode(header, claims, OctKey.import_key(CLIENT_SECRET))
        return jwt.encode(header, claims, self.key)

    def _problem(self, request: BaseHTTPRequestHandler, told: dict[str, str], asked: dict[str, str] | None) -> str:
        if asked is None or told.get("redirect_uri") != asked["redirect_uri"]:
            return "invalid_grant"
        given = base64.b64decode(request.headers.get("authorization", "").removeprefix("Basic ")).decode()
        name, _, password = given.partition(":")
        if (unquote(name), unquote(password)) not in {(CLIENT_ID, CLIENT_SECRET), (CLIENT_ID, unquote(CLIENT_SECRET))}:
            return "invalid_client"
        challenge = coded(hashlib.sha256(told.get("code_verifier", "").encode()).digest())
        if asked.get("code_challenge_method") != "S256" or challenge != asked.get("code_challenge"):
            return "invalid_grant"
        return ""


def new_key(name: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": name, "use": "sig", "alg": "RS256"}, private=True)


def coded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def answer(request: BaseHTTPRequestHandler, body: dict[str, Any], status: int = 200) -> None:
    data = json.dumps(body).encode()
    request.send_response(status)
    request.send_header("Content-Type", "application/json")
    request.send_header("Content-Length", str(len(data)))
    request.end_headers()
    request.wfile.write(data)
