"""All settings of the service: one frozen object, read once in main and passed down."""

from __future__ import annotations

import logging
import re
from datetime import date, datetime, timedelta, timezone
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal, get_args

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from civicbot.errors import SettingsError

_KOREA = timezone(timedelta(hours=9))
"""The city's days; Korea has no summer time."""

_HOST = r"([A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])"
"""A host name, or an IPv6 address in brackets, without a port."""

REPOSITORY = Path(__file__).resolve().parents[2]


class Settings(BaseSettings):
    """Settings from the environment (``CIVICBOT_<NAME>``); README.md holds the same table.

    Raises:
        SettingsError: from :func:`load_settings`, when a value cannot be used.
    """

    model_config = SettingsConfigDict(env_prefix="CIVICBOT_", frozen=True, extra="ignore")

    host: str = Field("127.0.0.1", description="Address to listen on")
    port: int = Field(8000, ge=1, le=65535, description="TCP port to listen on")
    corpus: Path = Field(REPOSITORY / "corpus", description="Folder of the library's documents")
    data: Path = Field(
        REPOSITORY / "var", description="Folder for what the service writes: the index generations and the records"
    )
    evals: Path = Field(REPOSITORY / "evals", description="Folder of question sets; reports go to `reports/` below it")
    database_url: SecretStr | None = Field(
        None,
        description="PostgreSQL for the records, `postgresql://user:password@host/database`; SQLite in the data folder "
        "if unset",
    )
    retention_days: int = Field(365, ge=1, description="Days for which exchanges are kept")
    embedder: str = Field(
        "bundled",
        min_length=1,
        description="Embedding model: `bundled` (pinned all-MiniLM-L6-v2), a sentence-transformers name or a folder",
    )
    embedder_languages: str = Field(
        "en",
        pattern=r"^(none|(ko|en)(,(ko|en))*)$",
        description="Languages that the embedding model knows: `en`, `ko,en` or `none`; others go by words alone",
    )
    asked_as: bool = Field(True, description="Match questions against the *asked as* wordings of briefs")
    prompts: Path = Field(REPOSITORY / "prompts", description="Folder of the language model's prompts")
    llm: str | None = Field(
        None,
        pattern=r"^[a-z_]+:\S+$",
        description="Language model that writes answers, `provider:name` as LangChain's `init_chat_model` takes it, "
        "e.g. `openai:NAME`; sentences of the library as they are if unset",
    )
    llm_base_url: str | None = Field(
        None,
        pattern=r"^https?://[^\s/?#@]+(/[^\s?#]*)?$",
        description="Address of a server with OpenAI's interface, e.g. `http://127.0.0.1:11434/v1`",
    )
    llm_api_key: SecretStr | None = Field(None, description="Key for that server, or for the provider")
    llm_connect_seconds: float = Field(
        3.0, gt=0, le=60, description="Seconds within which the language model's server must take a connection"
    )
    llm_first_token_seconds: float = Field(
        10.0, gt=0, le=300, description="Seconds within which its first words must come, and then each next ones"
    )
    llm_total_seconds: float = Field(
        30.0, gt=0, le=600, description="Seconds that one question may spend with the language model in all"
    )
    llm_tokens_per_question: int = Field(
        8000, ge=500, le=200_000, description="Tokens that one question may use, sent and received"
    )
    llm_tokens_per_day: int = Field(
        2_000_000, ge=0, description="Tokens that a day may use; then sentences of the library answer until midnight"
    )
    llm_concurrency: int = Field(4, ge=1, le=256, description="Questions that are with the language model at a time")
    llm_cache: int = Field(1000, ge=0, le=100_000, description="Written answers that are kept for the same question")
    contact: str | None = Field(
        None, description="Human contact named in non-answers, e.g. a phone number; none if unset"
    )
    rate_limit: str = Field(
        "30", pattern=r"^(off|[1-9]\d{0,5})$", description="Answers a minute for one client, or `off`"
    )
    rate_storage: SecretStr = Field(
        SecretStr("memory"),
        description="Where asking is counted: `memory`, or a `redis://` address that several processes share",
    )
    mcp: bool = Field(False, description="Offer the assistant to other programs as MCP tools, at `/mcp`")
    mcp_hosts: str | None = Field(
        None,
        pattern=rf"^\s*{_HOST}(\s*,\s*{_HOST})*\s*$",
        description="Host names, by commas, under which `/mcp` may be called besides those of this machine",
    )
    trusted_proxies: str | None = Field(
        None,
        description="Addresses or networks of reverse proxies whose `X-Forwarded-*` headers are believed, by commas",
    )
    secret: SecretStr | None = Field(
        None,
        min_length=32,
        description="What staff's cookies are signed with, 32 characters or more; a file in the data folder if unset. "
        "Servers on several machines need the same one",
    )
    staff_idle_minutes: int = Field(
        60, ge=1, le=1440, description="Minutes without use after which staff are logged out"
    )
    staff_session_hours: int = Field(12, ge=1, le=168, description="Hours after which staff are logged out in any case")
    review_sample: float = Field(
        0.1, ge=0, le=1, description="Share of answers with money or dates that staff are asked to check"
    )
    two_persons: bool = Field(
        False, description="Whether an approved answer takes two publishers: one proposes it, another one confirms it"
    )
    claim_minutes: int = Field(
        30, ge=1, le=1440, description="Minutes for which an item of the queue stays with whoever took it"
    )
    impact_days: int = Field(
        30, ge=1, le=3650, description="Days for which residents' questions are compared before a library update"
    )
    impact_questions: int = Field(
        200, ge=0, le=5000, description="How many of these questions are compared, the most frequent first"
    )
    staff_login_limit: int = Field(10, ge=1, description="Log-ins a minute that one client may try")
    oidc_issuer: str | None = Field(
        None,
        pattern=r"^(https://[^\s/]+|http://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?)(/\S*)?$",
        description="OpenID Connect provider that staff log in through, such as "
        "`https://login.city.example/realms/staff`; none if unset",
    )
    oidc_client_id: str | None = Field(None, description="Our name at the OpenID provider")
    oidc_client_secret: SecretStr | None = Field(None, description="Our password at the OpenID provider")
    oidc_scopes: str = Field("openid profile email", description="Scopes that are asked of the OpenID provider")
    oidc_name_claim: str = Field(
        "preferred_username", min_length=1, description="Claim that holds a user's name; `sub` where it is missing"
    )
    oidc_role_claim: str = Field(
        "roles",
        min_length=1,
        description="Claim that holds a user's roles; dots lead into objects: `realm_access.roles`",
    )
    oidc_roles: str | None = Field(
        None,
        pattern=r"^[^=,]+=(reviewer|publisher|admin)(,[^=,]+=(reviewer|publisher|admin))*$",
        description="The provider's roles and ours, e.g. `civic-staff=reviewer,civic-admins=admin`; others are refused",
    )
    stale_days: int = Field(
        730, ge=1, description="Age in days from which `civicbot corpus check` warns that a source is stale"
    )
    today: date | None = Field(None, description="Fixes the clock (YYYY-MM-DD), for tests and reproducible answers")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged")

    traces: str = Field(
        "off",
        pattern=r"^(off|https?://[^\s/]+(/\S*)?)$",
        description="OpenTelemetry traces: `off`, or a collector's OTLP/HTTP address, e.g. `http://127.0.0.1:4318`",
    )

    @field_validator(
        "contact", "llm", "llm_base_url", "llm_api_key", "today", "database_url", "trusted_proxies", "mcp_hosts",
        "secret", "oidc_issuer", "oidc_client_id", "oidc_client_secret", "oidc_roles", mode="before",
    )  # fmt: skip
    @classmethod
    def _empty_is_unset(cls, value: object) -> object:
        return None if isinstance(value, str) and not value.strip() else value

    @field_validator("rate_storage", mode="after")
    @classmethod
    def _known_storage(cls, value: SecretStr) -> SecretStr:
        if re.fullmatch(r"memory|(?:rediss?|redis\+unix)://\S+", value.get_secret_value()) is None:
            raise ValueError("write 'memory' or 'redis://host:port/number'")
        return value

    @field_validator("trusted_proxies", mode="after")
    @classmethod
    def _known_proxies(cls, value: str | None) -> str | None:
        _networks(value)
        return value

    @model_validator(mode="after")
    def _whole_provider(self) -> Settings:
        rest = (self.oidc_client_id, self.oidc_client_secret, self.oidc_roles)
        if self.oidc_issuer is not None and None in rest:
            raise ValueError(
                "CIVICBOT_OIDC_ISSUER needs CIVICBOT_OIDC_CLIENT_ID, CIVICBOT_OIDC_CLIENT_SECRET "
                "and CIVICBOT_OIDC_ROLES"
            )
        return self

    @model_validator(mode="after")
    def _whole_language_model(self) -> Settings:
        if self.llm is None:
            for name in ("llm_base_url", "llm_api_key"):
                if getattr(self, name) is not None:
                    raise ValueError(f"CIVICBOT_{name.upper()} needs CIVICBOT_LLM, such as openai:NAME")
            return self
        if self.llm.startswith("openai:") and self.llm_base_url is None and self.llm_api_key is None:
            raise ValueError(
                "CIVICBOT_LLM needs CIVICBOT_LLM_API_KEY for the provider, "
                "or CIVICBOT_LLM_BASE_URL for a server of your own"
            )
        if max(self.llm_connect_seconds, self.llm_first_token_seconds) > self.llm_total_seconds:
            raise ValueError(
                "CIVICBOT_LLM_TOTAL_SECONDS cannot be less than CIVICBOT_LLM_CONNECT_SECONDS "
                "or CIVICBOT_LLM_FIRST_TOKEN_SECONDS"
            )
        return self

    @property
    def role_mapping(self) -> dict[str, str]:
        """Our role for each of the OpenID provider's."""
        pairs = (item.split("=") for item in (self.oidc_roles or "").split(",") if item)
        return {theirs.strip(): ours for theirs, ours in pairs}

    @property
    def mcp_names(self) -> tuple[str, ...]:
        """The names of this server that programs may call its tools by, in lower case, without ports."""
        own = f"[{self.host}]" if ":" in self.host else self.host
        named = [name.strip() for name in (self.mcp_hosts or "").split(",") if name.strip()]
        # An address that stands for all of the machine's is no name that anybody calls.
        bound = [own] if self.host not in ("0.0.0.0", "::") else []
        return tuple(dict.fromkeys(name.lower() for name in ("localhost", "127.0.0.1", "[::1]", *bound, *named)))

    @property
    def proxy_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks of trusted reverse proxies."""
        return _networks(self.trusted_proxies)

    @property
    def answers_per_minute(self) -> int | None:
        """The rate limit in answers a minute, or None when it is off."""
        return None if self.rate_limit == "off" else int(self.rate_limit)

    @property
    def log_level_number(self) -> int:
        """The least level that is logged, as the logging module's number."""
        return logging.getLevelNamesMapping()[self.log_level.upper()]

    @property
    def dense_languages(self) -> frozenset[str]:
        """The languages in which the dense side takes part in retrieval."""
        return frozenset(self.embedder_languages.split(",")) - {"none"}

    def current_date(self) -> date:
        """Today's date in Korea, or the fixed one."""
        return self.today or datetime.now(_KOREA).date()


def _networks(text: str | None) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(item.strip()) for item in (text or "").split(",") if item.strip())


def load_settings(**overrides: object) -> Settings:
    """Reads the settings from the environment.

    Args:
        overrides: values that win over the environment, by field name.

    Raises:
        SettingsError: naming the first setting that cannot be used, and why.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        if not first["loc"]:  # several settings do not go together; the input would be all of them
            raise SettingsError(f"{first['msg'].removeprefix('Value error, ')}.") from None
        name = "CIVICBOT_" + "_".join(str(part) for part in first["loc"]).upper()
        field = Settings.model_fields.get(str(first["loc"][0]))
        secret = field is None or SecretStr in (field.annotation, *get_args(field.annotation))
        value = "what it is" if secret else repr(first["input"])
        raise SettingsError(f"{name} cannot be {value}: {first['msg']}.") from (None if secret else error)
