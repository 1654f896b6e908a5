"""Logging in through an OpenID Connect provider: authorisation code with PKCE, and its token checked in full."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from civicbot.errors import CivicbotError
from civicbot.review.access import Role
from civicbot.review.flows import Flow
from civicbot.review.logins import Identity
from civicbot.settings import Settings

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 5.0
"""How long the provider has for each answer."""

KEPT_SECONDS = 3600.0
"""For how long what the provider says of itself is kept."""

LEEWAY_SECONDS = 60
"""How much clocks may differ."""

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA"]
"""Signatures that are accepted: with a key pair, since a shared secret or none at all proves nothing."""

_REGISTRY = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)  # providers add headers of their own
_RANK = {role: rank for rank, role in enumerate(Role)}


class ProviderError(CivicbotError):
    """The provider cannot be asked, or what it says cannot be believed; the log tells why."""

    code = "provider"
    hint = "Try again; if it stays, tell the operator."


class Provider:
    """The provider that the settings name; thread-safe and blocking.

    Args:
        settings: where ``oidc_issuer`` is set.
        clock: seconds since the epoch.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        assert settings.oidc_issuer is not None
        assert settings.oidc_client_secret is not None
        self._issuer = settings.oidc_issuer
        self._client_id = settings.oidc_client_id or ""
        self._client_secret = settings.oidc_client_secret.get_secret_value()
        self._scopes = " ".join({"openid": None} | dict.fromkeys(settings.oidc_scopes.split()))
        self._name_claim = settings.oidc_name_claim
        self._role_claim = settings.oidc_role_claim
        self._roles = {theirs: Role(ours) for theirs, ours in settings.role_mapping.items()}
        self._clock = clock
        self._lock = threading.Lock()
        self._kept: tuple[float, dict[str, Any]] | None = None
        self._keys: KeySet | None = None

    def address(self, flow: Flow, redirect_uri: str, language: str) -> str:
        """Where the browser is sent to log in.

        Args:
            flow: a new one.
            redirect_uri: our address that the provider sends the browser back to.
            language: of the person, ``ko`` or ``en``.

        Raises:
            ProviderError: the provider cannot be asked.
        """
        endpoint = self._endpoint("authorization_endpoint")
        with self._client(redirect_uri) as client:
            address, _ = client.create_authorization_url(
                endpoint, state=flow.state, nonce=flow.nonce, code_verifier=flow.verifier, ui_locales=language
            )
        return str(address)

    def identity(self, flow: Flow, code: str, redirect_uri: str) -> Identity:
        """Who has logged in there.

        Args:
            flow: that the browser was sent with.
            code: what it brought back.
            redirect_uri: as it was told before.

        Raises:
            ProviderError: the provider refuses, cannot be asked, or its token is not right.
        """
        endpoint = self._endpoint("token_endpoint")
        try:
            with self._client(redirect_uri) as client:
                token = client.fetch_token(
                    endpoint,
                    grant_type="authorization_code",
                    code=code,
                    redirect_uri=redirect_uri,
                    code_verifier=flow.verifier,
                )
        except (httpx2.HTTPError, AuthlibBaseError, ValueError) as error:
            raise _refused("token", error) from error
        claims = self._claims(dict(token), flow.nonce)
        subject = str(claims["sub"])
        return Identity(
            issuer=self._issuer,
            subject=subject[:255],
            name=str(claims.get(self._name_claim) or subject),
            role=role_of(claims, self._role_claim, self._roles),
        )

    def _claims(self, token: dict[str, Any], nonce: str) -> CodeIDToken:
        encoded = token.get("id_token")
        if not isinstance(encoded, str):
            raise _refused("token", None)
        try:
            try:
                decoded = jwt.decode(encoded, self._key_set(), registry=_REGISTRY)
            except InvalidKeyIdError:  # the provider has changed its keys
                decoded = jwt.decode(encoded, self._key_set(anew=True), registry=_REGISTRY)
            claims = CodeIDToken(
                decoded.claims,
                decoded.header,
                {
                    "iss": {"essential": True, "value": self._issuer},
                    "aud": {"essential": True, "value": self._client_id},
                },
                {"nonce": nonce, "client_id": self._client_id, "access_token": token.get("access_token")},
            )
            claims.validate(now=self._clock(), leeway=LEEWAY_SECONDS)
        except (JoseError, AuthlibBaseError, ValueError, TypeError, KeyError) as error:
            raise _refused("id_token", error) from error
        return claims

    def _key_set(self, *, anew: bool = False) -> KeySet:
        with self._lock:
            if self._keys is not None and not anew:
                return self._keys
        keys = KeySet.import_key_set(self._get(self._endpoint("jwks_uri")))  # type: ignore[arg-type]
        with self._lock:
            self._keys = keys
        return keys

    def _endpoint(self, name: str) -> str:
        endpoint = self._metadata().get(name)
        if not isinstance(endpoint, str) or not endpoint.startswith(("https://", _scheme(self._issuer))):
            raise _refused(name, None)
        return endpoint

    def _metadata(self) -> Mapping[str, Any]:
        with self._lock:
            if self._kept is not None and self._clock() - self._kept[0] < KEPT_SECONDS:
                return self._kept[1]
        found = self._get(f"{self._issuer.rstrip('/')}/.well-known/openid-configuration")
        if found.get("issuer") != self._issuer:
            raise _refused("issuer", None)
        with self._lock:
            self._kept, self._keys = (self._clock(), found), None
        return found

    def _get(self, address: str) -> dict[str, Any]:
        try:
            found = httpx2.get(address, timeout=TIMEOUT_SECONDS).raise_for_status().json()
        except (httpx2.HTTPError, ValueError) as error:
            raise _refused("unreachable", error) from error
        if not isinstance(found, dict):
            raise _refused("unreachable", None)
        return found

    def _client(self, redirect_uri: str) -> OAuth2Client:
        return OAuth2Client(
            self._client_id,
            self._client_secret,
            scope=self._scopes,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            timeout=TIMEOUT_SECONDS,
        )


def role_of(claims: Mapping[str, Any], path: str, roles: Mapping[str, Role]) -> Role | None:
    """The highest of our roles that a user's claims give; None when they give none.

    Args:
        claims: of the provider's token.
        path: the claim's name; where there is none of the whole name, dots lead into objects.
        roles: ours for each of the provider's.
    """
    found: Any = claims.get(path)
    if found is None:
        found = claims
        for step in path.split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
    told = found if isinstance(found, list) else [found]
    ours = [roles[each] for each in told if isinstance(each, str) and each in roles]
    return max(ours, key=_RANK.__getitem__, default=None)


def _scheme(issuer: str) -> str:
    # A provider on this very machine, as in tests, may do without encryption; the setting allows no other.
    return issuer.partition("//")[0] + "//"


def _refused(where: str, error: Exception | None) -> ProviderError:
    problem = type(error).__name__ if error is not None else "not as it must be"
    log.warning("oidc_failed", extra={"fields": {"where": where, "problem": problem}})
    return ProviderError("The log-in at the provider did not work.")
