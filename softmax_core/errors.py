"""One kind of error for everything a user can put right."""

from __future__ import annotations


class UserError(ValueError):
    """An input was refused; nothing was changed by it.

    Parameters
    ----------
    code : str
        A short, stable name such as ``"idx-truncated"``, for tests and logs.
    text : str
        One or two plain sentences: what is wrong (with the numbers), what to
        do, and what is kept. Shown to the user as it stands.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code
        self.text = text

    def __reduce__(self) -> tuple[type[UserError], tuple[str, str]]:
        """Keep both arguments when the error crosses to another process."""
        return type(self), (self.code, self.text)
