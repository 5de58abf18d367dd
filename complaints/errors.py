"""What can go wrong in a business action. `deploy.problems` turns each kind into one HTTP status."""

from __future__ import annotations

from collections.abc import Mapping


class DomainError(Exception):
    """A refusal with a sentence for the user; nothing was changed.

    code: stable English identifier. fields: messages by input field, where the refusal is about input.
    """

    def __init__(self, code: str, message: str, fields: Mapping[str, str] | None = None):
        super().__init__(code)
        self.code = code
        self.message = message
        self.fields = dict(fields or {})


class Invalid(DomainError):
    """The input breaks a rule of the business (400)."""


class Forbidden(DomainError):
    """The viewer sees the case but may not do this (403)."""


class Missing(DomainError):
    """There is no such thing, or the viewer may not see it: the two are not told apart (404)."""


class Conflict(DomainError):
    """The case is no longer in the state or version that the caller saw (409)."""
