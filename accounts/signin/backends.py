"""Authentication by e-mail and password; the signed-in user comes with rights in one statement."""

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import User
from accounts.queries.actors import people_with_rights

SIGNING_IN = frozenset({User.Kind.PERSON, User.Kind.GUEST})


class PersonBackend(AuthenticationBackend):
    """Only active people sign in; machines use tokens."""

    def user_can_authenticate(self, user: User | None) -> bool:
        """Whether the account may be used in a browser."""
        return user is not None and user.is_active and user.kind in SIGNING_IN

    def get_user(self, user_id: int) -> User | None:
        """The user of a session with grants, memberships and second factor: one statement; None once disabled."""
        user = people_with_rights().filter(pk=user_id).first()
        return user if self.user_can_authenticate(user) else None
