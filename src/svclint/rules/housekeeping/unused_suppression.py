"""SVC901."""

from __future__ import annotations

from svclint.rules.api import Rule, RuleMeta, Safety, Severity


class UnusedSuppression(Rule):
    """
    Suppression comment that suppresses nothing.

    ## Why is this bad?
    It says that something is wrong here, and waits to hide the next thing that is. A code that svclint does not know,
    or a directive that can't be read, is told as well: it does not suppress what it means to.

    ## Bad
    ```py
    def load(store, key):
        return store.read(key)  # svclint: allow[SVC401] the store chains by itself  # error: [SVC901] "SVC401"
    ```

    ## Good
    ```py
    def load(store, key):
        try:
            return store.read(key)
        except OSError:
            raise LookupError(key)  # svclint: allow[SVC401] the key says it all
    ```

    ## Known limits
    `# noqa` comments are never called unused: other tools may read them. A code counts as unused only if its rule was
    on.

    ## Fix safety
    Safe: only the comment goes, with its reason.
    """

    meta = RuleMeta(
        code="SVC901", name="unused-suppression", severity=Severity.WARNING, since="0.1.0", fix=Safety.SAFE, tests=True
    )
