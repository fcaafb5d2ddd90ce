"""People and machines, teams, grants, tokens, settings, saved views (ARCHITECTURE 13)."""

from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.module_loading import import_string

from kernel.audit import audited


class UserManager(BaseUserManager["User"]):
    """Django's sign-in looks people up by e-mail, case-insensitively."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The person with that e-mail address."""
        return self.get(email__iexact=username)


@audited(exclude=("password", "last_login", "rights_version"))
class User(AbstractBaseUser):
    """Every person and machine. Sign-in, e-mail and staff number are optional, and unique when present."""

    class Kind(models.TextChoices):
        PERSON = "person"
        GUEST = "guest"
        INTEGRATION = "integration"
        SYSTEM = "system"

    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.PERSON)
    name = models.CharField(max_length=120)
    email = models.EmailField(null=True, blank=True)  # noqa: DJ001  # unique when present
    phone = models.CharField(max_length=40, blank=True)
    staff_number = models.CharField(max_length=40, null=True, blank=True)  # noqa: DJ001  # unique when present
    unit = models.CharField(max_length=120, blank=True)
    location = models.CharField(max_length=120, blank=True)
    manager = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    is_vip = models.BooleanField(default=False)
    language = models.CharField(max_length=10, default="en")
    zone = models.CharField(max_length=40, default="Europe/Stockholm")
    theme = models.CharField(max_length=10, default="system")
    density = models.CharField(max_length=10, default="normal")
    keys = models.JSONField(default=dict, blank=True)
    quiet_hours = models.JSONField(default=dict, blank=True)
    is_active = models.BooleanField(default=True)
    disabled_at = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    rights_version = models.IntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once", condition=Q(email__isnull=False)),
            models.UniqueConstraint(
                fields=["staff_number"], name="user_staff_number_once", condition=Q(staff_number__isnull=False)
            ),
            models.CheckConstraint(
                condition=Q(is_active=True) | Q(disabled_at__isnull=False), name="user_disabled_has_date"
            ),
        ]
        indexes = [models.Index(Lower("name"), name="user_name"), models.Index(fields=["phone"], name="user_phone")]

    def __str__(self) -> str:
        return self.name


@audited()
class Team(models.Model):
    """A group that owns components, records and work; names are {en, sv, zh-hans}."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.JSONField(default=dict)
    email = models.EmailField(blank=True)
    is_desk = models.BooleanField(default=False)
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.code


@audited()
class Membership(models.Model):
    """A person belongs to a team."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, related_name="+")
    is_lead = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "team"], name="member_once")]


@audited()
class Grant(models.Model):
    """A role given to a person, everywhere or in one team."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    role = models.CharField(max_length=30)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "team"], name="grant_once", nulls_distinct=False),
        ]


class UserSession(AbstractBaseSession):
    """A browser's session with the person beside it, so that disabling or signing out everywhere ends it at once."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+")
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    browser = models.CharField(max_length=200, blank=True)

    @classmethod
    def get_session_store_class(cls) -> Any:
        """The store that reads and writes these rows."""
        return import_string(f"{settings.SESSION_ENGINE}.SessionStore")


@audited(exclude=("digest", "last_used_at"))
class Token(models.Model):
    """An API token: prefix to find it, SHA-256 of the rest, scopes, expiry. The secret is shown once."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)


class Setting(models.Model):
    """Append-only values of settings: the newest version of a key counts (ARCHITECTURE 13)."""

    key = models.CharField(max_length=60)
    value = models.JSONField()
    version = models.IntegerField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "version"], name="setting_version_once")]


class SavedView(models.Model):
    """A list's filter, sort and columns under a name: a link that can be shared with a team."""

    list_key = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)
    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    is_default = models.BooleanField(default=False)
    position = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list_key", "owner", "name"], name="saved_view_once")]


class IdempotencyKey(models.Model):
    """The answer to a POST, kept 24 hours so that a repeated request gets the same answer (RELIABILITY 6)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    key = models.CharField(max_length=200)
    path = models.CharField(max_length=200)
    request_digest = models.CharField(max_length=64)
    status = models.SmallIntegerField(default=0)
    body = models.TextField(blank=True)
    headers = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="idempotency_key_once")]
        indexes = [models.Index(fields=["at"], name="idempotency_at")]


class ImportFile(models.Model):
    """A file between its trial and its import, for whoever brought it; forgotten after a day."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    sheet = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="import_file_at")]
